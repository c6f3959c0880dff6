"""The built simulator, started as a process and driven over its HTTP control endpoints."""

import asyncio
import json
import subprocess
import urllib.error
import urllib.request


class Simulator:
    """`moonwire simulate` on a free port."""

    def __init__(self, moonwire):
        self.process = subprocess.Popen([moonwire, "simulate", "--json"], stdout=subprocess.PIPE, text=True)
        ready = json.loads(self.process.stdout.readline())
        self.url = ready["url"]
        self.twin = ready["twin24"]
        self.realtime = self.twin["realtime"].replace("http", "ws", 1)

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=10)

    async def call(self, method, url, body=None, headers=None):
        """The JSON of the answer, or None for an empty one; an HTTP error is raised."""

        def send():
            data = None if body is None else json.dumps(body).encode()
            fields = {"Content-Type": "application/json", **(headers or {})}
            request = urllib.request.Request(url, data=data, method=method, headers=fields)
            # What the environment says about proxies is not meant for this machine.
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(request, timeout=20) as answer:
                text = answer.read()
                return json.loads(text) if text else None

        return await asyncio.to_thread(send)

    async def control(self, path, **body):
        return await self.call("POST", f"{self.url}/simulator/twin/{path}", body)

    async def counters(self):
        return await self.call("GET", f"{self.url}/simulator/twin/counters")

    async def faults(self, **dials):
        return await self.call("POST", f"{self.url}/simulator/faults", dials)

    async def clear_faults(self):
        return await self.call("DELETE", f"{self.url}/simulator/faults")

    async def login(self, ttl=3600):
        return await self.call(
            "POST",
            f"{self.twin['iam']}/auth/login",
            {"email": self.twin["email"], "password": self.twin["password"], "ttl": ttl},
        )

    async def refresh(self, tokens, ttl=3600):
        return await self.call(
            "POST",
            f"{self.twin['iam']}/auth/refresh",
            {"refreshToken": tokens["refreshToken"], "ttl": ttl},
            {"Authorization": tokens["token"]},
        )
