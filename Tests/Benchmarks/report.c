#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int ascending(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/// Microseconds below which the given share of the latencies lies (nearest rank).
static double percentile(const uint64_t *latencies, unsigned count, double share) {
    unsigned rank = (unsigned)(share * count + 0.999999);
    return count == 0 ? 0 : (double)latencies[rank == 0 ? 0 : rank > count ? count - 1 : rank - 1] / 1e3;
}

static void print_latencies(const uint64_t *latencies, unsigned count) {
    double sum = 0;
    for (unsigned index = 0; index < count; index++) {
        sum += (double)latencies[index] / 1e3;
    }
    printf(",\"latency_us\":{\"mean\":%.1f,\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"p99.9\":%.1f,\"max\":%.1f}",
           count ? sum / count : 0, percentile(latencies, count, 0.5), percentile(latencies, count, 0.9),
           percentile(latencies, count, 0.99), percentile(latencies, count, 0.999), percentile(latencies, count, 1));
}

static void print_process(const struct process_sample *start, const struct process_sample *end, double events) {
    if (!start->known || !end->known || end->cpu < start->cpu) {
        printf(",\"cpu_us_per_event\":null,\"cpu_user_us_per_event\":null,\"cpu_system_us_per_event\":null,"
               "\"rss_start_kib\":null,\"rss_end_kib\":null,\"rss_peak_kib\":null");
        return;
    }
    printf(",\"cpu_us_per_event\":%.2f,\"cpu_user_us_per_event\":%.2f,\"cpu_system_us_per_event\":%.2f,"
           "\"rss_start_kib\":%ld,\"rss_end_kib\":%ld,\"rss_peak_kib\":%ld",
           (double)(end->cpu - start->cpu) / 1e3 / events, (double)(end->user - start->user) / 1e3 / events,
           (double)(end->system - start->system) / 1e3 / events, start->resident, end->resident, end->peak);
}

void report_phase(const struct phase *phase, const struct load_stage *stage, const struct process_sample *end,
                  uint64_t own_cpu, uint64_t *latencies, unsigned unmatched) {
    double seconds = (double)(stage->last_reply - stage->started) / 1e9;
    double answered = stage->answered ? stage->answered : 1;
    qsort(latencies, stage->answered, sizeof *latencies, ascending);
    printf("{\"type\":\"phase\",\"name\":\"%s\",\"loop\":\"%s\"", phase->name, phase->rate > 0 ? "open" : "closed");
    if (phase->rate > 0) {
        printf(",\"in_flight\":null,\"rate\":%.1f", phase->rate);
    } else {
        printf(",\"in_flight\":%u,\"rate\":null", phase->in_flight);
    }
    printf(",\"sessions\":%u,\"event_bytes\":%d,\"warmup\":%u", phase->sessions, EVENT_BYTES, phase->warmup);
    printf(",\"events\":%u,\"answered\":%u,\"lost\":%u", stage->issued, stage->answered,
           stage->issued - stage->answered);
    printf(",\"duplicates\":%u,\"misrouted\":%u,\"reordered\":%u,\"unmatched\":%u,\"sent_late\":%u", stage->duplicates,
           stage->misrouted, stage->reordered, unmatched, stage->late);
    printf(",\"seconds\":%.3f,\"events_per_second\":%.0f", seconds, seconds > 0 ? stage->answered / seconds : 0);
    print_latencies(latencies, stage->answered);
    print_process(&stage->process, end, answered);
    printf(",\"platform_cpu_us_per_event\":%.2f}\n", (double)own_cpu / 1e3 / answered);
    fflush(stdout);
}

void report_port(int port) {
    printf("{\"type\":\"listening\",\"port\":%d}\n", port);
    fflush(stdout);
}

void report_subscribed(bool to_operator) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    printf("{\"type\":\"subscribed\",\"role\":\"%s\",\"at_us\":%lld}\n", to_operator ? "operator" : "client",
           (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
    fflush(stdout);
}

void report_idle(const struct process_sample *sample) {
    if (sample->known) {
        printf("{\"type\":\"idle\",\"rss_kib\":%ld,\"rss_peak_kib\":%ld,\"cpu_ms\":%.1f}\n", sample->resident,
               sample->peak, (double)sample->cpu / 1e6);
        fflush(stdout);
    }
}
