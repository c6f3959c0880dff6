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
import hashlib
import hmac
import json
import math
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

TOKEN = "right-token-0123456789abcdef"
KEY = "right-key"
CHANNEL_TOKEN = "channel-token-0123456789"
LIMIT = 256 << 10
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


class Case:
    """What is sent: pieces of bytes, and whether any 2xx is a fault."""

    def __init__(self, *pieces, refused=True, ends=False, answers=1):
        self.pieces = [piece.encode() if isinstance(piece, str) else piece for piece in pieces]
        self.refused = refused
        self.ends = ends
        self.answers = answers


def head(method="POST", path="/hooks/bearer", *lines, host=True, version="HTTP/1.1"):
    return "\r\n".join([f"{method} {path} {version}", *(["Host: h"] if host else []), *lines]) + "\r\n\r\n"


def post(body=b"{}", path="/hooks/bearer", *lines, token=TOKEN, kind="application/json"):
    body = body.encode() if isinstance(body, str) else body
    auth = [f"Authorization: Bearer {token}"] if token is not None else []
    return head("POST", path, *auth, f"Content-Type: {kind}", f"Content-Length: {len(body)}", *lines).encode() + body


def noise(rng, size):
    return bytes(rng.randrange(256) for _ in range(size))


def word(rng, size, letters="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."):
    return "".join(rng.choice(letters) for _ in range(size))


def path(rng):
    return rng.choice(["/hooks/bearer", "/hooks/signed", "/cc/tienda/message"])


def wrong_token(rng):
    right = CHANNEL_TOKEN if rng.random() < 0.3 else TOKEN
    token = rng.choice([
        None, "", right[:-1], right + "x", right.upper(), word(rng, len(right)), word(rng, rng.randrange(1, 4000)),
        right[: rng.randrange(len(right))], f" {right} {right}", f"{right},{right}", "\u00e9\u00fc", "%00", "null",
    ])
    where = "/cc/tienda/message" if right == CHANNEL_TOKEN else "/hooks/bearer"
    return Case(post("{}", where, token=token))


def wrong_scheme(rng):
    value = rng.choice([TOKEN, f"Basic {TOKEN}", f"Bearer{TOKEN}", f"Bearer\t{TOKEN} x", f"Token {TOKEN}", "Bearer", ""])
    lines = [f"Authorization: {value}"] * rng.choice([1, 1, 2])
    return Case(post("{}", "/hooks/bearer", *lines, token=None))


def wrong_signature(rng):
    body = noise(rng, rng.randrange(200))
    good = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
    value = rng.choice([good, f"sha1={good}", f"sha256={good[:-2]}", f"sha256={good}00", "sha256=", "sha256=" + "z" * 64,
                        f"sha256={word(rng, 64, '0123456789abcdef')}", f"sha256=+{good[1:]}", "sha256=" + good[::-1] + "0"])
    return Case(post(body, "/hooks/signed", f"X-Signature: {value}", token=None, kind="application/octet-stream"))


def large_body(rng):
    size = rng.choice([LIMIT + 1, LIMIT + rng.randrange(1 << 20), 1 << 40, (1 << 63) - 1, 1 << 64, 10**30])
    sent = min(rng.randrange(2 * LIMIT), size)
    return Case(head("POST", "/hooks/open", f"Content-Length: {size}"), b"x" * sent)


def large_chunks(rng):
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    return Case(head("POST", "/hooks/open", "Transfer-Encoding: chunked"), chunk * rng.randrange(9, 40))


def bad_chunks(rng):
    body = rng.choice([
        b"zz\r\nhello\r\n0\r\n\r\n", b"-5\r\nhello\r\n0\r\n\r\n", b"ffffffffffffffffff\r\nx\r\n", b"5\r\nhellohello\r\n0\r\n\r\n",
        b"5;" + b"e" * rng.randrange(40000) + b"\r\nhello\r\n", b"\r\n\r\n", b"0x5\r\nhello\r\n0\r\n\r\n", b" 5\r\nhello\r\n",
        b"5\nhello\n0\n\n", noise(rng, rng.randrange(1, 300)), b"5\r\nhell", b"0\r\nX: y\r\n" * 300,
    ])
    return Case(head("POST", path(rng), "Transfer-Encoding: chunked"), body)


