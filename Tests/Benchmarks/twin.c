#include "twin.h"

#include <string.h>

/// A JWT for operator 389 that ends with the century.
#define TOKEN                                                                                                          \
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VySWQiOjM4OSwiY29tcGFueUlkIjoxLCJleHAiOjQxMDI0NDQ4MDAuMDAwMjV9."        \
    "YmVuY2htYXJr"
#define EMPTY_LIST "{\"count\":0,\"items\":[]}"

static const char user[] =
    "{\"id\":389,\"companyId\":1,\"firstName\":\"Omar\",\"lastName\":\"Haddad\",\"middleName\":null,"
    "\"email\":\"omar@example.com\",\"phone\":null,\"roles\":[{\"name\":\"chat_operator\",\"company_id\":1}],"
    "\"settings\":{},\"avatar\":{},\"online\":true,\"blockedAt\":null,\"companyName\":\"Acme\"}";

static void put(struct buffer *body, const char *text) { buffer_append(body, text, strlen(text)); }

void twin_format_time(time_t time, char text[32]) {
    struct tm parts;
    gmtime_r(&time, &parts);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%S+00:00", &parts);
}

void twin_answer_account(struct slice path, struct buffer *body) {
    if (slice_equals(slice_segment(&path), "auth")) {
        put(body, "{\"token\":\"" TOKEN "\",\"refreshToken\":\"bench-refresh\"}");
    } else {
        put(body, user);
    }
}

/// The number at the end of an id.
static uint64_t number_of(struct slice id) {
    size_t skipped = id.length > 12 ? id.length - 12 : 0;
    return slice_number((struct slice){id.bytes + skipped, id.length - skipped});
}

static void put_session(struct buffer *body, uint64_t number) {
    unsigned long long id = number;
    char now[32];
    twin_format_time(time(NULL), now);
    buffer_format(body,
                  "{\"id\":\"" TWIN_SESSION_ID "\",\"chatId\":\"c4a70000-0000-4000-8000-000000000001\","
                  "\"name\":\"Sara\",\"status\":\"ACTIVE\",\"botStatus\":\"FINISHED\",\"channel\":\"WIDGET\","
                  "\"messengerType\":null,\"markedAsSpam\":false,\"operatorId\":\"" TWIN_OPERATOR_ID "\","
                  "\"operatorName\":\"Omar Haddad\",\"operatorType\":\"OPERATOR\",\"operatorAssignedAt\":\"%s\","
                  "\"previousOperator\":null,\"operators\":[{\"id\":389,\"name\":\"Omar Haddad\","
                  "\"type\":\"OPERATOR\",\"assigned_at\":\"%s\"}],\"clientId\":\"" TWIN_CLIENT_ID "\","
                  "\"clientBanned\":false,\"startedAt\":\"%s\",\"ttl\":43200,\"tags\":\"\",\"closedAt\":null}",
                  id, now, now, id, now);
}

bool twin_answer_chat(const struct request *request, struct slice path, uint64_t next_id, struct buffer *body,
                      struct sent_message *message) {
    struct slice resource = slice_segment(&path), id = slice_segment(&path), part = slice_segment(&path);
    bool gets = slice_equals(request->method, "GET");
    if (slice_equals(resource, "sessions") && slice_equals(part, "operators") &&
        slice_equals(slice_segment(&path), "messages") && slice_equals(request->method, "POST")) {
        char now[32];
        twin_format_time(time(NULL), now);
        *message = (struct sent_message){number_of(id), slice_member(request->body, "\"body\"")};
        buffer_format(body, "{\"id\":\"" TWIN_MESSAGE_ID "\",\"createdAt\":\"%s\"}", (unsigned long long)next_id, now);
        return true;
    }
    if (slice_equals(resource, "timestamp")) {
        buffer_format(body, "{\"timestamp\":%lld}", (long long)time(NULL));
    } else if (gets && slice_equals(id, "me")) {
        put(body, user);
    } else if (gets && slice_equals(resource, "sessions") && id.length > 0 && part.length == 0) {
        put_session(body, number_of(id));
    } else if (gets) {
        // No earlier sessions, and in those that appear no earlier messages.
        put(body, EMPTY_LIST);
    }
    // All that changes a state has an empty answer.
    return false;
}
