"""Who may see what, and for how long: DA-06, DA-08, DA-09, DA-10."""

import base64
import json
import time

from browser import context
from stage import OMAR


def da_06(stage, browser):
    """Another conversation: nothing of the first is left, and its token is of no use."""
    first = stage.conversation("Huda", "hello")
    second = stage.conversation("Badr", "hello")
    browser.desk(first)
    browser.enter()
    browser.sign_in()
    browser.wait_text("What is your order number?", "#now-body")
    browser.watch_token()
    browser.click("#acts button")
    browser.wait_text("Paused by Omar", "#now-body")
    token = browser.token
    browser.on_desk("return window.host.select(arguments[0])", second)
    browser.leave()
    assert not browser.run("return window.host.frames().length"), "the messages come first"
    browser.run("window.host.show(1)")
    browser.enter()
    browser.wait_view("session")
    assert "Huda" not in browser.text() and "Paused" not in browser.text(), browser.text()
    assert "Badr" in browser.text("#client-name")
    crossed = stage.get(f"/dash/api/state?conversation={second}", {"authorization": "Bearer " + token})
    assert crossed.status == 403 and crossed.json["error"]["code"] == "wrong_conversation"
    browser.shot("DA-06")
    # The same document learns of another conversation.
    browser.desk(first, in_place="yes")
    browser.enter()
    browser.wait_view("session")
    browser.watch_token()
    assert not browser.requests(f"events?conversation={first}"), "its stream is open"
    browser.on_desk("return window.host.select(arguments[0])", second)
    browser.wait_text("Badr", "#client-name")
    browser.wait_view("session")
    browser.wait_text("What is your order number?", "#now-body")
    assert "Paused" not in browser.text() and "Huda" not in browser.text()
    browser.until(lambda: browser.requests(f"events?conversation={first}"), "the end of its stream")
    claims = json.loads(base64.urlsafe_b64decode(browser.token.split(".")[1] + "=="))
    assert claims["cnv"] == second, claims


def da_08(stage, browser):
    """Only the platform's page may stand around it."""
    talk = stage.conversation("Huda", "hello")
    page = f"{stage.bot}/dash/orders/"
    browser.desk(talk)
    browser.enter()
    browser.wait_text("Huda", "#client-name")

    def shown_in(frame):
        browser.driver.switch_to.frame(frame)
        browser.until(lambda: browser.run("return document.readyState") == "complete", "the frame")
        return browser.run("return document.getElementById('client-name') !== null")

    browser.visit(f"{stage.evil}/dashboard/hostile?frame={page}")
    browser.until(lambda: browser.driver.find_elements("tag name", "iframe"), "the frame")
    time.sleep(0.5)
    assert not shown_in(browser.find("iframe")), "framed by another page"
    browser.shot("DA-08")
    browser.desk(talk, tab=0)
    browser.run("""
        const frame = document.createElement("iframe");
        frame.className = "other";
        frame.src = arguments[0];
        document.body.append(frame);
    """, f"{stage.evil}/dashboard/hostile?frame={page}")
    browser.driver.switch_to.frame(browser.find("iframe.other"))
    browser.until(lambda: browser.driver.find_elements("tag name", "iframe"), "the inner frame")
    time.sleep(0.5)
    assert not shown_in(browser.find("iframe")), "framed by another page inside the platform's"
    browser.leave()
    browser.visit(page)
    browser.wait_view("notice")
    assert not browser.requests("/dash/api/") and not browser.text("#client-name")
    headers = stage.get("/dash/orders/").headers
    assert headers["content-security-policy"].endswith(f"frame-ancestors {stage.desk}"), headers
    assert "x-frame-options" not in headers
    assert stage.get("/dash/nowhere/").headers["content-security-policy"].endswith("frame-ancestors 'none'")


