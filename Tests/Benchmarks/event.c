#include "event.h"

#include "twin.h"
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

void event_template_set(struct event_template *template, const char *identifier, size_t length, bool is_publication,
                        bool to_operator) {
    free(template->identifier);
    *template = (struct event_template){strndup(identifier, length), is_publication, to_operator, 0};
}

/// Writes a cable frame up to the value that fills it. Returns its length.
static int write_message(struct event_template *template, uint64_t id, uint64_t conversation, uint64_t token,
                         char *text, size_t size) {
    char updated[32];
    time_t now = time(NULL);
    struct tm parts;
    gmtime_r(&now, &parts);
    strftime(updated, sizeof updated, "%Y-%m-%dT%H:%M:%S.000Z", &parts);
    return snprintf(
        text, size,
        "{\"identifier\":\"%s\",\"message\":{\"event\":\"message.created\",\"data\":{\"id\":%llu,"
        "\"content\":\"ping %llu\",\"account_id\":3,\"inbox_id\":9,\"conversation_id\":%llu,\"message_type\":%d,"
        "\"created_at\":%lld,\"updated_at\":\"%s\",\"private\":false,\"status\":\"sent\",\"source_id\":null,"
        "\"content_type\":\"text\",\"content_attributes\":{},%s"
        "\"conversation\":{\"assignee_id\":null,\"unread_count\":1,\"last_activity_at\":%lld,"
        "\"contact_inbox\":{\"source_id\":\"bench-%llu\"}},\"processed_message_content\":\"ping %llu ",
        template->identifier, (unsigned long long)id, (unsigned long long)token, (unsigned long long)conversation,
        template->to_operator ? 0 : 1, (long long)now, updated, template->to_operator ? from_contact : from_operator,
        (long long)now, (unsigned long long)conversation, (unsigned long long)token);
}

/// Writes a publication up to the value that fills it, a signed link. Returns its length.
static int write_publication(struct event_template *template, uint64_t id, uint64_t conversation, uint64_t token,
                             char *text, size_t size) {
    char now[32];
    twin_format_time(time(NULL), now);
    return snprintf(
        text, size,
        "{\"push\":{\"channel\":\"%s\",\"pub\":{\"offset\":%llu,\"data\":{\"event\":\"chatMessageCreated\",\"data\":{"
        "\"id\":\"" TWIN_MESSAGE_ID "\",\"sessionId\":\"" TWIN_SESSION_ID "\",\"authorId\":\"" TWIN_CLIENT_ID "\","
        "\"authorType\":\"CLIENT\",\"authorName\":\"Sara\",\"type\":\"REGULAR\",\"body\":\"ping %llu\","
        "\"answers\":[],\"keyboard\":[],\"actions\":[],\"attachments\":[],\"createdAt\":\"%s\",\"updatedAt\":\"%s\","
        "\"readAt\":null,\"replyTo\":null,\"avatar\":\"https://files.example.com/avatars/sara.png?signature=",
        template->identifier, (unsigned long long)++template->offset, (unsigned long long)id,
        (unsigned long long)conversation, (unsigned long long)conversation, (unsigned long long)token, now, now);
}

void event_write(struct event_template *template, uint64_t id, uint64_t conversation, uint64_t token,
                 struct buffer *out) {
    char text[2 * EVENT_BYTES];
    int head = (template->is_publication ? write_publication
                                         : write_message)(template, id, conversation, token, text, sizeof text);
    const char *ending = template->is_publication ? "\"}}}}}" : "\"}}}";
    size_t length = head < 0 ? 0 : (size_t)head, end = strlen(ending);
    if (length > sizeof text - end) {
        fputs("bench-platform: the subscription's identifier is too long for an event\n", stderr);
        exit(EXIT_FAILURE);
    }
    // The last text grows until the event has its size, whatever the identifier's.
    while (length + end < EVENT_BYTES) {
        text[length++] = '.';
    }
    memcpy(text + length, ending, end);
    websocket_write(out, WEBSOCKET_TEXT, text, length + end);
}
