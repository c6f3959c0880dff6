/// WebSocket frames and the key of the opening handshake (RFC 6455), for the server's side and the client's.
///
/// Knows no sockets. Fragmented messages are not supported: neither side of the benchmark sends any.
#ifndef BENCHMARK_WEBSOCKET_H
#define BENCHMARK_WEBSOCKET_H

#include "buffer.h"

enum websocket_opcode {
    WEBSOCKET_TEXT = 0x1,
    WEBSOCKET_CLOSE = 0x8,
    WEBSOCKET_PING = 0x9,
    WEBSOCKET_PONG = 0xA,
};

struct websocket_frame {
    int opcode;
    char *payload;
    size_t length;
};

/// Reads one frame at `bytes`, unmasking it in place.
/// Returns its size on the wire, 0 when more bytes are needed, -1 when it is not a frame that we accept.
long websocket_read(char *bytes, size_t length, struct websocket_frame *frame);

/// Appends the header of an unmasked frame; the caller appends exactly `length` bytes after it.
void websocket_write_header(struct buffer *out, int opcode, size_t length);

/// Appends an unmasked frame, as a server sends it.
void websocket_write(struct buffer *out, int opcode, const void *payload, size_t length);

/// Appends a masked frame, as a client must send it.
void websocket_write_masked(struct buffer *out, int opcode, const void *payload, size_t length);

/// Writes the value of `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key`, with a final zero.
void websocket_accept(const char *key, size_t length, char accept[29]);

#endif
