#include "event.h"

#include "websocket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char from_contact[] =
    "\"sender_type\":\"Contact\",\"sender_id\":512,\"external_source_ids\":{},\"additional_attributes\":{},"
    "\"sentiment\":{},\"sender\":{\"additional_attributes\":{},\"custom_attributes\":{\"tier\":\"gold\"},"
    "\"email\":\"sara@example.org\",\"id\":512,\"identifier\":\"user-42\",\"name\":\"Sara\","
    "\"phone_number\":\"+966500000001\",\"thumbnail\":\"\",\"blocked\":false,\"type\":\"contact\"},";

static const char from_operator[] =
    "\"sender_type\":\"User\",\"sender_id\":21,\"external_source_ids\":{},\"additional_attributes\":{},"
    "\"sentiment\":{},\"sender\":{\"id\":21,\"name\":\"Omar\",\"available_name\":\"Omar\",\"avatar_url\":\"\","
    "\"type\":\"user\",\"availability_status\":\"online\",\"thumbnail\":\"\"},";

static const char ending[] = "\"}}}";

void event_template_set(struct event_template *template, const char *identifier, size_t length) {
    free(template->identifier);
    template->identifier = strndup(identifier, length);
    template->to_operator = template->identifier && strstr(template->identifier, "user_id") != NULL;
}

void event_write(const struct event_template *template, uint64_t id, uint64_t conversation, uint64_t token,
                 struct buffer *out) {
    char text[2 * EVENT_BYTES], updated[32];
    time_t now = time(NULL);
    struct tm parts;
    gmtime_r(&now, &parts);
    strftime(updated, sizeof updated, "%Y-%m-%dT%H:%M:%S.000Z", &parts);
    int head = snprintf(
        text, sizeof text,
        "{\"identifier\":\"%s\",\"message\":{\"event\":\"message.created\",\"data\":{\"id\":%llu,"
        "\"content\":\"ping %llu\",\"account_id\":3,\"inbox_id\":9,\"conversation_id\":%llu,\"message_type\":%d,"
        "\"created_at\":%lld,\"updated_at\":\"%s\",\"private\":false,\"status\":\"sent\",\"source_id\":null,"
        "\"content_type\":\"text\",\"content_attributes\":{},%s"
        "\"conversation\":{\"assignee_id\":null,\"unread_count\":1,\"last_activity_at\":%lld,"
        "\"contact_inbox\":{\"source_id\":\"bench-%llu\"}},\"processed_message_content\":\"ping %llu ",
        template->identifier, (unsigned long long)id, (unsigned long long)token, (unsigned long long)conversation,
        template->to_operator ? 0 : 1, (long long)now, updated, template->to_operator ? from_contact : from_operator,
        (long long)now, (unsigned long long)conversation, (unsigned long long)token);
    size_t length = head < 0 ? 0 : (size_t)head;
    if (length > sizeof text - sizeof ending) {
        fputs("bench-platform: the subscription's identifier is too long for an event\n", stderr);
        exit(EXIT_FAILURE);
    }
    // The last text grows until the event has its size, whatever the identifier's.
    while (length + sizeof ending - 1 < EVENT_BYTES) {
        text[length++] = '.';
    }
    memcpy(text + length, ending, sizeof ending - 1);
    websocket_write(out, WEBSOCKET_TEXT, text, length + sizeof ending - 1);
}
