#include "stream.h"

#include "cable.h"
#include "centrifuge.h"
#include "websocket.h"

#include <string.h>

static const size_t most_streams = sizeof ((struct server *)NULL)->streams / sizeof *((struct server *)NULL)->streams;

bool stream_open(struct connection *connection, struct slice path, struct slice key, bool offers_action_cable) {
    struct server *server = connection->server;
    size_t index = 0;
    while (index < most_streams && server->streams[index]) {
        index++;
    }
    if (index == most_streams) {
        return false;
    }
    server->streams[index] = connection;
    connection->stream = slice_equals(path, CENTRIFUGE_PATH) ? STREAM_CENTRIFUGE : STREAM_CABLE;
    char accept[29];
    websocket_accept(key.bytes, key.length, accept);
    buffer_format(&connection->out,
                  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Accept: %s\r\n%s\r\n",
                  accept, offers_action_cable ? "Sec-WebSocket-Protocol: actioncable-v1-json\r\n" : "");
    if (connection->stream == STREAM_CABLE) {
        cable_welcome(connection);
    }
    return true;
}

static void take(struct connection *connection, struct slice text) {
    if (connection->stream == STREAM_CENTRIFUGE) {
        centrifuge_take(connection, text);
    } else {
        cable_take(connection, text);
    }
}

bool stream_read(struct connection *connection) {
    struct websocket_frame frame;
    long size;
    while ((size = websocket_read(buffer_bytes(&connection->in), buffer_length(&connection->in), &frame)) > 0) {
        if (frame.opcode == WEBSOCKET_TEXT) {
            take(connection, (struct slice){frame.payload, frame.length});
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

void stream_close(struct connection *connection) {
    struct server *server = connection->server;
    for (size_t index = 0; index < most_streams; index++) {
        if (server->streams[index] == connection) {
            server->streams[index] = NULL;
        }
    }
}

void server_ping(struct server *server) {
    for (size_t index = 0; index < most_streams; index++) {
        struct connection *connection = server->streams[index];
        if (!connection) {
            continue;
        }
        if (connection->stream == STREAM_CENTRIFUGE) {
            centrifuge_ping(connection);
        } else {
            cable_ping(connection);
        }
        connection_flush(connection);
    }
}
