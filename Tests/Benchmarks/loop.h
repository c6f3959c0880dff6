/// An epoll loop of watched file descriptors, and the monotonic clock.
#ifndef BENCHMARK_LOOP_H
#define BENCHMARK_LOOP_H

#include <stdint.h>
#include <sys/epoll.h>

struct loop {
    int epoll;
};

/// A watched descriptor. Embed it as the first member of what `ready` needs to know.
/// It must outlive the `loop_step` in which it is removed: the same step may still hold an event of it.
struct watch {
    int fd;
    void (*ready)(struct watch *watch, uint32_t events);
};

/// Returns 0, or -1 with errno.
int loop_create(struct loop *loop);

int loop_add(struct loop *loop, struct watch *watch, uint32_t events);

int loop_change(struct loop *loop, struct watch *watch, uint32_t events);

void loop_remove(struct loop *loop, struct watch *watch);

/// Waits at most `timeout` milliseconds (-1: for ever) and calls `ready` of each watch that has an event.
/// A watch whose `fd` has become -1 in this step is skipped.
void loop_step(struct loop *loop, int timeout);

/// A timer descriptor that fires each `interval` nanoseconds; 0 disarms it.
int timer_create_fd(void);
void timer_set_interval(int fd, uint64_t interval);

/// How often the timer fired since the last call.
uint64_t timer_expirations(int fd);

/// Nanoseconds of the monotonic clock.
uint64_t clock_now(void);

/// Nanoseconds of CPU time of this process.
uint64_t clock_cpu(void);

#endif
