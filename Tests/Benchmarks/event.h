/// The load: Action Cable frames that carry one `message.created` of a Chatwoot-family platform.
#ifndef BENCHMARK_EVENT_H
#define BENCHMARK_EVENT_H

#include "buffer.h"

#include <stdbool.h>

/// Bytes of the cable frame's JSON.
#define EVENT_BYTES 1024

/// What all frames of a subscription share.
struct event_template {
    char *identifier; // as it came, escaped and without its quotes
    bool to_operator; // a contact wrote to the operator; false: an operator wrote to the contact
};

/// Takes a copy of the escaped identifier. A `user_id` in it makes the subscription an operator's.
void event_template_set(struct event_template *template, const char *identifier, size_t length);

/// Appends the WebSocket frame of one event whose text is "ping TOKEN".
void event_write(const struct event_template *template, uint64_t id, uint64_t conversation, uint64_t token,
                 struct buffer *out);

#endif
