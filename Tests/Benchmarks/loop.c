#include "loop.h"

#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

int loop_create(struct loop *loop) {
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    return loop->epoll < 0 ? -1 : 0;
}

static int control(struct loop *loop, int operation, struct watch *watch, uint32_t events) {
    struct epoll_event event = {.events = events, .data = {.ptr = watch}};
    return epoll_ctl(loop->epoll, operation, watch->fd, &event);
}

int loop_add(struct loop *loop, struct watch *watch, uint32_t events) {
    return control(loop, EPOLL_CTL_ADD, watch, events);
}

int loop_change(struct loop *loop, struct watch *watch, uint32_t events) {
    return control(loop, EPOLL_CTL_MOD, watch, events);
}

void loop_remove(struct loop *loop, struct watch *watch) { control(loop, EPOLL_CTL_DEL, watch, 0); }

void loop_step(struct loop *loop, int timeout) {
    struct epoll_event events[128];
    int count = epoll_wait(loop->epoll, events, 128, timeout);
    for (int index = 0; index < count; index++) {
        struct watch *watch = events[index].data.ptr;
        if (watch->fd >= 0) {
            watch->ready(watch, events[index].events);
        }
    }
}

int timer_create_fd(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC); }

void timer_set_interval(int fd, uint64_t interval) {
    struct timespec span = {.tv_sec = (time_t)(interval / 1000000000), .tv_nsec = (long)(interval % 1000000000)};
    struct itimerspec setting = {.it_interval = span, .it_value = span};
    timerfd_settime(fd, 0, &setting, NULL);
}

uint64_t timer_expirations(int fd) {
    uint64_t count = 0;
    return read(fd, &count, sizeof count) == sizeof count ? count : 0;
}

static uint64_t nanoseconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

uint64_t clock_now(void) { return nanoseconds(CLOCK_MONOTONIC); }

uint64_t clock_cpu(void) { return nanoseconds(CLOCK_PROCESS_CPUTIME_ID); }
