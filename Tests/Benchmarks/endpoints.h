/// What the stand-in platform answers: the endpoints of the Chatwoot family and of TWIN24 that a bot needs to start and
/// to reply.
///
/// Always 200, as a healthy platform; no state except the ids that it hands out.
#ifndef BENCHMARK_ENDPOINTS_H
#define BENCHMARK_ENDPOINTS_H

#include "server.h"

#include <stdint.h>

/// A message that the contestant sent.
struct sent_message {
    uint64_t conversation;
    struct slice content; // escaped as it came
};

/// Appends the JSON of the answer. Returns true, and fills `message`, when the request created a message;
/// `next_id` is then the id it gets.
bool endpoint_answer(const struct request *request, uint64_t next_id, struct buffer *body,
                     struct sent_message *message);

#endif
