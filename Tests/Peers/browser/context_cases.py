"""What the page takes from the platform's page, and what it does not: DA-01 to DA-05, DA-07, DA-11, DA-12."""

import json
import time

from browser import context

ASK = "bevatel-dashboard-app:fetch-info"


def da_01(stage, browser):
    """Drawn from the push on load, and drawn once."""
    talk = stage.conversation("Huda", "hello")
    browser.desk(talk, tab=0, answers="none")
    browser.on_desk("window.host.show(1)")
    browser.enter()
    browser.wait_text("Huda", "#client-name")
    assert browser.text("#status") == "Open", browser.text("#status")
    browser.run("""
        window.drawn = 0;
        const watch = new MutationObserver(() => { window.drawn += 1; });
        watch.observe(document.getElementById("top"), { subtree: true, childList: true, characterData: true, attributes: true });
    """)
    for _ in range(3):
        browser.on_desk("window.host.push(window.host.frames()[0])")
    time.sleep(0.3)
    assert browser.run("return window.drawn") <= 1, browser.run("return window.drawn")
    assert not browser.complaints()
    browser.shot("DA-01")


def da_02(stage, browser):
    """Asks in the platform's own words until it is told."""
    talk = stage.conversation("Huda", "hello")
    begun = time.monotonic()
    browser.desk(talk, push="never", brand="bevatel")
    browser.enter()
    browser.wait_text("Huda", "#client-name", 3)
    asked = browser.on_desk("return window.host.asked")
    assert asked and all(isinstance(one["data"], str) for one in asked), asked
    assert asked[0]["data"] == ASK, asked
    answered = browser.run("return performance.now()")
    assert time.monotonic() - begun < 5 and answered < 5000
    time.sleep(1.5)
    later = browser.on_desk("return window.host.asked")
    assert len(later) == len(asked), "none after the context came"
    # The other brand is the second that is tried.
    browser.desk(talk, push="never", brand="chatwoot")
    browser.enter()
    browser.wait_text("Huda", "#client-name", 1.5)
    browser.shot("DA-02")


def da_03(stage, browser):
    """What comes from anywhere but the parent at its own origin is ignored."""
    talk = stage.conversation("Huda", "hello")
    browser.desk(talk, push="never", answers="none")
    browser.enter()
    browser.wait_text("Waiting for the conversation", "#loading")
    before = browser.run("return document.body.innerHTML")
    browser.run("window.heard = []; addEventListener('message', (event) => window.heard.push(event.origin))")
    forged = context(talk)
    for origin in (stage.evil, stage.desk, f"http://desk.localhost.evil.localhost:{stage.port}"):
        browser.leave()
        browser.run("""
            const frame = document.createElement("iframe");
            frame.className = "other";
            frame.src = arguments[0];
            document.body.append(frame);
        """, origin + "/dashboard/hostile")
        frames = browser.driver.find_elements("css selector", "iframe.other")
        browser.driver.switch_to.frame(frames[-1])
        browser.until(lambda: browser.run("return document.readyState") == "complete", "the other frame")
        # From the frame's own script: whoever calls postMessage is who it came from.
        browser.run("""
            const script = document.createElement("script");
            script.textContent = `window.parent.frames[0].postMessage(${JSON.stringify(arguments[0])}, "*")`;
            document.head.append(script);
        """, forged)
    browser.leave()
    mine = browser.driver.current_window_handle
    browser.run("window.open(arguments[0], 'elsewhere')", stage.evil + "/dashboard/hostile")
    browser.until(lambda: len(browser.driver.window_handles) == 2, "the other window")
    browser.driver.switch_to.window([one for one in browser.driver.window_handles if one != mine][0])
    browser.until(lambda: browser.run("return document.readyState") == "complete", "the other window's page")
    browser.run("""
        const script = document.createElement("script");
        script.textContent = `window.opener.frames[0].postMessage(${JSON.stringify(arguments[0])}, "*")`;
        document.head.append(script);
    """, forged)
    browser.driver.switch_to.window(mine)
    browser.enter()
    browser.until(lambda: len(browser.run("return window.heard")) == 4, "the four messages")
    assert set(browser.run("return window.heard")) == {
        stage.evil, stage.desk, f"http://desk.localhost.evil.localhost:{stage.port}"}
    time.sleep(0.3)
    assert browser.view == "loading" and not browser.text("#client-name")
    assert browser.run("return document.body.innerHTML") == before
    assert not browser.requests("/dash/api/"), browser.requests("/dash/api/")
    assert not browser.complaints(), browser.complaints()
    browser.shot("DA-03")


