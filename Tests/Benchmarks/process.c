#include "process.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

pid_t process_read_id(const char *path) {
    FILE *file = path ? fopen(path, "r") : NULL;
    int pid = 0;
    if (file) {
        if (fscanf(file, "%d", &pid) != 1) {
            pid = 0;
        }
        fclose(file);
    }
    return pid;
}

static void read_times(pid_t pid, struct process_sample *sample) {
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file) {
        return;
    }
    unsigned long user = 0, system = 0;
    if (fgets(line, sizeof line, file)) {
        // The name of the program, in parentheses, may itself hold spaces and parentheses.
        const char *rest = strrchr(line, ')');
        if (rest && sscanf(rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) == 2) {
            uint64_t tick = 1000000000 / (uint64_t)sysconf(_SC_CLK_TCK);
            sample->user = user * tick;
            sample->system = system * tick;
        }
    }
    fclose(file);
}

static void read_memory(pid_t pid, struct process_sample *sample) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file) {
        return;
    }
    while (fgets(line, sizeof line, file)) {
        sscanf(line, "VmHWM: %ld", &sample->peak);
        sscanf(line, "VmRSS: %ld", &sample->resident);
    }
    fclose(file);
}

struct process_sample process_sample(pid_t pid) {
    struct process_sample sample = {0};
    clockid_t clock;
    struct timespec time;
    // The tick of /proc/PID/stat is 10 ms; the process's own CPU clock counts nanoseconds.
    if (pid <= 0 || clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) {
        return sample;
    }
    sample.known = true;
    sample.cpu = (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
    read_times(pid, &sample);
    read_memory(pid, &sample);
    return sample;
}
