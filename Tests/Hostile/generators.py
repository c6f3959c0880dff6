"""Bad requests, made from chance."""

import hashlib
import hmac
import json

TOKEN = "right-token-0123456789abcdef"
KEY = "right-key"
CHANNEL_TOKEN = "channel-token-0123456789"
LIMIT = 256 << 10


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
