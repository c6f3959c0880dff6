#include "cable.h"

#include "websocket.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

void cable_welcome(struct connection *connection) {
    static const char welcome[] = "{\"type\":\"welcome\"}";
    websocket_write(&connection->out, WEBSOCKET_TEXT, welcome, sizeof welcome - 1);
}

void cable_ping(struct connection *connection) {
    char text[64];
    int length = snprintf(text, sizeof text, "{\"type\":\"ping\",\"message\":%lld}", (long long)time(NULL));
    websocket_write(&connection->out, WEBSOCKET_TEXT, text, (size_t)length);
}

static void confirm(struct connection *connection, struct slice identifier) {
    static const char head[] = "{\"identifier\":\"", tail[] = "\",\"type\":\"confirm_subscription\"}";
    websocket_write_header(&connection->out, WEBSOCKET_TEXT, sizeof head - 1 + identifier.length + sizeof tail - 1);
    buffer_append(&connection->out, head, sizeof head - 1);
    slice_append(&connection->out, identifier);
    buffer_append(&connection->out, tail, sizeof tail - 1);
}

void cable_take(struct connection *connection, struct slice text) {
    struct slice identifier = slice_member(text, "\"identifier\"");
    if (identifier.length > 0 && memmem(text.bytes, text.length, "\"subscribe\"", 11)) {
        confirm(connection, identifier);
        struct server_events *events = &connection->server->events;
        bool is_operator = memmem(identifier.bytes, identifier.length, "user_id", 7) != NULL;
        events->subscribed(events->context, connection, identifier, is_operator);
    }
}
