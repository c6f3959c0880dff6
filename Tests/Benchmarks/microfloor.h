/// The parts of `bench-microfloor`: what single operations cost in C. Each appends members to a JSON object.
#ifndef BENCHMARK_MICROFLOOR_H
#define BENCHMARK_MICROFLOOR_H

#include "buffer.h"

#include <stdbool.h>

/// Calls, coroutines, and JSON to tables.
bool microfloor_lua(struct buffer *results);

/// Requests through one libcurl multi handle to `url`, so many in flight and as many connections.
bool microfloor_http(struct buffer *results, const char *url, int in_flight, unsigned requests);

/// Rows of 1.5 KiB appended in groups of 500 to a new database in `directory`, which is removed again.
bool microfloor_sqlite(struct buffer *results, const char *directory);

#endif
