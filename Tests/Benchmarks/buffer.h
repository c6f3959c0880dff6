/// A growable queue of bytes: appended at the end, consumed from the front.
///
/// Running out of memory ends the program: a benchmark has nothing better to do.
#ifndef BENCHMARK_BUFFER_H
#define BENCHMARK_BUFFER_H

#include <stddef.h>
#include <stdint.h>

struct buffer {
    char *storage;
    size_t start;
    size_t end;
    size_t capacity;
};

static inline char *buffer_bytes(const struct buffer *buffer) { return buffer->storage + buffer->start; }

static inline size_t buffer_length(const struct buffer *buffer) { return buffer->end - buffer->start; }

/// Makes room for `length` more bytes and returns where they go; `buffer_commit` makes them part of the queue.
char *buffer_reserve(struct buffer *buffer, size_t length);

static inline void buffer_commit(struct buffer *buffer, size_t length) { buffer->end += length; }

void buffer_append(struct buffer *buffer, const void *bytes, size_t length);

void buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

void buffer_consume(struct buffer *buffer, size_t length);

void buffer_free(struct buffer *buffer);

#endif
