/// `bench-platform`: stands in as a Chatwoot-family platform, or as TWIN24, and drives the load.
///
/// Both contestants meet the same program: it sends them events over Action Cable or Centrifuge, whichever they connect
/// to, takes their replies over REST and prints, as JSON lines, how fast they were and what CPU time they took. It must
/// cost little itself.

#include "endpoints.h"
#include "load.h"
#include "report.h"
#include "server.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

static const char usage[] =
    "usage: bench-platform [--port N] [--role operator|client] [--pid-file PATH] [--settle MS] [--trace]\n"
    "                      [--connect-timeout S] [--in-flight N] [--events N] [--rate N] [--seconds S]\n"
    "                      [--sessions N] [--warmup N] [--name TEXT] [--phase KEY=VALUE,...]...\n"
    "The options of the load are those of a --phase and the defaults of the phases after them.\n"
    "Without any it answers until it is killed.\n";

/// A timer that sets a flag's count when it fires.
struct timer {
    struct watch watch; // first: the loop hands this back
    uint64_t fired;
};

struct platform {
    struct loop loop;
    struct server server;
    struct load load;
    struct connection *subscriber;
    struct timer tick;
    struct timer pace;
    uint64_t interval;
    bool to_operator;
    bool is_tracing;
    bool was_left;
    uint64_t deadline; // for the subscription; 0: none
};

static const uint64_t tick_interval = 20000000;
static const uint64_t ticks_per_ping = 150;

static void timer_ready(struct watch *watch, uint32_t events) {
    (void)events;
    ((struct timer *)watch)->fired += timer_expirations(watch->fd);
}

static bool timer_add(struct loop *loop, struct timer *timer, uint64_t interval) {
    timer->watch = (struct watch){.fd = timer_create_fd(), .ready = timer_ready};
    timer_set_interval(timer->watch.fd, interval);
    return timer->watch.fd >= 0 && loop_add(loop, &timer->watch, EPOLLIN) == 0;
}

static void requested(void *context, const struct request *request, struct buffer *body) {
    struct platform *platform = context;
    struct sent_message message;
    if (platform->is_tracing) {
        fprintf(stderr, "%.*s %.*s %.*s\n", (int)request->method.length, request->method.bytes,
                (int)request->path.length, request->path.bytes, (int)request->body.length, request->body.bytes);
    }
    if (endpoint_answer(request, platform->load.next_id, body, &message)) {
        platform->load.next_id++;
        load_reply(&platform->load, message.conversation, message.content.bytes, message.content.length, clock_now());
    }
}

static void subscribed(void *context, struct connection *connection, struct slice identifier, bool is_operator) {
    struct platform *platform = context;
    report_subscribed(is_operator);
    if (!platform->subscriber && is_operator == platform->to_operator && platform->load.phase_count > 0) {
        platform->subscriber = connection;
        event_template_set(&platform->load.event, identifier.bytes, identifier.length,
                           connection->stream == STREAM_CENTRIFUGE, is_operator);
        load_start(&platform->load, clock_now());
    }
}

static void closed(void *context, struct connection *connection) {
    struct platform *platform = context;
    if (connection == platform->subscriber) {
        platform->subscriber = NULL;
        platform->was_left = true;
    }
}

static int run(struct platform *platform) {
    struct load *load = &platform->load;
    uint64_t ticks = 0;
    bool was_idle = false;
    while (load->phase_count == 0 || load->state != LOAD_DONE) {
        loop_step(&platform->loop, -1);
        uint64_t now = clock_now();
        if (platform->was_left) {
            fputs("bench-platform: the contestant closed its socket before the end\n", stderr);
            return 3;
        }
        if (platform->tick.fired > 0) {
            uint64_t before = ticks / ticks_per_ping;
            ticks += platform->tick.fired;
            platform->tick.fired = 0;
            if (ticks / ticks_per_ping != before) {
                server_ping(&platform->server);
            }
            if (!platform->subscriber && platform->deadline > 0 && now > platform->deadline) {
                fputs("bench-platform: no contestant has subscribed in time\n", stderr);
                return 2;
            }
            if (platform->subscriber && !was_idle && now >= load->until) {
                struct process_sample sample = process_sample(process_read_id(load->pid_file));
                report_idle(&sample);
                was_idle = true;
            }
            if (platform->subscriber) {
                load_tick(load, now);
            }
        }
        if (platform->subscriber) {
            if (load_interval(load) != platform->interval) {
                platform->interval = load_interval(load);
                platform->pace.fired = 0;
                timer_set_interval(platform->pace.watch.fd, platform->interval);
            }
            load_due(load, platform->pace.fired);
            platform->pace.fired = 0;
            load_fill(load, now, &platform->subscriber->out);
            connection_flush(platform->subscriber);
        }
        server_reap(&platform->server);
    }
    return EXIT_SUCCESS;
}

