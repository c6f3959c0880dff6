/// A slice of bytes that belong to someone else, and what is read out of paths and JSON with it.
#ifndef BENCHMARK_SLICE_H
#define BENCHMARK_SLICE_H

#include "buffer.h"

#include <stdbool.h>

struct slice {
    const char *bytes;
    size_t length;
};

bool slice_equals(struct slice slice, const char *text);

/// Cuts a text off the front. Returns false, and changes nothing, when the slice begins with something else.
bool slice_cut(struct slice *slice, const char *text);

/// Cuts the next segment off the front of a path.
struct slice slice_segment(struct slice *path);

/// The decimal number at the front; 0 when there is none.
uint64_t slice_number(struct slice slice);

/// The text behind the first `"name"` of some JSON, escaped as it came and without its quotes; empty when there is none.
struct slice slice_member(struct slice json, const char *name);

void slice_append(struct buffer *out, struct slice slice);

#endif
