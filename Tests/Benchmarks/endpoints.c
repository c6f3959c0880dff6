#include "endpoints.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define USER                                                                                                           \
    "{\"id\":21,\"name\":\"Omar\",\"available_name\":\"Omar\",\"avatar_url\":\"\",\"type\":\"user\","                  \
    "\"availability_status\":\"online\",\"thumbnail\":\"\"}"
#define CONTACT                                                                                                        \
    "{\"id\":512,\"name\":\"Sara\",\"email\":\"sara@example.org\",\"phone_number\":\"+966500000001\","                 \
    "\"account_id\":3,\"created_at\":\"2026-05-02T08:11:09.120Z\",\"updated_at\":\"2026-05-02T08:11:09.120Z\","        \
    "\"additional_attributes\":{},\"identifier\":\"user-42\",\"custom_attributes\":{\"tier\":\"gold\"},"               \
    "\"last_activity_at\":null,\"contact_type\":\"visitor\",\"thumbnail\":\"\",\"type\":\"contact\",\"blocked\":false}"

static const char profile[] =
    "{\"access_token\":\"bench-access\",\"account_id\":3,\"available_name\":\"Omar\",\"confirmed\":true,"
    "\"email\":\"omar@example.com\",\"id\":21,\"name\":\"Omar\",\"pubsub_token\":\"bench-user-pubsub-token0\","
    "\"role\":\"administrator\",\"uid\":\"omar@example.com\",\"ui_settings\":{},\"accounts\":[{\"id\":3,"
    "\"name\":\"Acme\",\"status\":\"active\",\"role\":\"administrator\",\"permissions\":[\"administrator\"],"
    "\"availability\":\"online\",\"availability_status\":\"online\",\"auto_offline\":false}]}";

static const char operator_inbox[] =
    "{\"id\":9,\"name\":\"Bench\",\"channel_type\":\"Channel::Api\",\"channel_id\":4,\"greeting_enabled\":false,"
    "\"working_hours_enabled\":false,\"lock_to_single_conversation\":false,"
    "\"inbox_identifier\":\"benchInboxIdentifier0000\",\"webhook_url\":\"\",\"hmac_mandatory\":false}";

static const char client_inbox[] =
    "{\"identifier\":\"benchInboxIdentifier0000\",\"identity_validation_enabled\":false,\"name\":\"Bench\","
    "\"timezone\":\"UTC\",\"working_hours\":[],\"working_hours_enabled\":false,\"csat_survey_enabled\":false,"
    "\"greeting_enabled\":false}";

static const char agent[] =
    "{\"id\":21,\"account_id\":3,\"availability_status\":\"online\",\"auto_offline\":false,\"confirmed\":true,"
    "\"email\":\"omar@example.com\",\"provider\":\"email\",\"available_name\":\"Omar\",\"name\":\"Omar\","
    "\"role\":\"administrator\",\"thumbnail\":\"\"}";

static const char counts[] = "{\"mine_count\":0,\"assigned_count\":0,\"unassigned_count\":0,\"all_count\":0}";

static bool equals(struct slice slice, const char *text) {
    return slice.length == strlen(text) && memcmp(slice.bytes, text, slice.length) == 0;
}

/// The string value of a member, escaped as it came; empty when there is none.
static struct slice member(struct slice json, const char *name) {
    const char *end = json.bytes + json.length, *start = memmem(json.bytes, json.length, name, strlen(name));
    for (start = start ? start + strlen(name) : end; start < end && (*start == ' ' || *start == ':'); start++) {
    }
    if (start == end || *start != '"') {
        return (struct slice){"", 0};
    }
    for (const char *byte = ++start; byte < end; byte++) {
        if (*byte == '\\') {
            byte++;
        } else if (*byte == '"') {
            return (struct slice){start, (size_t)(byte - start)};
        }
    }
    return (struct slice){"", 0};
}

/// Cuts the next segment off the front of a path.
static struct slice next_segment(struct slice *path) {
    while (path->length > 0 && *path->bytes == '/') {
        path->bytes++, path->length--;
    }
    const char *slash = memchr(path->bytes, '/', path->length);
    struct slice segment = {path->bytes, slash ? (size_t)(slash - path->bytes) : path->length};
    path->bytes += segment.length;
    path->length -= segment.length;
    return segment;
}

static uint64_t number_of(struct slice segment) {
    uint64_t number = 0;
    const char *byte = segment.bytes, *end = byte + segment.length;
    for (; byte < end && *byte >= '0' && *byte <= '9'; byte++) {
        number = number * 10 + (uint64_t)(*byte - '0');
    }
    return number;
}

static void put(struct buffer *body, const char *text) { buffer_append(body, text, strlen(text)); }

static void put_slice(struct buffer *body, struct slice slice) { buffer_append(body, slice.bytes, slice.length); }

/// The created message as the API of its role shows it.
static void put_message(struct buffer *body, bool by_operator, uint64_t id, const struct sent_message *message,
                        struct slice echo) {
    buffer_format(body, "{\"id\":%llu,\"content\":\"", (unsigned long long)id);
    put_slice(body, message->content);
    buffer_format(body, "\",\"conversation_id\":%llu,\"message_type\":%d,\"content_type\":\"text\","
                        "\"content_attributes\":{},\"created_at\":%lld,\"sender\":",
                  (unsigned long long)message->conversation, by_operator ? 1 : 0, (long long)time(NULL));
    put(body, by_operator ? USER : CONTACT);
    if (by_operator) {
        put(body, ",\"inbox_id\":9,\"status\":\"sent\",\"private\":false,\"source_id\":null");
        if (echo.length > 0) {
            put(body, ",\"echo_id\":\"");
            put_slice(body, echo);
            put(body, "\"");
        }
    }
    put(body, "}");
}