def bad_lengths(rng):
    value = rng.choice(["-1", "+5", "5 5", "abc", "0x10", "5,5", "5, 6", "", " ", "1e3", "\u0663", "00000000000000000000005x"])
    return Case(head("POST", "/hooks/bearer", f"Content-Length: {value}"), b"hello")


def smuggled(rng):
    lines = rng.choice([
        ["Content-Length: 5", "Transfer-Encoding: chunked"], ["Content-Length: 5", "Content-Length: 6"],
        ["Transfer-Encoding: gzip, chunked"], ["Transfer-Encoding: chunked, identity"], ["Transfer-Encoding : chunked"],
        ["Transfer-Encoding: xchunked"], ["Transfer-Encoding:\x0bchunked"], ["X: a\r\n folded: b", "Content-Length: 2"],
    ])
    return Case(head("POST", "/hooks/bearer", *lines), b"0\r\n\r\nGET /hooks/open HTTP/1.1\r\nHost: h\r\n\r\n", answers=1)


def bad_line(rng):
    line = rng.choice([
        "GARBAGE", "GET", "GET /", "GET / HTTP/9.9", "GET / HTTP/1.1.1", "get / http/1.1", " GET / HTTP/1.1", "GET  /  HTTP/1.1",
        f"{word(rng, rng.randrange(1, 300))} / HTTP/1.1", "GET \x00 HTTP/1.1", "GET /\x7f HTTP/1.1", "PRI * HTTP/2.0",
        "CONNECT h:443 HTTP/1.1", "OPTIONS * HTTP/1.1", f"GET {word(rng, 50)} HTTP/1.1", "GET ../../etc/passwd HTTP/1.1",
    ])
    return Case(line + "\r\nHost: h\r\n\r\n")


def bad_path(rng):
    where = rng.choice([
        "/hooks/../../etc/passwd", "/hooks/%2e%2e/bearer", "/hooks/bearer%00", "/hooks/" + word(rng, rng.randrange(1, 12000)),
        "/" * rng.randrange(1, 5000), "/hooks/\u00e9", "/?" + "a=b&" * rng.randrange(2000), "/hooks/bearer/../open/x",
        "http://other/hooks/none", "/cc/", "/cc/tienda", "/cc/none/message", "/.git/config", "/hooks/bearer?%zz=%f&%=&&=",
        "/dash/x", "/healthz/x", "/readyz%20", "//", "/hooks//none",
    ])
    return Case(head(rng.choice(["POST", "PUT", "DELETE", "PATCH"]), where, "Content-Length: 0"))


def bad_method(rng):
    method = rng.choice(["DELETE", "PUT", "PATCH", "TRACE", "OPTIONS", "FOO", "PROPFIND", "M-SEARCH", "LINK"])
    return Case(head(method, path(rng), f"Authorization: Bearer {TOKEN}", "Content-Length: 0"))


def header_flood(rng):
    kind = rng.randrange(5)
    if kind == 0:
        lines = [f"X-{index}: y" for index in range(rng.randrange(101, 3000))]
    elif kind == 1:
        lines = ["X: " + "y" * rng.randrange(17000, 200000)]
    elif kind == 2:
        lines = ["X" * rng.randrange(17000, 60000) + ": y"]
    elif kind == 3:
        lines = ["Cookie: a=b"] * rng.randrange(200, 2000)
    else:
        lines = [rng.choice(["X\x00: y", "X: \x00", ": y", "X", "X Y: z", "X: \x1b[31m", "\u00e9: x"])]
    return Case(head("POST", path(rng), *lines, "Content-Length: 0"))


def random_bytes(rng):
    return Case(noise(rng, rng.randrange(1, 600)))


def not_http(rng):
    return Case(rng.choice([
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + noise(rng, 200), b"SSH-2.0-OpenSSH_9\r\n", b"\x00" * 100,
        b"*1\r\n$4\r\nPING\r\n", b"EHLO x\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + noise(rng, 40), b"\r\n" * 5000,
        b"\n" * 300, b"0\r\n\r\n",
    ]))


def half_request(rng):
    whole = post(b'{"n":1}', path(rng))
    return Case(whole[: rng.randrange(1, len(whole) - 1)], ends=rng.random() < 0.9)


def slow_sender(rng):
    whole = post(b'{"n":1}' * 10, "/hooks/bearer")
    place = rng.randrange(1, len(whole) - 20)
    return Case(whole[:place], 0.15, whole[place: place + 1], 0.15, whole[place + 1: place + 2], 0.3)


