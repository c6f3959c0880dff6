/// Requests over one libcurl multi handle with a fixed number of keep-alive connections.
///
/// One easy handle per connection; requests beyond that wait in a queue here rather than inside libcurl.
#ifndef BENCHMARK_HTTP_POOL_H
#define BENCHMARK_HTTP_POOL_H

#include "loop.h"

#include <stddef.h>

struct http_pool;

/// Called when a request has ended: the HTTP status, or 0 when it failed on the way.
typedef void (*http_done)(void *context, long status);

/// `headers` go with every request, besides libcurl's own. Returns NULL when libcurl does not start.
struct http_pool *http_pool_create(struct loop *loop, int connections, const char *const *headers, http_done done,
                                   void *context);

void http_pool_destroy(struct http_pool *pool);

/// Sends a POST with a copy of the body, or a GET when `body` is NULL.
void http_pool_send(struct http_pool *pool, const char *url, const void *body, size_t length);

/// Milliseconds until `http_pool_tick` is due, at most `limit` (-1: for ever).
int http_pool_timeout(const struct http_pool *pool, int limit);

/// To be called after each step of the loop: runs libcurl's timers.
void http_pool_tick(struct http_pool *pool);

#endif
