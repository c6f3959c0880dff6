#include "endpoints.h"

#include "twin.h"

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

static void put(struct buffer *body, const char *text) { buffer_append(body, text, strlen(text)); }

/// The created message as the API of its role shows it.
static void put_message(struct buffer *body, bool by_operator, uint64_t id, const struct sent_message *message,
                        struct slice echo) {
    buffer_format(body, "{\"id\":%llu,\"content\":\"", (unsigned long long)id);
    slice_append(body, message->content);
    buffer_format(body, "\",\"conversation_id\":%llu,\"message_type\":%d,\"content_type\":\"text\","
                        "\"content_attributes\":{},\"created_at\":%lld,\"sender\":",
                  (unsigned long long)message->conversation, by_operator ? 1 : 0, (long long)time(NULL));
    put(body, by_operator ? USER : CONTACT);
    if (by_operator) {
        put(body, ",\"inbox_id\":9,\"status\":\"sent\",\"private\":false,\"source_id\":null");
        if (echo.length > 0) {
            put(body, ",\"echo_id\":\"");
            slice_append(body, echo);
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
    struct slice id = slice_segment(&path), action = slice_segment(&path);
    bool posts = slice_equals(request->method, "POST");
    uint64_t conversation = slice_number(id);
    if (slice_equals(action, "messages") && posts) {
        *message = (struct sent_message){conversation, slice_member(request->body, "\"content\"")};
        put_message(body, by_operator, next_id, message, slice_member(request->body, "\"echo_id\""));
        return true;
    }
    if (slice_equals(action, "messages")) {
        put(body, by_operator ? "{\"meta\":{\"labels\":[],\"additional_attributes\":{},\"contact\":" CONTACT
                                "},\"payload\":[]}"
                              : "[]");
    } else if (slice_equals(action, "toggle_status") && by_operator) {
        buffer_format(body, "{\"meta\":{},\"payload\":{\"success\":true,\"conversation_id\":%llu,"
                            "\"current_status\":\"open\",\"snoozed_until\":null}}", (unsigned long long)conversation);
    } else if (slice_equals(action, "assignments")) {
        put(body, agent);
    } else if (slice_equals(action, "labels")) {
        put(body, "{\"payload\":[]}");
    } else if (slice_equals(action, "custom_attributes")) {
        put(body, "{\"custom_attributes\":{}}");
    } else if (slice_equals(id, "meta")) {
        buffer_format(body, "{\"meta\":%s}", counts);
    } else if (id.length == 0 && !posts && by_operator) {
        buffer_format(body, "{\"data\":{\"meta\":%s,\"payload\":[]}}", counts);
    } else if (id.length == 0 && !posts) {
        put(body, "[");
        put_conversation(body, by_operator, 118);
        put(body, "]");
    } else if (action.length == 0 || slice_equals(action, "toggle_status") ||
               (slice_equals(action, "update_last_seen") && by_operator)) {
        put_conversation(body, by_operator, conversation ? conversation : 118);
    }
    return false;
}

static bool answer_operator(const struct request *request, struct slice path, uint64_t next_id, struct buffer *body,
                            struct sent_message *message) {
    struct slice resource = slice_segment(&path);
    if (slice_equals(resource, "profile")) {
        put(body, profile);
        return false;
    }
    slice_segment(&path);
    resource = slice_segment(&path);
    if (slice_equals(resource, "conversations")) {
        return answer_conversation(request, path, true, next_id, body, message);
    }
    if (slice_equals(resource, "inboxes") || slice_equals(resource, "labels")) {
        bool is_list = slice_segment(&path).length == 0, is_inbox = slice_equals(resource, "inboxes");
        put(body, is_list ? "{\"payload\":[" : "");
        put(body, is_inbox ? operator_inbox : "");
        put(body, is_list ? "]}" : "");
    } else if (slice_equals(resource, "agents")) {
        buffer_format(body, "[%s]", agent);
    } else if (slice_equals(resource, "teams") || slice_equals(resource, "canned_responses")) {
        put(body, "[]");
    } else {
        put(body, "{}");
    }
    return false;
}

static bool answer_client(const struct request *request, struct slice path, uint64_t next_id, struct buffer *body,
                          struct sent_message *message) {
    slice_segment(&path);
    slice_segment(&path);
    struct slice contacts = slice_segment(&path), source = slice_segment(&path), resource = slice_segment(&path);
    if (slice_equals(resource, "conversations")) {
        return answer_conversation(request, path, false, next_id, body, message);
    }
    if (contacts.length == 0) {
        put(body, client_inbox);
    } else if (slice_equals(request->method, "PATCH") || slice_equals(request->method, "PUT")) {
        put(body, CONTACT);
    } else {
        source = source.length > 0 ? source : slice_member(request->body, "\"source_id\"");
        put(body, "{\"source_id\":\"");
        slice_append(body, source.length > 0 ? source : (struct slice){"bench-contact", 13});
        put(body, "\",\"pubsub_token\":\"bench-contact-pubsub-000\",\"id\":512,\"name\":\"Sara\","
                  "\"email\":\"sara@example.org\",\"phone_number\":\"+966500000001\"}");
    }
    return false;
}

bool endpoint_answer(const struct request *request, uint64_t next_id, struct buffer *body,
                     struct sent_message *message) {
    struct slice path = request->path;
    if (slice_cut(&path, "/public/api/v1/")) {
        return answer_client(request, path, next_id, body, message);
    }
    if (slice_cut(&path, "/api/v1/")) {
        return answer_operator(request, path, next_id, body, message);
    }
    if (slice_cut(&path, "/iam/api/v1/")) {
        twin_answer_account(path, body);
        return false;
    }
    if (slice_cut(&path, "/chat/api/v1/")) {
        return twin_answer_chat(request, path, next_id, body, message);
    }
    put(body, "{}");
    return false;
}