enum { PORT = 1, ROLE, PID_FILE, SETTLE, TRACE, CONNECT_TIMEOUT, PHASE, PHASE_FIELD };

static const struct option options[] = {
    {"port", required_argument, NULL, PORT},
    {"role", required_argument, NULL, ROLE},
    {"pid-file", required_argument, NULL, PID_FILE},
    {"settle", required_argument, NULL, SETTLE},
    {"trace", no_argument, NULL, TRACE},
    {"connect-timeout", required_argument, NULL, CONNECT_TIMEOUT},
    {"phase", required_argument, NULL, PHASE},
    {"in-flight", required_argument, NULL, PHASE_FIELD},
    {"events", required_argument, NULL, PHASE_FIELD},
    {"rate", required_argument, NULL, PHASE_FIELD},
    {"seconds", required_argument, NULL, PHASE_FIELD},
    {"sessions", required_argument, NULL, PHASE_FIELD},
    {"warmup", required_argument, NULL, PHASE_FIELD},
    {"name", required_argument, NULL, PHASE_FIELD},
    {0},
};

static void add_phase(struct load *load, struct phase phase) {
    struct phase *phases = realloc(load->phases, (load->phase_count + 1) * sizeof *phases);
    if (!phases) {
        perror("bench-platform");
        exit(EXIT_FAILURE);
    }
    phases[load->phase_count++] = phase;
    load->phases = phases;
}

static bool read_options(struct platform *platform, int count, char **arguments, int *port) {
    struct phase defaults = phase_default();
    bool has_defaults = false;
    double timeout = 60;
    int option, index = 0;
    while ((option = getopt_long(count, arguments, "", options, &index)) != -1) {
        struct phase phase = defaults;
        switch (option) {
        case PORT:
            *port = atoi(optarg);
            break;
        case ROLE:
            platform->to_operator = strcmp(optarg, "client") != 0;
            break;
        case PID_FILE:
            platform->load.pid_file = optarg;
            break;
        case SETTLE:
            platform->load.settle = strtoul(optarg, NULL, 10) * 1000000;
            break;
        case TRACE:
            platform->is_tracing = true;
            break;
        case CONNECT_TIMEOUT:
            timeout = atof(optarg);
            break;
        case PHASE:
            if (!phase_parse(&phase, optarg)) {
                return false;
            }
            add_phase(&platform->load, phase);
            break;
        case PHASE_FIELD:
            has_defaults = true;
            if (!phase_set(&defaults, options[index].name, optarg)) {
                return false;
            }
            break;
        default:
            return false;
        }
    }
    if (platform->load.phase_count == 0 && has_defaults) {
        add_phase(&platform->load, defaults);
    }
    if (platform->load.phase_count > 0) {
        platform->deadline = clock_now() + (uint64_t)(timeout * 1e9);
    }
    return optind == count;
}

int main(int count, char **arguments) {
    static struct platform platform = {.to_operator = true,
                                       .load = {.settle = 1000000000, .next_id = 1000000, .next_token = 1}};
    int port = 0;
    if (!read_options(&platform, count, arguments, &port)) {
        fputs(usage, stderr);
        return EXIT_FAILURE;
    }
    // The default slack of 50 µs would blur the pace of the open loop.
    prctl(PR_SET_TIMERSLACK, 1000);
    struct server_events events = {&platform, requested, subscribed, closed};
    if (loop_create(&platform.loop) != 0 || !timer_add(&platform.loop, &platform.tick, tick_interval) ||
        !timer_add(&platform.loop, &platform.pace, 0) ||
        (port = server_listen(&platform.server, &platform.loop, port, events)) < 0) {
        perror("bench-platform");
        return EXIT_FAILURE;
    }
    report_port(port);
    int status = run(&platform);
    printf("{\"type\":\"done\",\"phases\":%u,\"lost_any\":%s}\n", platform.load.current,
           platform.load.lost_any ? "true" : "false");
    return status;
}
