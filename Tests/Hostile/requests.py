#!/usr/bin/env python3
"""Sends generated bad requests to the open port of a real host.

    Tests/Hostile/requests.py MOONWIRE [--count 3000] [--seed 1] [--timing SAMPLES]

Starts the binary with webhooks of each kind and a custom channel, and fails when the host dies, answers 5xx (but 505 for
a version of HTTP that it does not speak), lets a wrong token in, leaves a request without an answer or an end, keeps
connections open, or grows. With --timing it also compares how long tokens are refused that are wrong in the first and
in the last place, and prints the statistics.
"""

import argparse
import asyncio
import collections
import math
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

from generators import Case, CHANNEL_TOKEN, GENERATORS, head, KEY, TOKEN

PATIENCE = 15
GROWTH = 48 << 20

CONFIGURATION = """
journal: {{ path: journal }}
server:
  listen: 127.0.0.1:{port}
  timeouts: {{ head: 300ms, body: 300ms, idle: 2s, write: 2s }}
secrets: {{ TOKEN: {token}, KEY: {key} }}
channels:
  tienda:
    platform: bonychat
    channel_id: c1
    api_tokens: {channel}
    webhook_url: http://127.0.0.1:9/
    id_type: phone
scripts: [ bot.lua ]
log: {{ level: {level}, format: text }}
"""

SCRIPT = """
bot.webhook("bearer", { auth = bot.secret("TOKEN"), id = { json = "/id" } }, function(request) end)
bot.webhook("signed", { auth = { hmac = bot.secret("KEY"), header = "X-Signature", prefix = "sha256=" },
  verify = { secret = bot.secret("TOKEN") } }, function(request) end)
bot.webhook("open", { auth = "none" }, function(request) end)
"""


class Failure(Exception):
    pass


async def statuses(reader, limit):
    """The final answers that come, as many as are waited for."""
    found = []
    buffer = b""
    while len(found) < limit:
        while b"\r\n\r\n" not in buffer:
            piece = await reader.read(65536)
            if not piece:
                if buffer:
                    raise Failure(f"the answer broke off: {buffer[:200]!r}")
                return found
            buffer += piece
        lines, buffer = buffer.split(b"\r\n\r\n", 1)
        lines = lines.split(b"\r\n")
        if not lines[0].startswith(b"HTTP/1."):
            raise Failure(f"this is no answer: {lines[0][:200]!r}")
        status = int(lines[0].split(b" ")[1])
        if status < 200:
            continue
        length = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
        while len(buffer) < length:
            piece = await reader.read(65536)
            if not piece:
                raise Failure("the body of an answer broke off")
            buffer += piece
        buffer = buffer[length:]
        found.append(status)
    return found


