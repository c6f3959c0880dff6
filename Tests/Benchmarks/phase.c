#include "phase.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double most_events = 50e6;

struct phase phase_default(void) {
    return (struct phase){.in_flight = 1, .events = 1000, .seconds = 10, .warmup = 1000, .sessions = 1000};
}

bool phase_set(struct phase *phase, const char *name, const char *value) {
    if (strcmp(name, "name") == 0) {
        snprintf(phase->name, sizeof phase->name, "%s", value);
        return strpbrk(value, "\"\\") == NULL;
    }
    char *end;
    double number = strtod(value, &end);
    if (end == value || *end != '\0' || !(number >= 0 && number <= most_events)) {
        return false;
    }
    unsigned *count = strcmp(name, "in-flight") == 0  ? &phase->in_flight
                      : strcmp(name, "events") == 0   ? &phase->events
                      : strcmp(name, "warmup") == 0   ? &phase->warmup
                      : strcmp(name, "sessions") == 0 ? &phase->sessions
                                                      : NULL;
    double *measure = strcmp(name, "rate") == 0      ? &phase->rate
                      : strcmp(name, "seconds") == 0 ? &phase->seconds
                                                     : NULL;
    if (count) {
        *count = (unsigned)number;
        return *count > 0 || count == &phase->warmup;
    }
    if (measure) {
        *measure = number;
        return number > 0;
    }
    return false;
}

bool phase_parse(struct phase *phase, char *text) {
    char *rest = NULL;
    for (char *item = strtok_r(text, ",", &rest); item; item = strtok_r(NULL, ",", &rest)) {
        char *equals = strchr(item, '=');
        if (!equals) {
            return false;
        }
        *equals = '\0';
        if (!phase_set(phase, item, equals + 1)) {
            return false;
        }
    }
    return true;
}

unsigned phase_total(const struct phase *phase) {
    double total = phase->rate > 0 ? phase->rate * phase->seconds : phase->events;
    return total < 1 ? 1 : total > most_events ? (unsigned)most_events : (unsigned)total;
}
