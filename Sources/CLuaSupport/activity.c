// What other threads may see and ask of a state. The only part of a state that is shared.
#include "internal.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

struct lh_activity {
    _Atomic uint64_t entered_at;
    _Atomic uint64_t entries;
    _Atomic bool interrupt;
};

lh_activity *lh_activity_create(void) {
    return calloc(1, sizeof(lh_activity));
}

void lh_activity_destroy(lh_activity *activity) {
    free(activity);
}

uint64_t lh_monotonic_now(void) {
    struct timespec now;
#ifdef CLOCK_MONOTONIC_COARSE
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
#else
    clock_gettime(CLOCK_MONOTONIC, &now);
#endif
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void lh_activity_enter(lh_activity *activity) {
    // A left-over request was meant for an entry that has ended.
    atomic_store_explicit(&activity->interrupt, false, memory_order_relaxed);
    const uint64_t entries = atomic_load_explicit(&activity->entries, memory_order_relaxed);
    atomic_store_explicit(&activity->entries, entries + 1, memory_order_relaxed);
    atomic_store_explicit(&activity->entered_at, lh_monotonic_now(), memory_order_release);
}

void lh_activity_leave(lh_activity *activity) {
    atomic_store_explicit(&activity->entered_at, 0, memory_order_release);
}

uint64_t lh_activity_entered_at(const lh_activity *activity) {
    return atomic_load_explicit(&activity->entered_at, memory_order_acquire);
}

uint64_t lh_activity_entries(const lh_activity *activity) {
    return atomic_load_explicit(&activity->entries, memory_order_relaxed);
}

void lh_activity_interrupt(lh_activity *activity) {
    atomic_store_explicit(&activity->interrupt, true, memory_order_release);
}

bool lh_activity_wants_interrupt(const lh_activity *activity) {
    return atomic_load_explicit(&activity->interrupt, memory_order_acquire);
}

bool lh_activity_take_interrupt(lh_activity *activity) {
    return atomic_exchange_explicit(&activity->interrupt, false, memory_order_acq_rel);
}
