#include "slice.h"

#include <string.h>

bool slice_equals(struct slice slice, const char *text) {
    return slice.length == strlen(text) && memcmp(slice.bytes, text, slice.length) == 0;
}

bool slice_cut(struct slice *slice, const char *text) {
    size_t length = strlen(text);
    if (slice->length < length || memcmp(slice->bytes, text, length) != 0) {
        return false;
    }
    slice->bytes += length, slice->length -= length;
    return true;
}

struct slice slice_segment(struct slice *path) {
    while (path->length > 0 && *path->bytes == '/') {
        path->bytes++, path->length--;
    }
    const char *slash = memchr(path->bytes, '/', path->length);
    struct slice segment = {path->bytes, slash ? (size_t)(slash - path->bytes) : path->length};
    path->bytes += segment.length;
    path->length -= segment.length;
    return segment;
}

uint64_t slice_number(struct slice slice) {
    uint64_t number = 0;
    const char *byte = slice.bytes, *end = byte + slice.length;
    for (; byte < end && *byte >= '0' && *byte <= '9'; byte++) {
        number = number * 10 + (uint64_t)(*byte - '0');
    }
    return number;
}

struct slice slice_member(struct slice json, const char *name) {
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

void slice_append(struct buffer *out, struct slice slice) { buffer_append(out, slice.bytes, slice.length); }
