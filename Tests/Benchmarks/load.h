/// The load driver: sends events, matches replies to them, and measures.
///
/// A state machine without sockets: it takes the time as an argument and appends frames to a buffer.
#ifndef BENCHMARK_LOAD_H
#define BENCHMARK_LOAD_H

#include "event.h"
#include "phase.h"
#include "process.h"

enum load_state {
    LOAD_SETTLING,  // the contestant has subscribed, or the phase before has ended: let it come to rest
    LOAD_WARMING,   // events that are not measured
    LOAD_PAUSING,   // between warm-up and measurement
    LOAD_MEASURING, // events that are
    LOAD_DRAINING,  // all answered: what the contestant still writes down belongs to the phase
    LOAD_DONE,
};

/// What is counted over the warm-up or over the measured events.
struct load_stage {
    uint64_t first_token;
    unsigned total;
    unsigned issued;
    unsigned answered;
    unsigned duplicates; // replies to an event that was answered before
    unsigned misrouted;  // replies to another conversation than the event's
    unsigned reordered;  // replies of a session out of the order of its events
    unsigned late;       // open loop: events that the driver itself could not send when they were due
    uint64_t started;
    uint64_t last_reply;
    struct process_sample process;
    uint64_t own_cpu;
};

struct load {
    struct phase *phases;
    unsigned phase_count;
    unsigned current;
    enum load_state state;
    uint64_t until; // settling, pausing, draining: when that ends
    uint64_t settle;
    const char *pid_file;
    struct event_template event;
    uint64_t next_id;
    uint64_t next_token;
    unsigned unmatched; // replies that belong to no event of the running stage
    unsigned due;       // open loop: events that the clock has asked for
    struct load_stage stage;
    uint64_t *sent;            // by event of the stage: when; 0 once answered
    uint64_t *latencies;       // by reply
    uint64_t *answered_tokens; // by session: the last token answered
    bool lost_any;
};

/// The contestant is there: the first phase starts after `settle` nanoseconds.
void load_start(struct load *load, uint64_t now);

/// Appends the frames that may be sent now.
void load_fill(struct load *load, uint64_t now, struct buffer *out);

/// A message arrived in a conversation; the first digits in its text are the token that it answers.
void load_reply(struct load *load, uint64_t conversation, const char *text, size_t length, uint64_t now);

/// To be called often: ends pauses, and stages that get no more replies. Prints the phase that it ends.
void load_tick(struct load *load, uint64_t now);

/// Nanoseconds between two events of an open loop that is running; 0 when none is.
uint64_t load_interval(const struct load *load);

/// The clock of the open loop fired so often.
void load_due(struct load *load, uint64_t count);

#endif
