#include "microfloor.h"

#include "http_pool.h"

#include <stdio.h>

struct run {
    struct http_pool *pool;
    const char *url;
    unsigned left; // to be sent
    unsigned ended;
    unsigned failed;
};

static void ended(void *context, long status) {
    struct run *run = context;
    run->ended++;
    run->failed += status != 200;
    if (run->left > 0) {
        run->left--;
        http_pool_send(run->pool, run->url, NULL, 0);
    }
}

static void complete(struct run *run, struct loop *loop, int in_flight, unsigned requests) {
    run->ended = 0;
    run->left = requests;
    for (int index = 0; index < in_flight && run->left > 0; index++) {
        run->left--;
        http_pool_send(run->pool, run->url, NULL, 0);
    }
    while (run->ended < requests) {
        loop_step(loop, http_pool_timeout(run->pool, -1));
        http_pool_tick(run->pool);
    }
}

bool microfloor_http(struct buffer *results, const char *url, int in_flight, unsigned requests) {
    static const char *const headers[] = {"Accept: application/json", NULL};
    struct loop loop;
    struct run run = {.url = url};
    if (loop_create(&loop) != 0 || !(run.pool = http_pool_create(&loop, in_flight, headers, ended, &run))) {
        return false;
    }
    complete(&run, &loop, in_flight, requests / 10 + 1);
    uint64_t start = clock_now(), cpu = clock_cpu();
    complete(&run, &loop, in_flight, requests);
    double seconds = (double)(clock_now() - start) / 1e9;
    buffer_format(results,
                  ",\"http_in_flight\":%d,\"http_requests\":%u,\"http_failed\":%u,\"http_requests_per_second\":%.0f,"
                  "\"http_cpu_us_per_request\":%.2f",
                  in_flight, requests, run.failed, requests / seconds, (double)(clock_cpu() - cpu) / 1e3 / requests);
    http_pool_destroy(run.pool);
    return run.failed == 0;
}
