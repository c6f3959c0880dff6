/// What the floor has to know of a platform: where its events come from, what is in them, and where a reply goes.
#ifndef BENCHMARK_SEAT_H
#define BENCHMARK_SEAT_H

#include "buffer.h"

#include <CSimdJSON.h>
#include <stdbool.h>

struct seat {
    const char *name;          // on the command line
    const char *path;          // of the WebSocket
    const char *headers;       // of its handshake, besides those of RFC 6455
    const char *opening;       // the first frame
    const char *handler;       // a chunk that returns the Lua function of a message, which gives the reply or nothing
    const char *members[5];    // from the frame down to the message
    const char *session;       // the member of a message that names its session
    bool answers_pings;        // Centrifuge's client has to
    const char *authorization; // header of a reply
    const char *reply_path;    // with %s for the session
    const char *reply_head;    // of the body, up to the text
    const char *reply_tail;    // behind it, with %llu for the reply's number
};

/// The seat of that name; NULL when there is none.
const struct seat *seat_named(const char *name);

/// The tape index of the message in a frame; 0 when it is a frame without one.
size_t seat_message(const struct seat *seat, const simdjson_document *document);

#endif
