"""A platform and a contestant, each a process with a folder of its own, and what the platform reports of them."""

import json
import os
import queue
import shutil
import signal
import subprocess
import threading
import time

PONG = """\
bot.on("message.created", function(event, session)
  session:reply("pong " .. event.message.text:match("%d+"))
end)
"""

CHANNELS = {
    "Action Cable": """\
    platform: bevatel
    role: operator
    origin: http://127.0.0.1:{port}
    account: 3
    token: benchmarkAccessToken
""",
    "Centrifuge": """\
    platform: twin24
    role: operator
    iam: http://127.0.0.1:{port}/iam/api/v1
    chat: http://127.0.0.1:{port}/chat/api/v1
    realtime: http://127.0.0.1:{port}/centrifugo/connection/websocket
    notify: http://127.0.0.1:{port}/notify/api/v1
    email: omar@example.com
    password: benchmarkPassword
""",
}

CONFIGURATION = """\
journal:
  path: bench.journal
channels:
  bench:
{channel}\
    rate: 1000000/s
    burst: 1000000
    poll: 1d
engine:
  loop_guard: 100000
  passivate_after: 1h
  waiting_in_memory: 1000000
scripts: [{{ path: pong.lua, memory: 1024 }}{scripts}]
log:
  level: warning
  format: json
"""

# What the floor calls the streams.
STREAMS = {"Action Cable": "cable", "Centrifuge": "centrifuge"}


class Failure(Exception):
    """Something that makes the figures worthless, in a sentence."""


class Process:
    """A child that is ended with the block that started it."""

    def __init__(self, arguments, folder, name):
        self.log = os.path.join(folder, name + ".log")
        self.name = name
        with open(self.log, "wb") as log:
            self.child = subprocess.Popen(
                arguments, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.child.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(20)
            except subprocess.TimeoutExpired:
                self.child.kill()
        self.child.wait()

    def complaint(self, what):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            tail = "".join(log.readlines()[-15:])
        return Failure(f"{self.name} {what} (status {self.child.poll()})\n{tail}")


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.runs = 0

    def run(self, contestant, phases, stream="Action Cable", scripts=None, settle="1000ms", pong=PONG):
        """Plays the phases against a contestant and returns what the platform reported."""
        self.runs += 1
        folder = os.path.join(self.folder, f"{self.runs}-{contestant}")
        os.mkdir(folder)
        pid_file = os.path.join(folder, "pid")
        arguments = [self.program("bench-platform"), "--port", "0", "--pid-file", pid_file, "--settle", settle]
        for phase in phases:
            arguments += ["--phase", phase]
        with Process(arguments, folder, "bench-platform") as stage:
            port = self.next_record(stage, None)["port"]
            command = self.command(contestant, port, folder, stream, scripts or [], pong)
            begun = time.time_ns() // 1000
            with Process(command, folder, contestant) as player:
                with open(pid_file + ".new", "w", encoding="ascii") as file:
                    file.write(f"{player.child.pid}\n")
                os.rename(pid_file + ".new", pid_file)
                report = {"phases": {}}
                while True:
                    record = self.next_record(stage, player)
                    if record["type"] == "subscribed" and "connected_ms" not in report:
                        report["connected_ms"] = (record["at_us"] - begun) / 1000
                    elif record["type"] == "idle":
                        report["idle"] = record
                    elif record["type"] == "phase":
                        report["phases"][record["name"]] = record
                    elif record["type"] == "done":
                        return report

    def program(self, name):
        return os.path.join(self.options.programs, name)

    def command(self, contestant, port, folder, stream, scripts, pong):
        if contestant == "floor":
            return [self.program("bench-floor"), "--port", str(port), "--stream", STREAMS[stream]]
        with open(os.path.join(folder, "pong.lua"), "w", encoding="utf-8") as file:
            file.write(pong)
        for name, source in scripts:
            shutil.copy(source, os.path.join(folder, name))
        names = "".join(f", {name}" for name, _ in scripts)
        with open(os.path.join(folder, "moonwire.yaml"), "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(channel=CHANNELS[stream].format(port=port), scripts=names))
        return [self.options.moonwire, "run", "--config", "moonwire.yaml"]

    @staticmethod
    def next_record(stage, player):
        for _ in range(1200):
            try:
                line = stage.lines.get(timeout=0.5)
            except queue.Empty:
                # The floor ends with the platform; before that, nobody may leave.
                if player and player.child.poll() is not None and stage.child.poll() is None:
                    raise player.complaint("ended before the platform did") from None
                continue
            if line is None:
                stage.child.wait()
                raise stage.complaint("ended early: nobody subscribed, or a subscriber left")
            return json.loads(line)
        raise stage.complaint("has said nothing for ten minutes")
