#include "load.h"

#include "loop.h"
#include "report.h"

#include <stdio.h>
#include <stdlib.h>

static const uint64_t first_conversation = 1000;
static const uint64_t pause = 100000000;
static const uint64_t patience = 5000000000;

static struct phase *current_phase(const struct load *load) { return &load->phases[load->current]; }

static bool is_running(const struct load *load) {
    return load->state == LOAD_WARMING || load->state == LOAD_MEASURING;
}

static void *allocate(void *old, size_t count, size_t size) {
    free(old);
    void *memory = calloc(count ? count : 1, size);
    if (!memory) {
        perror("bench-platform");
        exit(EXIT_FAILURE);
    }
    return memory;
}

static void wait_for(struct load *load, enum load_state state, uint64_t until) {
    load->state = state;
    load->until = until;
}

void load_start(struct load *load, uint64_t now) {
    load->unmatched = 0;
    wait_for(load, LOAD_SETTLING, now + load->settle);
}

static void begin_stage(struct load *load, enum load_state state, unsigned total, uint64_t now) {
    const struct phase *phase = current_phase(load);
    load->state = state;
    load->due = 0;
    load->sent = allocate(load->sent, total, sizeof *load->sent);
    load->latencies = allocate(load->latencies, total, sizeof *load->latencies);
    load->answered_tokens = allocate(load->answered_tokens, phase->sessions, sizeof *load->answered_tokens);
    load->stage = (struct load_stage){
        .first_token = load->next_token,
        .total = total,
        .started = now,
        .last_reply = now,
        .process = process_sample(process_read_id(load->pid_file)),
        .own_cpu = clock_cpu(),
    };
}

static void end_phase(struct load *load, uint64_t now) {
    struct load_stage *stage = &load->stage;
    struct process_sample end = process_sample(process_read_id(load->pid_file));
    load->lost_any |= stage->answered < stage->total;
    report_phase(current_phase(load), stage, &end, clock_cpu() - stage->own_cpu, load->latencies, load->unmatched);
    load->unmatched = 0;
    load->current++;
    if (load->current == load->phase_count) {
        load->state = LOAD_DONE;
    } else {
        wait_for(load, LOAD_SETTLING, now + pause);
    }
}

void load_tick(struct load *load, uint64_t now) {
    const struct phase *phase = current_phase(load);
    struct load_stage *stage = &load->stage;
    switch (load->state) {
    case LOAD_SETTLING:
        if (now >= load->until) {
            begin_stage(load, LOAD_WARMING, phase->warmup, now);
        }
        break;
    case LOAD_WARMING:
    case LOAD_MEASURING:
        if (stage->answered == stage->total || now > stage->last_reply + patience) {
            wait_for(load, load->state == LOAD_WARMING ? LOAD_PAUSING : LOAD_DRAINING, now + pause);
        }
        break;
    case LOAD_PAUSING:
        if (now >= load->until) {
            begin_stage(load, LOAD_MEASURING, phase_total(phase), now);
        }
        break;
    case LOAD_DRAINING:
        if (now >= load->until) {
            end_phase(load, now);
        }
        break;
    case LOAD_DONE:
        break;
    }
}

void load_fill(struct load *load, uint64_t now, struct buffer *out) {
    if (!is_running(load)) {
        return;
    }
    const struct phase *phase = current_phase(load);
    struct load_stage *stage = &load->stage;
    while (stage->issued < stage->total) {
        if (phase->rate > 0) {
            if (load->due == 0) {
                return;
            }
            load->due--;
        } else if (stage->issued - stage->answered >= phase->in_flight) {
            return;
        }
        uint64_t token = load->next_token++;
        event_write(&load->event, load->next_id++, first_conversation + token % phase->sessions, token, out);
        load->sent[stage->issued++] = now;
    }
}

/// Reads the first run of digits.
static bool read_token(const char *text, size_t length, uint64_t *token) {
    size_t index = 0;
    while (index < length && (text[index] < '0' || text[index] > '9')) {
        index++;
    }
    bool found = index < length;
    for (*token = 0; index < length && text[index] >= '0' && text[index] <= '9'; index++) {
        *token = *token * 10 + (uint64_t)(text[index] - '0');
    }
    return found;
}

void load_reply(struct load *load, uint64_t conversation, const char *text, size_t length, uint64_t now) {
    struct load_stage *stage = &load->stage;
    uint64_t token;
    if (!is_running(load) || !read_token(text, length, &token) || token < stage->first_token ||
        token - stage->first_token >= stage->issued) {
        load->unmatched++;
        return;
    }
    uint64_t *sent = &load->sent[token - stage->first_token];
    if (*sent == 0) {
        stage->duplicates++;
        return;
    }
    uint64_t session = token % current_phase(load)->sessions;
    stage->misrouted += conversation != first_conversation + session;
    stage->reordered += token < load->answered_tokens[session];
    load->answered_tokens[session] = token;
    load->latencies[stage->answered++] = now - *sent;
    *sent = 0;
    stage->last_reply = now;
}

uint64_t load_interval(const struct load *load) {
    return is_running(load) && current_phase(load)->rate > 0 ? (uint64_t)(1e9 / current_phase(load)->rate) : 0;
}

void load_due(struct load *load, uint64_t count) {
    load->due += (unsigned)count;
    load->stage.late += count > 1 ? (unsigned)count - 1 : 0;
}