static void put_conversation(struct buffer *body, bool by_operator, uint64_t id) {
    buffer_format(body, "{\"id\":%llu,\"uuid\":\"0d6a6c0e-7c1b-4b5e-9a55-0b8f0f5f2f10\",\"account_id\":3,"
                        "\"inbox_id\":9,\"status\":\"open\",\"messages\":[],"
                        "\"contact_last_seen_at\":0,\"agent_last_seen_at\":0,",
                  (unsigned long long)id);
    put(body, by_operator ? "\"labels\":[],\"custom_attributes\":{},\"additional_attributes\":{},\"can_reply\":true,"
                            "\"meta\":{\"sender\":" CONTACT ",\"channel\":\"Channel::Api\",\"hmac_verified\":false}}"
                          : "\"contact\":" CONTACT "}");
}

/// What follows `conversations` in a path, which both APIs share. Returns true when a message was created.
static bool answer_conversation(const struct request *request, struct slice path, bool by_operator, uint64_t next_id,
                                struct buffer *body, struct sent_message *message) {
    struct slice id = next_segment(&path), action = next_segment(&path);
    bool posts = equals(request->method, "POST");
    uint64_t conversation = number_of(id);
    if (equals(action, "messages") && posts) {
        *message = (struct sent_message){conversation, member(request->body, "\"content\"")};
        put_message(body, by_operator, next_id, message, member(request->body, "\"echo_id\""));
        return true;
    }
    if (equals(action, "messages")) {
        put(body, by_operator ? "{\"meta\":{\"labels\":[],\"additional_attributes\":{},\"contact\":" CONTACT
                                "},\"payload\":[]}"
                              : "[]");
    } else if (equals(action, "toggle_status") && by_operator) {
        buffer_format(body, "{\"meta\":{},\"payload\":{\"success\":true,\"conversation_id\":%llu,"
                            "\"current_status\":\"open\",\"snoozed_until\":null}}", (unsigned long long)conversation);
    } else if (equals(action, "assignments")) {
        put(body, agent);
    } else if (equals(action, "labels")) {
        put(body, "{\"payload\":[]}");
    } else if (equals(action, "custom_attributes")) {
        put(body, "{\"custom_attributes\":{}}");
    } else if (equals(id, "meta")) {
        buffer_format(body, "{\"meta\":%s}", counts);
    } else if (id.length == 0 && !posts && by_operator) {
        buffer_format(body, "{\"data\":{\"meta\":%s,\"payload\":[]}}", counts);
    } else if (id.length == 0 && !posts) {
        put(body, "[");
        put_conversation(body, by_operator, 118);
        put(body, "]");
    } else if (action.length == 0 || equals(action, "toggle_status") ||
               (equals(action, "update_last_seen") && by_operator)) {
        put_conversation(body, by_operator, conversation ? conversation : 118);
    }
    return false;
}

static bool answer_operator(const struct request *request, struct slice path, uint64_t next_id, struct buffer *body,
                            struct sent_message *message) {
    struct slice resource = next_segment(&path);
    if (equals(resource, "profile")) {
        put(body, profile);
        return false;
    }
    next_segment(&path);
    resource = next_segment(&path);
    if (equals(resource, "conversations")) {
        return answer_conversation(request, path, true, next_id, body, message);
    }
    if (equals(resource, "inboxes") || equals(resource, "labels")) {
        bool is_list = next_segment(&path).length == 0, is_inbox = equals(resource, "inboxes");
        put(body, is_list ? "{\"payload\":[" : "");
        put(body, is_inbox ? operator_inbox : "");
        put(body, is_list ? "]}" : "");
    } else if (equals(resource, "agents")) {
        buffer_format(body, "[%s]", agent);
    } else if (equals(resource, "teams") || equals(resource, "canned_responses")) {
        put(body, "[]");
    } else {
        put(body, "{}");
    }
    return false;
}

static bool answer_client(const struct request *request, struct slice path, uint64_t next_id, struct buffer *body,
                          struct sent_message *message) {
    next_segment(&path);
    next_segment(&path);
    struct slice contacts = next_segment(&path), source = next_segment(&path), resource = next_segment(&path);
    if (equals(resource, "conversations")) {
        return answer_conversation(request, path, false, next_id, body, message);
    }
    if (contacts.length == 0) {
        put(body, client_inbox);
    } else if (equals(request->method, "PATCH") || equals(request->method, "PUT")) {
        put(body, CONTACT);
    } else {
        source = source.length > 0 ? source : member(request->body, "\"source_id\"");
        put(body, "{\"source_id\":\"");
        put_slice(body, source.length > 0 ? source : (struct slice){"bench-contact", 13});
        put(body, "\",\"pubsub_token\":\"bench-contact-pubsub-000\",\"id\":512,\"name\":\"Sara\","
                  "\"email\":\"sara@example.org\",\"phone_number\":\"+966500000001\"}");
    }
    return false;
}

bool endpoint_answer(const struct request *request, uint64_t next_id, struct buffer *body,
                     struct sent_message *message) {
    static const char client_prefix[] = "/public/api/v1/", operator_prefix[] = "/api/v1/";
    struct slice path = request->path;
    size_t client = sizeof client_prefix - 1, operator = sizeof operator_prefix - 1;
    if (path.length >= client && memcmp(path.bytes, client_prefix, client) == 0) {
        path.bytes += client, path.length -= client;
        return answer_client(request, path, next_id, body, message);
    }
    if (path.length >= operator && memcmp(path.bytes, operator_prefix, operator) == 0) {
        path.bytes += operator, path.length -= operator;
        return answer_operator(request, path, next_id, body, message);
    }
    put(body, "{}");
    return false;
}
