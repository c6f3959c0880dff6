#include "centrifuge.h"

#include "websocket.h"

#include <stdio.h>
#include <string.h>

void centrifuge_ping(struct connection *connection) { websocket_write(&connection->out, WEBSOCKET_TEXT, "{}", 2); }

/// The number behind `"id":`; 0 when there is none.
static uint64_t id_of(struct slice command) {
    const char *start = memmem(command.bytes, command.length, "\"id\":", 5);
    return start ? slice_number((struct slice){start + 5, (size_t)(command.bytes + command.length - start) - 5}) : 0;
}

/// The one command that a client of server-side subscriptions has to give. All others are its pongs.
static void take_command(struct connection *connection, struct slice command) {
    if (!memmem(command.bytes, command.length, "\"connect\":", 10)) {
        return;
    }
    char reply[384];
    int length = snprintf(reply, sizeof reply,
                          "{\"id\":%llu,\"connect\":{\"client\":\"1f9b7d0e-5a7e-4d5c-9d2b-0b8f0f5f2f10\","
                          "\"version\":\"5.4.0\",\"subs\":{\"" CENTRIFUGE_CHANNEL "\":{\"recoverable\":true,"
                          "\"epoch\":\"bnch\",\"positioned\":true}},\"ping\":25,\"pong\":true}}",
                          (unsigned long long)id_of(command));
    websocket_write(&connection->out, WEBSOCKET_TEXT, reply, (size_t)length);
    struct server_events *events = &connection->server->events;
    events->subscribed(events->context, connection, (struct slice){CENTRIFUGE_CHANNEL, strlen(CENTRIFUGE_CHANNEL)},
                       true);
}

void centrifuge_take(struct connection *connection, struct slice text) {
    while (text.length > 0) {
        const char *end = memchr(text.bytes, '\n', text.length);
        struct slice command = {text.bytes, end ? (size_t)(end - text.bytes) : text.length};
        take_command(connection, command);
        size_t taken = command.length + (end ? 1 : 0);
        text.bytes += taken, text.length -= taken;
    }
}
