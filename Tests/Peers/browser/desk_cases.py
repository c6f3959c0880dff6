"""What operators do with the page, in their languages."""

import time

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys


def buttons(stage, browser):
    """Pause, resume, a panel's buttons and the handover reach the bot."""
    talk = stage.conversation("Huda", "hello")
    browser.desk(talk)
    browser.enter()
    browser.sign_in()
    browser.wait_text("What is your order number?", "#now-body")
    browser.wait_text("On its way", "#panels")
    browser.wait_text("Wrote a note", "#steps")
    assert "private note" in browser.text("#steps")
    browser.click("[data-action=pause]")
    browser.wait_text("Paused by Omar", "#now-body")
    stage.write(talk, "AB12345")
    assert "paused" in stage.command("session", f"desk/{talk}")
    browser.shot("buttons-paused")
    assert not any("Thank you" in text for text in stage.said(talk)), "a paused bot takes nothing"
    browser.click("[data-action=resume]")
    browser.until(lambda: "Paused" not in browser.text("#now-body"), "the end of the pause")
    browser.click("[data-action=resend]")
    browser.wait_text("Sent again\n1", "#panels")
    stage.until(lambda: any(one["content"] == "Sent again for Omar: P-1" for one in stage.messages(talk)), "the note")
    browser.click("[data-action=break]")
    browser.click(".confirm .danger")
    browser.wait_text("The script could not do it", "#alert")
    assert "broken" not in browser.text()
    browser.shot("buttons")
    browser.run("document.getElementById('target').value = JSON.stringify({ group: 'billing' })")
    browser.click("#handover button")
    browser.wait_text("waits for nothing", "#now-body")
    stage.until(lambda: "Good bye: transferred" in stage.said(talk), "the dialog's end")
    browser.wait_text("Handed over", "#steps")


def pairing(stage, browser):
    """An administrator's code signs one person in."""
    talk = stage.conversation("Huda", "hello")
    browser.desk(talk)
    browser.enter()
    browser.wait_view("sign-in")
    browser.type("#pair-code", "WRONGCODE2")
    browser.wait_text("The code is not known", "#sign-in-error")
    browser.run("document.getElementById('pair-code').value = ''")
    code = stage.command("dashboard", "pair", "Layla", "--app", "orders").split()[0]
    browser.type("#pair-code", code.lower())
    browser.wait_view("session")
    assert "Layla" in browser.text("footer")
    browser.shot("pairing")


def restart(stage, browser):
    """A pause and a sign-in outlive the host, and the page finds it again by itself."""
    talk = stage.conversation("Huda", "hello")
    browser.desk(talk)
    browser.enter()
    browser.sign_in()
    browser.wait_text("What is your order number?", "#now-body")
    browser.click("[data-action=pause]")
    browser.wait_text("Paused by Omar", "#now-body")
    stage.kill_host()
    time.sleep(1)
    stage.open_host()
    stage.write(talk, "AB12345")
    stage.until(lambda: any(one["text"] == "AB12345" for one in stage.life(talk)["events"]), "the message")
    browser.wait_text("Paused by Omar", "#now-body")
    browser.click("[data-action=resume]")
    browser.until(lambda: "Paused" not in browser.text("#now-body"), "the end of the pause", 30)
    assert not any("Thank you" in text for text in stage.said(talk)), "what was said meanwhile is not answered late"
    stage.write(talk, "CD67890")
    stage.until(lambda: "Thank you, I look for CD67890" in stage.said(talk), "the answer")
    browser.wait_text("Thank you, I look for CD67890", "#steps", 30)
    browser.shot("restart")


def keyboard(stage, browser):
    """Everything can be reached and pressed with the keyboard, and is told to those who listen."""
    talk = stage.conversation("Huda", "hello")
    browser.desk(talk)
    browser.enter()
    browser.sign_in()
    browser.wait_text("On its way", "#panels")
    browser.run("document.body.tabIndex = -1; document.body.focus()")
    reached = []
    for _ in range(10):
        ActionChains(browser.driver).send_keys(Keys.TAB).perform()
        reached.append(browser.run("return document.activeElement.dataset.action ?? document.activeElement.id"))
        if reached[-1] == "pause":
            ActionChains(browser.driver).send_keys(Keys.SPACE).perform()
            browser.wait_text("Paused by Omar", "#now-body")
            assert browser.text("#live") == "" or browser.run("return document.getElementById('live').textContent")
            break
    assert "pause" in reached, reached
    assert browser.run("return document.getElementById('live').textContent") == "The bot is paused."
    names = browser.run("""
        return [...document.querySelectorAll("button, select, input")].filter((one) => one.checkVisibility())
          .filter((one) => !one.textContent.trim() && !one.labels?.length && !one.ariaLabel).length
    """)
    assert names == 0, "every control has a name"


def languages(stage, browser):
    """Four languages, both directions, a phone's width, light and dark."""
    talk = stage.conversation("نورة العتيبي", "مرحبا")
    browser.desk(talk)
    browser.enter()
    assert browser.run("return [document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    browser.sign_in()
    browser.wait_text("البوت الآن")
    browser.shot("arabic")
    browser.on_desk("window.host.changeTheme('dark')")
    time.sleep(0.3)
    browser.shot("arabic-dark")
    for width in (1200, 360):
        browser.leave()
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": 1500 if width == 360 else 1000, "deviceScaleFactor": 1, "mobile": width == 360})
        browser.enter()
        for language, word in (("en", "The bot now"), ("es", "El bot ahora"), ("ru", "Бот сейчас"), ("ar", "البوت الآن")):
            browser.run("""
                const select = document.getElementById("language");
                select.value = arguments[0];
                select.dispatchEvent(new Event("change"));
            """, language)
            browser.wait_text(word)
            overflow = browser.run("return document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, (language, width, overflow)
            missing = browser.run("return document.body.innerText.match(/(step|owner|status|error)\\\\.[a-z]/g)")
            assert not missing, missing
            browser.shot(f"{language}-{width}")
    assert not browser.complaints()


CASES = {
    "buttons": ({}, buttons), "pairing": ({}, pairing), "restart": ({}, restart), "keyboard": ({}, keyboard),
    "languages": ({"language": "ar"}, languages),
}
