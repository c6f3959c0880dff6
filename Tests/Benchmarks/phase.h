/// One phase of a measurement, and how a person writes it.
#ifndef BENCHMARK_PHASE_H
#define BENCHMARK_PHASE_H

#include <stdbool.h>

struct phase {
    char name[48];
    unsigned in_flight; // closed loop: so many events wait for their reply at any time
    double rate;        // open loop when not 0: so many events a second, whatever the replies do
    double seconds;     // open loop: how long
    unsigned events;    // closed loop: how many, without the warm-up
    unsigned warmup;    // events before the measured ones
    unsigned sessions;  // distinct conversations, in turn
};

/// 1,000 events at 1 in flight over 1,000 sessions.
struct phase phase_default(void);

/// Sets one field by its name on the command line ("in-flight", "rate", "seconds", "events", "warmup", "sessions",
/// "name"). Returns false when there is no such name or the value is out of range.
bool phase_set(struct phase *phase, const char *name, const char *value);

/// Sets fields from "name=value,name=value". Changes the text.
bool phase_parse(struct phase *phase, char *text);

/// The number of measured events.
unsigned phase_total(const struct phase *phase);

#endif
