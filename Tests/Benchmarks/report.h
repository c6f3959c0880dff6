/// The results, one JSON object a line on the standard output.
#ifndef BENCHMARK_REPORT_H
#define BENCHMARK_REPORT_H

#include "load.h"

/// Prints a finished phase. Sorts `latencies`.
void report_phase(const struct phase *phase, const struct load_stage *stage, const struct process_sample *end,
                  uint64_t own_cpu, uint64_t *latencies, unsigned unmatched);

/// Prints that the platform listens.
void report_port(int port);

/// Prints that the contestant is subscribed, with the wall clock, so that its start can be timed from outside.
void report_subscribed(bool to_operator);

/// Prints the contestant's memory before the first event.
void report_idle(const struct process_sample *sample);

#endif