def pipelined(rng):
    count = rng.randrange(2, 12)
    requests = [rng.choice([post("{}", token="wrong"), head("GET", "/none").encode(), post("{}", "/none")])
                for _ in range(count)]
    # A refused body ends the connection, so that what comes after it is not answered.
    return Case(b"".join(requests), answers=1)


def nested_json(rng):
    depth = rng.choice([100, 1023, 1024, 1025, 5000, 60000])
    body = rng.choice(["[" * depth, "[" * depth + "]" * depth, '{"a":' * (depth // 2) + "1" + "}" * (depth // 2)])
    where, token = rng.choice([("/hooks/bearer", TOKEN), ("/cc/tienda/message", CHANNEL_TOKEN)])
    return Case(post(body[: LIMIT - 1], where, token=token), refused=where != "/hooks/bearer")


def bad_json(rng):
    body = rng.choice([
        b"", b" ", b"{", b"}", b"nul", b"NaN", b'{"a":1,}', b"'a'", b'{"a"}', b'\xef\xbb\xbf{}', b'"\xff\xfe"', b'{"a":"\xc3"}',
        b'"\\ud800"', b'"\\u0000"', b'{"a":' + b"9" * 5000 + b"}", b"1e999999", b"-", b"--1", b"[1 2]", b"/*x*/{}", b"\x00{}",
        b'{"id":"' + b"i" * 100000 + b'"}', b'{"id":{"a":[]}}', b'{"id":1e400}', noise(rng, rng.randrange(1, 200)),
        json.dumps({word(rng, 8): word(rng, 20) for _ in range(rng.randrange(2000))}).encode()[:LIMIT],
    ])
    return Case(post(body), refused=False)


def bad_message(rng):
    message = rng.choice([
        None, 1, [], {}, {"type": "text"}, {"type": "text", "text": 1}, {"type": "text", "text": "x" * 9000}, {"type": None},
        {"type": word(rng, 30), "text": "x"}, {"type": "attachment", "attachment": {"type": "image", "url": "ftp://x"}},
        {"type": "attachment", "attachment": []}, {"type": "location", "latitude": "x"}, {"type": "quick_reply", "replies": 1},
        {"type": "text", "text": "\ud800"},
    ])
    contact = rng.choice([None, 1, "", "x" * 200, "+", "+abc", {}, ["+521"], "+" + "9" * 40, "\u0000"])
    body = {"channelId": rng.choice(["c1", "other", None, 3]), "contactId": contact, "message": message}
    return Case(post(json.dumps(body), "/cc/tienda/message", token=CHANNEL_TOKEN))


def bad_kind(rng):
    kind = rng.choice(["text/plain", "", "application/json; charset=utf-16", "multipart/form-data", "json", ";", "x" * 3000])
    return Case(post(noise(rng, 50), "/cc/tienda/message", token=CHANNEL_TOKEN, kind=kind))


def odd_headers(rng):
    lines = rng.choice([
        ["Expect: 100-continue"], ["Expect: nonsense"], ["Connection: upgrade", "Upgrade: websocket"], ["Upgrade: h2c"],
        ["Connection: close, keep-alive"], ["Connection: \x01"], ["Content-Encoding: gzip"], ["Range: bytes=0-9999999999"],
        ["X-Forwarded-For: 1.1.1.1, " + "2," * 3000], ["Host: other"], ["TE: trailers", "Trailer: X"],
    ])
    return Case(post("{}", "/hooks/bearer", *lines, token="wrong"))


def no_host(rng):
    return Case(head("GET", "/hooks/bearer", host=False))


def bad_verification(rng):
    token = rng.choice(["", "wrong", TOKEN[:-1], "%ff%fe", TOKEN + "%00"])
    return Case(head("GET", f"/hooks/signed?hub.verify_token={token}&hub.challenge={word(rng, 20)}"))


GENERATORS = [
    (wrong_token, 20), (wrong_scheme, 8), (wrong_signature, 10), (large_body, 2), (large_chunks, 1), (bad_chunks, 6),
    (bad_lengths, 5), (smuggled, 4), (bad_line, 6), (bad_path, 6), (bad_method, 4), (header_flood, 4), (random_bytes, 5),
    (not_http, 3), (half_request, 4), (slow_sender, 1), (pipelined, 4), (nested_json, 2), (bad_json, 8), (bad_message, 8),
    (bad_kind, 3), (odd_headers, 4), (no_host, 1), (bad_verification, 3),
]


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
