"""One browser with the platform's page in it, and the app in that."""

import json
import os
import shutil
from urllib.parse import urlencode

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from stage import OMAR, Stage

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
DRIVER = shutil.which("chromedriver") or "/usr/bin/chromedriver"


class Browser:
    def __init__(self, stage, folder, language="en", width=1200, height=1000):
        self.stage = stage
        self.folder = folder
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for argument in [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--lang={language}",
            f"--accept-lang={language}", f"--window-size={width},{height}", "--force-device-scale-factor=1",
            # As the browsers of most people will have it: what is not partitioned does not pass.
            "--test-third-party-cookie-phaseout",
        ]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=webdriver.ChromeService(DRIVER), options=options)
        self.run = self.driver.execute_script

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.driver.quit()

    def visit(self, url):
        self.driver.get(url)

    def desk(self, conversation, *apps, tab=1, **options):
        """The platform's page with these apps, and one of them shown."""
        query = [("conversation", conversation), ("tab", tab)]
        query += [("app", f"{self.stage.bot}/dash/{app}/") for app in apps or ("orders",)]
        query += [(name, value) for name, value in options.items() if value is not None]
        self.visit(f"{self.stage.desk}/dashboard?{urlencode(query)}")
        self.until(lambda: self.run("return window.host?.isReady === true"), "the platform's page")

    def enter(self, index=0):
        """Into the app's frame."""
        self.leave()
        self.driver.switch_to.frame(self.driver.find_elements(By.CSS_SELECTOR, "#frames iframe")[index])

    def leave(self):
        self.driver.switch_to.default_content()

    def on_desk(self, script, *arguments):
        """Runs a script in the platform's page, and stands in the app again."""
        self.leave()
        result = self.run(script, *arguments)
        if self.run("return window.host?.frames().length > 0"):
            self.enter()
        return result

    def until(self, fact, what, seconds=10):
        Stage.until(fact, what, seconds)

    @property
    def view(self):
        return self.run("return document.documentElement.dataset.view")

    def wait_view(self, view, seconds=12):
        self.until(lambda: self.view == view, f"the view '{view}' (it is '{self.view}')", seconds)

    def text(self, selector="body"):
        return self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector)

    def wait_text(self, text, selector="body", seconds=10):
        self.until(lambda: text in self.text(selector), f"'{text}' in {selector}: {self.text(selector)!r}", seconds)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def click(self, selector):
        element = self.find(selector)
        self.run("arguments[0].scrollIntoView({ block: 'center' })", element)
        element.click()

    def type(self, selector, text):
        self.find(selector).send_keys(text, Keys.ENTER)

    def requests(self, path):
        """Requests of the frame that have ended, by the end of their path."""
        script = "return performance.getEntriesByType('resource').map((one) => one.name)"
        return [name for name in self.run(script) if path in name]

    def sign_in(self, token=OMAR):
        """By the window that the frame opens."""
        self.wait_view("sign-in")
        mine = self.driver.current_window_handle
        self.click("#login")
        self.until(lambda: len(self.driver.window_handles) == 2, "the sign-in window")
        other = [handle for handle in self.driver.window_handles if handle != mine][0]
        self.driver.switch_to.window(other)
        self.until(lambda: self.driver.find_elements(By.ID, "token"), "the form")
        self.type("#token", token)
        self.until(lambda: len(self.driver.window_handles) == 1, "the end of the sign-in window")
        self.driver.switch_to.window(mine)
        self.enter()
        self.wait_view("session")

    def watch_token(self):
        """Keeps the tokens that the app sends from now on, and what it is answered."""
        self.run("""
            if (window.seen) return;
            window.seen = { tokens: [], answers: [] };
            const send = window.fetch;
            window.fetch = async (url, options) => {
              const token = options?.headers?.authorization;
              if (token) window.seen.tokens.push(token.slice("Bearer ".length));
              const answer = await send(url, options);
              window.seen.answers.push([String(url), answer.status]);
              return answer;
            };
        """)

    @property
    def token(self):
        return self.run("return window.seen.tokens.at(-1) ?? null")

    def answers(self, path):
        return [status for url, status in self.run("return window.seen.answers") if path in url]

    def complaints(self):
        """What the console holds besides answers that the page expects."""
        expected = ["/dash/api/", "favicon"]
        return [
            entry["message"] for entry in self.driver.get_log("browser")
            if entry["level"] == "SEVERE" and not any(word in entry["message"] for word in expected)
        ]

    def shot(self, name):
        os.makedirs(self.folder, exist_ok=True)
        self.driver.save_screenshot(os.path.join(self.folder, name + ".png"))


def context(conversation=1, inbox=9, account=3, **more):
    """What a platform's page says, as text."""
    talk = {"id": conversation, "account_id": account, "inbox_id": inbox, "status": "open", **more}
    return json.dumps({"event": "appContext", "data": {"conversation": talk, "contact": {"id": 1, "name": "Forged"}}})
