#include "cable.h"

#include "websocket.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

bool cable_open(struct connection *connection, struct slice key, bool offers_action_cable) {
    static const char welcome[] = "{\"type\":\"welcome\"}";
    struct server *server = connection->server;
    size_t index = 0, count = sizeof server->cables / sizeof *server->cables;
    while (index < count && server->cables[index]) {
        index++;
    }
    if (index == count) {
        return false;
    }
    server->cables[index] = connection;
    char accept[29];
    websocket_accept(key.bytes, key.length, accept);
    buffer_format(&connection->out,
                  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Accept: %s\r\n%s\r\n",
                  accept, offers_action_cable ? "Sec-WebSocket-Protocol: actioncable-v1-json\r\n" : "");
    websocket_write(&connection->out, WEBSOCKET_TEXT, welcome, sizeof welcome - 1);
    return true;
}

void server_ping(struct server *server) {
    char text[64];
    int length = snprintf(text, sizeof text, "{\"type\":\"ping\",\"message\":%lld}", (long long)time(NULL));
    for (size_t index = 0; index < sizeof server->cables / sizeof *server->cables; index++) {
        struct connection *connection = server->cables[index];
        if (connection) {
            websocket_write(&connection->out, WEBSOCKET_TEXT, text, (size_t)length);
            connection_flush(connection);
        }
    }
}

/// The value of `"identifier"` as it came, escaped and without its quotes.
static struct slice identifier_of(const char *text, size_t length) {
    static const char name[] = "\"identifier\":";
    const char *end = text + length, *start = memmem(text, length, name, sizeof name - 1);
    start = start ? memchr(start + sizeof name - 1, '"', (size_t)(end - start) - (sizeof name - 1)) : NULL;
    if (!start) {
        return (struct slice){0};
    }
    for (const char *byte = ++start; byte < end; byte++) {
        if (*byte == '\\') {
            byte++;
        } else if (*byte == '"') {
            return (struct slice){start, (size_t)(byte - start)};
        }
    }
    return (struct slice){0};
}

static void confirm(struct connection *connection, struct slice identifier) {
    static const char head[] = "{\"identifier\":\"", tail[] = "\",\"type\":\"confirm_subscription\"}";
    websocket_write_header(&connection->out, WEBSOCKET_TEXT, sizeof head - 1 + identifier.length + sizeof tail - 1);
    buffer_append(&connection->out, head, sizeof head - 1);
    buffer_append(&connection->out, identifier.bytes, identifier.length);
    buffer_append(&connection->out, tail, sizeof tail - 1);
}

static void take_command(struct connection *connection, const char *text, size_t length) {
    struct slice identifier = identifier_of(text, length);
    if (identifier.length > 0 && memmem(text, length, "\"subscribe\"", 11)) {
        confirm(connection, identifier);
        struct server_events *events = &connection->server->events;
        events->subscribed(events->context, connection, identifier);
    }
}

bool cable_read(struct connection *connection) {
    struct websocket_frame frame;
    long size;
    while ((size = websocket_read(buffer_bytes(&connection->in), buffer_length(&connection->in), &frame)) > 0) {
        if (frame.opcode == WEBSOCKET_TEXT) {
            take_command(connection, frame.payload, frame.length);
        } else if (frame.opcode == WEBSOCKET_PING) {
            websocket_write(&connection->out, WEBSOCKET_PONG, frame.payload, frame.length);
        } else if (frame.opcode == WEBSOCKET_CLOSE) {
            websocket_write(&connection->out, WEBSOCKET_CLOSE, frame.payload, frame.length);
            return false;
        }
        buffer_consume(&connection->in, (size_t)size);
    }
    return size == 0;
}
