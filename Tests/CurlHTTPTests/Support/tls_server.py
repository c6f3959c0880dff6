"""A TLS server for tests: port of its own, HTTP/1.1, and HTTP/2 when asked for.

Usage: tls_server.py CERTIFICATE KEY http/1.1|h2
Prints its port. Every answer's body is the number of the connection it came over. Ends with its standard input.
"""

import socket
import ssl
import struct
import sys
import threading

certificate, key, protocol = sys.argv[1:4]


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def read(connection, count):
    data = b""
    while len(data) < count:
        chunk = connection.recv(count - len(data))
        if not chunk:
            raise ConnectionError
        data += chunk
    return data


def serve_http2(connection, number):
    read(connection, len(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
    connection.sendall(frame(4, 0, 0))
    while True:
        head = read(connection, 9)
        length = struct.unpack(">I", b"\0" + head[:3])[0]
        kind, flags, stream = struct.unpack(">BBI", head[3:])
        read(connection, length)
        if kind == 4 and not flags & 1:
            connection.sendall(frame(4, 1, 0))
        if kind in (0, 1) and flags & 1:
            # 0x88 is ":status: 200" in HPACK's static table.
            body = str(number).encode()
            connection.sendall(frame(1, 4, stream, b"\x88") + frame(0, 1, stream, body))


def serve_http1(connection, number):
    data = b""
    while True:
        while b"\r\n\r\n" not in data:
            chunk = connection.recv(4096)
            if not chunk:
                return
            data += chunk
        data = data.split(b"\r\n\r\n", 1)[1]
        body = str(number).encode()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


def serve(plain, number):
    try:
        with context.wrap_socket(plain, server_side=True) as connection:
            is_http2 = connection.selected_alpn_protocol() == "h2"
            (serve_http2 if is_http2 else serve_http1)(connection, number)
    except OSError:
        pass


def accept(listener):
    number = 0
    while True:
        plain, _ = listener.accept()
        number += 1
        threading.Thread(target=serve, args=(plain, number), daemon=True).start()


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
context.set_alpn_protocols([protocol])
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
threading.Thread(target=accept, args=(server,), daemon=True).start()
sys.stdin.read()
