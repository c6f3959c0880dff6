/// What the kernel knows of another process: CPU time and memory.
#ifndef BENCHMARK_PROCESS_H
#define BENCHMARK_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process_sample {
    bool known;
    uint64_t cpu;    // nanoseconds, all threads, also those that have ended
    uint64_t user;   // nanoseconds, in steps of the kernel's tick
    uint64_t system; // nanoseconds, in steps of the kernel's tick
    long resident;   // KiB
    long peak;       // KiB
};

/// Reads a process id from a file. Returns 0 when there is none yet.
pid_t process_read_id(const char *path);

/// `known` is false when there is no such process.
struct process_sample process_sample(pid_t pid);

#endif
