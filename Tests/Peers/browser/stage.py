"""The simulator, a host with dashboard apps, and browsers that look at them."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

OMAR = "omarAccessTokenForDocs01"
HERE = os.path.dirname(os.path.abspath(__file__))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stage:
    """Origins differ in their host names: desk.localhost is the platform, bot.localhost the host, evil.localhost neither."""

    def __init__(self, moonwire):
        self.moonwire = moonwire
        self.folder = tempfile.mkdtemp(prefix="moonwire-browser-")
        self.processes = []

    def __enter__(self):
        try:
            self.begin()
        except BaseException:
            self.__exit__(True)
            raise
        return self

    def begin(self):
        self.simulator = self.start("simulate", "--json")
        line = self.simulator.stdout.readline()
        self.port = int(json.loads(line)["url"].rsplit(":", 1)[1])
        self.platform = f"http://127.0.0.1:{self.port}"
        self.desk, self.evil = (f"http://{name}.localhost:{self.port}" for name in ("desk", "evil"))
        self.bot_port = free_port()
        self.bot = f"http://bot.localhost:{self.bot_port}"
        self.config = os.path.join(self.folder, "moonwire.yaml")
        shutil.copy(os.path.join(HERE, "orders.lua"), self.folder)
        with open(self.config, "w", encoding="utf-8") as file:
            json.dump(self.configuration(), file)
        self.open_host()

    def open_host(self):
        self.host = self.start("run", "--config", self.config)
        self.until(lambda: self.get("/dash/orders/").status == 200, "the host's page", 30)

    def kill_host(self):
        self.host.kill()
        self.host.wait()

    def configuration(self):
        desk = self.desk
        return {
            "journal": {"path": "moonwire.journal"},
            "server": {"listen": f"127.0.0.1:{self.bot_port}", "public_url": self.bot},
            "channels": {
                "desk": {
                    "platform": "bevatel", "role": "operator", "origin": self.platform, "account": 3,
                    "token": "moonwireAccessTokenDocs1",
                }
            },
            "dashboards": {
                "orders": {"channel": "desk", "title": "Orders", "origins": [desk]},
                "second": {"channel": "desk", "origins": [desk], "fetch_info": ["bevatel-dashboard-app:fetch-info"]},
                "short": {"channel": "desk", "origins": [desk], "token_life": "3s"},
                "nowhere": {"channel": "desk", "origins": []},
                "mistake": {"channel": "desk", "origins": [desk, self.evil]},
                "mobile": {"channel": "desk", "origins": [desk], "mobile": True},
            },
            "scripts": ["orders.lua"],
        }

    def start(self, *arguments):
        log = open(os.path.join(self.folder, arguments[0] + ".log"), "a", encoding="utf-8")
        process = subprocess.Popen(
            [self.moonwire, *arguments], stdout=subprocess.PIPE if arguments[0] == "simulate" else log, stderr=log,
            text=True, cwd=self.folder)
        self.processes.append(process)
        return process

    def __exit__(self, *failure):
        for process in reversed(self.processes):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
        if failure[0] is None:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            print(f"what the host and the simulator said is in {self.folder}")

    def command(self, *arguments):
        """What a command of the host prints."""
        return subprocess.run(
            [self.moonwire, *arguments, "--config", self.config], capture_output=True, text=True, check=True,
            cwd=self.folder).stdout

    def life(self, conversation):
        return json.loads(self.command("session", f"desk/{conversation}", "--json"))

    def events(self, conversation, name):
        return [event for event in self.life(conversation)["events"] if event["name"] == name]

    @staticmethod
    def until(fact, what, seconds=10):
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError, subprocess.CalledProcessError):
                if fact():
                    return
            assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
            time.sleep(0.05)

    def request(self, method, url, body=None, headers=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"content-type": "application/json", **(headers or {})}, method=method)
        try:
            return Answer(urllib.request.urlopen(request, timeout=15))
        except urllib.error.HTTPError as error:
            return Answer(error)

    def address(self, path):
        return f"http://127.0.0.1:{self.bot_port}{path}"

    def get(self, path, headers=None):
        return self.request("GET", self.address(path), None, headers)

    def post(self, path, body, headers=None):
        return self.request("POST", self.address("/dash/api/" + path), body, headers)

    def conversation(self, name, *texts):
        """A client's conversation with the bot. Gives its number."""
        made = self.request("POST", self.platform + "/simulator/sessions", {"name": name}).json
        for text in texts:
            self.write(made["conversation_id"], text)
        return made["conversation_id"]

    def write(self, conversation, text):
        url = f"{self.platform}/simulator/conversations/{conversation}/client"
        self.request("POST", url, {"content": text})

    def messages(self, conversation):
        url = f"{self.platform}/api/v1/accounts/3/conversations/{conversation}/messages"
        answer = self.request("GET", url, None, {"api_access_token": OMAR})
        return [message for message in answer.json["payload"] if message["message_type"] != 2]

    def said(self, conversation):
        """What the bot has said so far."""
        found = self.messages(conversation)
        return [one["content"] for one in found if one["message_type"] == 1 and not one["private"]]

    def cookie(self, app="orders", token=OMAR):
        """Signs in without a browser."""
        code = self.post("login", {"app": app, "token": token}).json["code"]
        answer = self.post("sign-in", {"app": app, "code": code})
        return {"cookie": answer.headers["set-cookie"].split(";")[0]}

    def hint(self, conversation):
        url = f"{self.platform}/api/v1/accounts/3/conversations/{conversation}"
        known = self.request("GET", url, None, {"api_access_token": OMAR}).json
        return {"account_id": 3, "inbox_id": known["inbox_id"], "conversation_id": conversation}


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.headers.items()}
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)