async def play(case, port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        try:
            for piece in case.pieces:
                if isinstance(piece, float):
                    await asyncio.sleep(piece)
                else:
                    writer.write(piece)
                    await writer.drain()
            if case.ends:
                writer.write_eof()
        except (ConnectionError, OSError):
            pass  # The host may hang up in the middle of what it refuses.
        try:
            return await asyncio.wait_for(statuses(reader, case.answers), PATIENCE)
        except asyncio.TimeoutError:
            raise Failure("neither an answer nor an end") from None
        except (ConnectionError, OSError):
            return []
    finally:
        writer.close()


class Host:
    def __init__(self, binary, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        with open(f"{folder}/moonwire.yaml", "w") as file:
            file.write(CONFIGURATION.format(port=self.port, token=TOKEN, key=KEY, channel=CHANNEL_TOKEN, level="warning"))
        with open(f"{folder}/bot.lua", "w") as file:
            file.write(SCRIPT)
        self.log = open(f"{folder}/log", "w+")
        self.process = subprocess.Popen([binary, "run", "--config", f"{folder}/moonwire.yaml"], stdout=self.log,
                                        stderr=self.log)

    async def ready(self):
        for _ in range(600):
            if self.process.poll() is not None:
                break
            try:
                if await play(Case(head("GET", "/readyz")), self.port) == [200]:
                    return
            except OSError:
                pass
            await asyncio.sleep(0.1)
        raise Failure("the host did not start: " + self.tail())

    def tail(self):
        self.log.flush()
        with open(self.log.name) as file:
            return file.read()[-2000:]

    @property
    def memory(self):
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    @property
    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise Failure("the host did not stop") from None


async def send_all(host, rng, count, found, problems):
    functions = [function for function, _ in GENERATORS]
    weights = [weight for _, weight in GENERATORS]
    left = count

    async def worker():
        nonlocal left
        while left > 0 and len(problems) < 20:
            left -= 1
            function = rng.choices(functions, weights)[0]
            case = function(rng)
            try:
                answers = await play(case, host.port)
            except Failure as failure:
                problems.append(f"{function.__name__}: {failure}: {case.pieces[0][:300]!r}")
                continue
            except OSError as error:
                problems.append(f"{function.__name__}: cannot connect: {error}")
                continue
            for status in answers:
                found[function.__name__][status] += 1
                if status >= 500 and status != 505 or case.refused and 200 <= status < 300:
                    problems.append(f"{function.__name__}: {status}: {case.pieces[0][:300]!r}")
            if not answers:
                found[function.__name__]["closed"] += 1

    await asyncio.gather(*(worker() for _ in range(48)))


async def timing(host, samples):
    """Refusals of tokens of the right length, wrong in the first or in the last place, in turn on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", host.port)
    right = TOKEN
    kinds = {"first": "X" + right[1:], "last": right[:-1] + "X", "everywhere": "".join("X" for _ in right)}
    requests = {
        name: head("POST", "/hooks/bearer", f"Authorization: Bearer {token}", "Content-Length: 0").encode()
        for name, token in kinds.items()
    }
    times = {name: [] for name in kinds}
    order = list(kinds) * samples
    random.Random(7).shuffle(order)
    for name in order:
        begun = time.perf_counter_ns()
        writer.write(requests[name])
        if await statuses(reader, 1) != [401]:
            raise Failure("a wrong token was not refused")
        times[name].append(time.perf_counter_ns() - begun)
    writer.close()
    for name, values in times.items():
        values.sort()
        middle = values[len(values) // 10: -len(values) // 10]
        print(f"  wrong {name:<10}  median {values[len(values) // 2] / 1000:7.2f} µs   middle mean "
              f"{sum(middle) / len(middle) / 1000:7.2f} µs   n {len(values)}")
    for left, right in [("first", "last"), ("last", "everywhere")]:
        print(f"  {left} against {right}: Mann-Whitney z = {mann_whitney(times[left], times[right]):+.2f} (|z| < 3: no "
              "difference seen)")


def mann_whitney(left, right):
    ranked = sorted([(value, 0) for value in left] + [(value, 1) for value in right])
    total, index = 0.0, 0
    while index < len(ranked):
        end = index
        while end < len(ranked) and ranked[end][0] == ranked[index][0]:
            end += 1
        rank = (index + 1 + end) / 2
        total += rank * sum(1 for value in ranked[index:end] if value[1] == 0)
        index = end
    n, m = len(left), len(right)
    return (total - n * (n + m + 1) / 2) / math.sqrt(n * m * (n + m + 1) / 12)


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("moonwire")
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timing", type=int, default=0, metavar="SAMPLES")
    options = parser.parse_args()
    problems = []
    found = collections.defaultdict(collections.Counter)
    with tempfile.TemporaryDirectory() as folder:
        host = Host(options.moonwire, folder)
        try:
            await host.ready()
            rng = random.Random(options.seed)
            # What is made once, and kept, is made before memory is looked at.
            await send_all(host, rng, min(2000, options.count // 3), found, problems)
            before, descriptors = host.memory, host.descriptors
            begun = time.monotonic()
            await send_all(host, rng, options.count, found, problems)
            seconds = time.monotonic() - begun
            await asyncio.sleep(3)
            after, left = host.memory, host.descriptors
            if host.process.poll() is not None:
                problems.append(f"the host died with {host.process.returncode}: {host.tail()}")
            elif await play(Case(head("GET", "/readyz")), host.port) != [200]:
                problems.append("the host is not ready any more")
            if after - before > GROWTH:
                problems.append(f"memory grew from {before >> 20} to {after >> 20} MiB")
            if left > descriptors + 60:
                problems.append(f"open files grew from {descriptors} to {left}")
            if options.timing:
                print("Time to refuse a token:")
                await timing(host, options.timing)
        finally:
            try:
                host.stop()
            except Failure as failure:
                problems.append(str(failure))
    for name, counter in sorted(found.items()):
        print(f"  {name:<18}" + "  ".join(f"{status}: {count}" for status, count in sorted(counter.items(), key=str)))
    print(f"{options.count} bad requests in {seconds:.0f} s (seed {options.seed}); memory {before / 2**20:.1f} MiB before, "
          f"{after / 2**20:.1f} MiB after; open files {descriptors} before, {left} after")
    for problem in problems[:20]:
        print("PROBLEM", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
