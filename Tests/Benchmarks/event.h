/// The load: one event per frame. Over Action Cable a `message.created` of a Chatwoot-family platform, over Centrifuge a
/// publication with TWIN24's `chatMessageCreated`.
#ifndef BENCHMARK_EVENT_H
#define BENCHMARK_EVENT_H

#include "buffer.h"

#include <stdbool.h>

/// Bytes of the frame's JSON.
#define EVENT_BYTES 1024

/// What all frames of a subscription share.
struct event_template {
    char *identifier; // Action Cable's as it came, escaped and without its quotes; Centrifuge's channel
    bool is_publication;
    bool to_operator; // a contact wrote to the operator; false: an operator wrote to the contact
    uint64_t offset;  // of the channel's last publication
};

/// Takes a copy of the identifier.
void event_template_set(struct event_template *template, const char *identifier, size_t length, bool is_publication,
                        bool to_operator);

/// Appends the WebSocket frame of one event whose text is "ping TOKEN".
void event_write(struct event_template *template, uint64_t id, uint64_t conversation, uint64_t token,
                 struct buffer *out);

#endif
