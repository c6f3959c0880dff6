/// What the stand-in platform answers as TWIN24: one operator, whose every session is the operator's own.
#ifndef BENCHMARK_TWIN_H
#define BENCHMARK_TWIN_H

#include "endpoints.h"

#include <time.h>

/// Ids as `printf` writes them; the number is an `unsigned long long`.
#define TWIN_SESSION_ID "5e551044-0000-4000-8000-%012llu"
#define TWIN_CLIENT_ID "c11e4700-0000-4000-8000-%012llu"
#define TWIN_MESSAGE_ID "3e55a9e0-0000-4000-8000-%012llu"
#define TWIN_OPERATOR_ID "389"

/// Writes a time as the platform does.
void twin_format_time(time_t time, char text[32]);

/// The service of accounts; `path` is what follows its address.
void twin_answer_account(struct slice path, struct buffer *body);

/// The service of chats. Returns true, and fills `message`, when the request created a message with the id `next_id`.
bool twin_answer_chat(const struct request *request, struct slice path, uint64_t next_id, struct buffer *body,
                      struct sent_message *message);

#endif