def da_04(stage, browser):
    """Noise of the parent does no harm."""
    talk = stage.conversation("Huda", "hello")
    browser.desk(talk, push="never", answers="none")
    browser.enter()
    browser.run("window.failures = []; addEventListener('error', (event) => window.failures.push(String(event.message)));"
                "addEventListener('unhandledrejection', (event) => window.failures.push(String(event.reason)))")
    noise = [
        "{", "null", "", "[]", '"text"', json.dumps({"event": "other"}), json.dumps({"event": "appContext"}),
        json.dumps({"event": "appContext", "data": None}), json.dumps({"event": "appContext", "data": {}}),
        json.dumps({"event": "appContext", "data": {"conversation": {}}}),
        context("4182"), context(-1), context(0), context(1.5), context(talk, account=None), context(talk, inbox="9"),
        context(talk, text="x" * (3 << 20)), ASK,
    ]
    for data in noise:
        browser.on_desk("window.host.send(arguments[0])", data)
    for data in ({}, {"event": "appContext"}, None, 7):
        browser.on_desk("window.host.send(arguments[0])", data)
    time.sleep(0.3)
    assert browser.view == "loading", browser.view
    assert not browser.requests("/dash/api/"), browser.requests("/dash/api/")
    browser.on_desk("window.host.push(window.host.frames()[0])")
    browser.wait_text("Huda", "#client-name")
    assert browser.run("return window.failures") == [] and not browser.complaints()
    browser.shot("DA-04")


def da_05(stage, browser):
    """Theme and attributes follow, at once when shown and once when shown again."""
    talk = stage.conversation("Huda", "hello")
    browser.desk(talk, generation="2026")
    browser.enter()
    browser.wait_text("Huda", "#client-name")
    browser.run("window.told = 0; addEventListener('message', () => { window.told += 1; })")
    browser.on_desk("window.host.changeTheme('dark')")
    browser.until(lambda: browser.run("return document.documentElement.dataset.theme") == "dark", "the dark theme", 1)
    browser.shot("DA-05")
    told = browser.run("return window.told")
    browser.on_desk("""
        window.host.show(0);
        window.host.changeTheme("light");
        window.host.changeAttributes([{ attribute_key: "plan" }, { attribute_key: "city" }]);
        window.host.changeTheme("light");
    """)
    time.sleep(0.3)
    assert browser.run("return document.documentElement.dataset.theme") == "dark"
    browser.on_desk("window.host.show(1)")
    browser.until(lambda: browser.run("return document.documentElement.dataset.theme") == "light", "the light theme", 2)
    time.sleep(0.3)
    assert browser.run("return window.told") == told + 1, "one update"
    browser.on_desk("""
        window.host.patch = (data) => {
          delete data.currentAgent;
          data.conversation.sla_policy_id = 3;
          data.conversation.unheard_of = { deep: [null, 1] };
          data.news = "yes";
          data.theme = "sepia";
          data.conversation.meta.sender.name = "Huda B.";
          return data;
        };
        window.host.push(window.host.frames()[0]);
    """)
    browser.wait_text("Huda B.", "#client-name")
    assert not browser.complaints()


def da_07(stage, browser):
    """Without an answer it says so, and tries again when asked to."""
    talk = stage.conversation("Huda", "hello")
    browser.desk(talk, push="never", answers="none")
    browser.enter()
    browser.wait_view("notice", 14)
    assert browser.text("#notice-title") == "Open a conversation"
    asked = browser.on_desk("return window.host.asked")
    times = [round((one["at"] - asked[0]["at"]) / 1000, 2) for one in asked]
    for time_of, wanted in zip(times, [0, 0.25, 1, 3, 8], strict=True):
        assert abs(time_of - wanted) < 0.4, times
    assert {one["data"] for one in asked} == {ASK, "chatwoot-dashboard-app:fetch-info"}
    browser.shot("DA-07")
    browser.on_desk("window.host.answers = true")
    browser.click("#retry")
    browser.wait_text("Huda", "#client-name", 3)
    # On older platforms the answer goes to the first frame, whoever asked.
    browser.desk(talk, "orders", "second", push="never", generation="2023")
    browser.enter(0)
    browser.wait_text("Huda", "#client-name", 3)
    browser.on_desk("window.host.show(2)")
    browser.enter(1)
    browser.wait_view("notice", 14)
    browser.leave()
    browser.run("window.host.push(window.host.frames()[1])")
    browser.enter(1)
    browser.wait_text("Huda", "#client-name", 3)
    assert not browser.complaints()


