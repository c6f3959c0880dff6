#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *buffer_reserve(struct buffer *buffer, size_t length) {
    if (buffer->end + length > buffer->capacity && buffer->start > 0) {
        memmove(buffer->storage, buffer_bytes(buffer), buffer_length(buffer));
        buffer->end -= buffer->start;
        buffer->start = 0;
    }
    if (buffer->end + length > buffer->capacity) {
        size_t capacity = buffer->capacity ? buffer->capacity : 4096;
        while (capacity < buffer->end + length) {
            capacity *= 2;
        }
        char *storage = realloc(buffer->storage, capacity);
        if (!storage) {
            perror("benchmark");
            exit(EXIT_FAILURE);
        }
        buffer->storage = storage;
        buffer->capacity = capacity;
    }
    return buffer->storage + buffer->end;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t length) {
    if (length > 0) {
        memcpy(buffer_reserve(buffer, length), bytes, length);
        buffer_commit(buffer, length);
    }
}

void buffer_format(struct buffer *buffer, const char *format, ...) {
    size_t room = 256;
    for (;;) {
        char *destination = buffer_reserve(buffer, room);
        va_list arguments;
        va_start(arguments, format);
        int length = vsnprintf(destination, room, format, arguments);
        va_end(arguments);
        if (length < 0) {
            return;
        }
        if ((size_t)length < room) {
            buffer_commit(buffer, (size_t)length);
            return;
        }
        room = (size_t)length + 1;
    }
}

void buffer_consume(struct buffer *buffer, size_t length) {
    buffer->start += length;
    if (buffer->start == buffer->end) {
        buffer->start = buffer->end = 0;
    }
}

void buffer_free(struct buffer *buffer) {
    free(buffer->storage);
    memset(buffer, 0, sizeof *buffer);
}
