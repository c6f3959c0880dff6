#include "seat.h"

#include "json_table.h"

#include <string.h>

static const struct seat seats[] = {
    {
        .name = "cable",
        .path = "/cable",
        .headers = "Sec-WebSocket-Protocol: actioncable-v1-json\r\n",
        .opening = "{\"command\":\"subscribe\",\"identifier\":\"{\\\"channel\\\":\\\"RoomChannel\\\","
                   "\\\"pubsub_token\\\":\\\"bench-user-pubsub-token0\\\",\\\"account_id\\\":3,\\\"user_id\\\":21}\"}",
        .handler = "return function(message)\n"
                   "  if message.message_type == 0 then\n"
                   "    return 'pong ' .. message.content:sub(6)\n"
                   "  end\n"
                   "end\n",
        .session = "conversation_id",
        .members = {"message", "data"},
        .authorization = "api-access-token: bench-access",
        .reply_path = "/api/v1/accounts/3/conversations/%s/messages",
        .reply_head = "{\"content\":",
        .reply_tail = ",\"message_type\":\"outgoing\",\"private\":false,\"echo_id\":\"floor-%llu\"}",
    },
    {
        .name = "centrifuge",
        .path = "/centrifugo/connection/websocket",
        .headers = "",
        .opening = "{\"id\":1,\"connect\":{\"data\":{\"application\":\"notifications\",\"settings\":{\"token\":"
                   "\"bench-access\"}},\"name\":\"floor\"}}",
        .handler = "return function(message)\n"
                   "  if message.authorType == 'CLIENT' then\n"
                   "    return 'pong ' .. message.body:sub(6)\n"
                   "  end\n"
                   "end\n",
        .session = "sessionId",
        .members = {"push", "pub", "data", "data"},
        .answers_pings = true,
        .authorization = "Authorization: Bearer bench-access",
        .reply_path = "/chat/api/v1/sessions/%s/operators/messages",
        .reply_head = "{\"body\":",
        .reply_tail = "}",
    },
};

const struct seat *seat_named(const char *name) {
    for (size_t index = 0; index < sizeof seats / sizeof *seats; index++) {
        if (strcmp(seats[index].name, name) == 0) {
            return &seats[index];
        }
    }
    return NULL;
}

size_t seat_message(const struct seat *seat, const simdjson_document *document) {
    size_t index = 1;
    for (const char *const *name = seat->members; *name && index > 0; name++) {
        index = json_member(document, index, *name);
    }
    return index;
}