def da_09(stage, browser):
    """A token that has run out is renewed without a word, and what was pressed happens once."""
    talk = stage.conversation("Huda", "hello")
    browser.desk(talk, "short")
    browser.enter()
    browser.sign_in()
    browser.watch_token()
    browser.run("""
        window.views = [];
        new MutationObserver(() => window.views.push(document.documentElement.dataset.view))
          .observe(document.documentElement, { attributeFilter: ["data-view"] });
        // This computer's clock stands still: the page believes that its token is still good.
        const stopped = Date.now();
        Date.now = () => stopped;
    """)
    time.sleep(4)
    browser.click("#acts button")
    browser.wait_text("Paused by Omar", "#now-body")
    assert set(browser.run("return window.views")) <= {"session"}, browser.run("return window.views")
    assert [status for status in browser.answers("/action") if status == 200] == [200], browser.answers("/action")
    assert len(browser.answers("/action")) <= 2
    assert len(stage.events(talk, "session.paused")) == 1
    tokens = browser.run("return window.seen.tokens")
    kept = browser.run("""
        const stores = [localStorage, sessionStorage].map((one) => JSON.stringify({ ...one }));
        const urls = performance.getEntriesByType("resource").map((one) => one.name);
        return [document.cookie, location.href, document.documentElement.outerHTML, ...stores, ...urls].join(" ");
    """)
    cookies = json.dumps(browser.driver.execute_cdp_cmd("Storage.getCookies", {})["cookies"])
    assert tokens and not any(token in kept or token in cookies for token in tokens)
    assert "__Host-moonwire-short" in cookies and document_cookie_is_empty(browser)
    # Signed out elsewhere: the next refusal cannot be mended in silence.
    browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    time.sleep(4)
    if browser.view == "session":
        browser.click("#acts button")
    browser.wait_view("sign-in")
    assert browser.text("#sign-in-title") == "Sign in again", browser.text("#sign-in-title")
    browser.shot("DA-09")
    assert not stage.events(talk, "session.resumed")


def document_cookie_is_empty(browser):
    return browser.run("return document.cookie") == ""


def da_10(stage, browser):
    """A forged context leads nowhere."""
    talk = stage.conversation("Huda", "hello")
    foreign = 4_000_000
    # An origin that was allowed by mistake feeds it a tale.
    browser.visit(f"{stage.evil}/dashboard/hostile?frame={stage.bot}/dash/mistake/")
    browser.until(lambda: browser.driver.find_elements("tag name", "iframe"), "the frame")
    browser.driver.switch_to.frame(browser.find("iframe"))
    browser.until(lambda: browser.run("return document.readyState") == "complete", "the app")
    tale = context(talk, currentAgent={"id": 22, "name": "Moonwire"})
    browser.leave()
    browser.run("window.frames[0].postMessage(arguments[0], '*')", tale)
    browser.driver.switch_to.frame(browser.find("iframe"))
    browser.wait_view("sign-in")
    assert browser.text("#now-body") == "" and "What is your order" not in browser.text()
    browser.shot("DA-10")
    # The same without a browser.
    hint = stage.hint(talk)
    assert stage.post("session", {"app": "orders", "hint": hint}).status == 401
    seat = stage.cookie("orders", OMAR)
    answers = []
    for wrong in (
        {"conversation_id": foreign}, {"account_id": 4}, {"inbox_id": 11}, {"contact_id": 4_000_000},
    ):
        begun = time.monotonic()
        answer = stage.post("session", {"app": "orders", "hint": {**hint, **wrong}}, seat)
        answers.append((answer.status, answer.body, time.monotonic() - begun))
    assert {(status, body) for status, body, _ in answers} == {(403, answers[0][1])}, answers
    spread = max(taken for *_, taken in answers) - min(taken for *_, taken in answers)
    assert spread < 0.2, [taken for *_, taken in answers]
    forged = {**hint, "currentAgent": {"id": 22}, "agt": 22}
    token = stage.post("session", {"app": "orders", "hint": forged, "currentAgent": {"id": 22}}, seat).json["token"]
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["agt"] == 21 and claims["cnv"] == talk, claims
    # Another page's script, with the browser's own cookies.
    crossed = stage.post("session", {"app": "orders", "hint": hint}, {**seat, "origin": stage.evil})
    assert crossed.status == 403 and crossed.json["error"]["code"] == "origin"
    assert "access-control-allow-origin" not in crossed.headers


CASES = {"DA-06": ({}, da_06), "DA-08": ({}, da_08), "DA-09": ({}, da_09), "DA-10": ({}, da_10)}