def da_11(stage, browser):
    """What people wrote is text."""
    talk = stage.conversation("Huda", "hello")
    browser.desk(talk, tab=0)
    browser.on_desk("""
        window.host.patch = (data) => {
          const person = data.conversation.meta.sender;
          person.name = "<img src=x onerror=alert(1)>";
          person.thumbnail = "javascript:alert(2)";
          person.phone_number = null;
          delete data.conversation.meta.assignee;
          data.conversation.messages = [
            { id: 1, content: "</script><script>alert(3)</script>", message_type: 0, created_at: 1795251600 },
            { id: 2, content: "Only for us", message_type: 1, private: true, created_at: 1795251600, sender: { name: "Sami" } },
            { id: 3, content: null, message_type: 0 },
          ];
          return data;
        };
        window.host.show(1);
    """)
    browser.enter()
    browser.wait_text("<img src=x onerror=alert(1)>", "#client-name")
    assert "</script><script>alert(3)</script>" in browser.text("#messages")
    notes = browser.run("return [...document.querySelectorAll('#messages li')].filter((one) => one.querySelector('.private')).map((one) => one.innerText)")
    assert len(notes) == 1 and "Only for us" in notes[0] and "private note" in notes[0], notes
    assert browser.run("return document.querySelectorAll('#messages button, #messages a').length") == 0, "offered to nobody"
    assert browser.run("return document.images.length + document.querySelectorAll('main script').length") == 0
    browser.sign_in()
    browser.wait_text("<b>Fragile</b>", "#panels")
    browser.on_desk("window.host.patch = (data) => { delete data.conversation.messages; return data; };"
                    "window.host.push(window.host.frames()[0])")
    browser.wait_text("Huda", "#client-name")
    assert browser.run("return document.getElementById('messages-card').hidden")
    assert not browser.complaints(), browser.complaints()
    browser.shot("DA-11")


def da_12(stage, browser):
    """In the mobile app it asks over the bridge, where that is allowed."""
    talk = stage.conversation("Huda", "hello")
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True})
    browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": """
        window.sent = [];
        window.ReactNativeWebView = { postMessage: (text) => window.sent.push(text) };
    """})
    tale = json.dumps({"event": "appContext", "data": {
        "conversation": {
            "id": talk, "account_id": 3, "inbox_id": 9, "status": "open", "all_messages_loaded": True,
            "meta": {"sender": {"id": 1, "name": "Huda", "phone_number": "+966500000000"}},
        },
        "contact": {"id": 1, "name": "Huda"}, "current_agent": {"id": 55, "name": "Sami"},
    }})

    def tell():
        for text in (ASK, tale):
            browser.run("window.postMessage(arguments[0], '*')", text)

    browser.visit(f"{stage.bot}/dash/mobile/")
    browser.until(lambda: browser.run("return window.sent.length > 0"), "a request over the bridge")
    assert browser.run("return window.sent[0]") == ASK
    tell()
    browser.wait_text("Huda", "#client-name")
    browser.wait_view("sign-in")
    assert "Sami" in browser.text("footer"), browser.text("footer")
    browser.shot("DA-12")
    browser.visit(f"{stage.bot}/dash/orders/")
    browser.wait_view("notice")
    tell()
    time.sleep(0.5)
    assert browser.view == "notice" and not browser.text("#client-name")
    assert browser.run("return window.sent.length") == 0 and not browser.requests("/dash/api/")
    assert not browser.complaints()


CASES = {
    "DA-01": ({}, da_01), "DA-02": ({}, da_02), "DA-03": ({}, da_03), "DA-04": ({}, da_04), "DA-05": ({}, da_05),
    "DA-07": ({}, da_07), "DA-11": ({}, da_11), "DA-12": ({}, da_12),
}
