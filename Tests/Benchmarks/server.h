/// The platform's sockets: an HTTP/1.1 keep-alive server with an Action Cable endpoint at `/cable`.
///
/// Knows the two protocols and nothing of Chatwoot's endpoints or of the load.
#ifndef BENCHMARK_SERVER_H
#define BENCHMARK_SERVER_H

#include "buffer.h"
#include "loop.h"

#include <stdbool.h>

/// A slice of bytes that belong to someone else.
struct slice {
    const char *bytes;
    size_t length;
};

struct request {
    struct slice method;
    struct slice path; // without the query
    struct slice body;
};

struct connection {
    struct watch watch; // first: the loop hands this back
    struct server *server;
    struct connection *next; // among those to free
    struct buffer in;
    struct buffer out;
    bool is_cable;
    bool is_waiting_to_write;
    bool closes_after_write;
};

/// What the server's owner does with what arrives. `context` is handed back as given.
struct server_events {
    void *context;
    /// Appends the JSON body of the answer; an empty one is an answer without a body.
    void (*requested)(void *context, const struct request *request, struct buffer *body);
    /// A client subscribed; the confirmation is on its way. `identifier` is the JSON string as it came, unquoted.
    void (*subscribed)(void *context, struct connection *connection, struct slice identifier);
    void (*closed)(void *context, struct connection *connection);
};

struct server {
    struct watch watch; // first: the loop hands this back
    struct loop *loop;
    struct server_events events;
    struct connection *dead;
    struct connection *cables[16];
    struct buffer body; // scratch space of an answer
};

/// Listens on 127.0.0.1. Returns the port, or -1 with errno.
int server_listen(struct server *server, struct loop *loop, int port, struct server_events events);

/// Sends Action Cable's ping to all sockets.
void server_ping(struct server *server);

/// Writes what is queued; the rest follows when the socket takes more.
void connection_flush(struct connection *connection);

/// Frees the connections that were closed in this step of the loop.
void server_reap(struct server *server);

#endif
