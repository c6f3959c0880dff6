/// The platform's sockets: an HTTP/1.1 keep-alive server whose WebSockets speak Action Cable or Centrifuge.
///
/// Knows the protocols and nothing of the platforms' endpoints or of the load.
#ifndef BENCHMARK_SERVER_H
#define BENCHMARK_SERVER_H

#include "buffer.h"
#include "loop.h"
#include "slice.h"

struct request {
    struct slice method;
    struct slice path; // without the query
    struct slice body;
};

/// What is spoken on a connection.
enum stream {
    STREAM_NONE, // HTTP, so far
    STREAM_CABLE,
    STREAM_CENTRIFUGE,
};

struct connection {
    struct watch watch; // first: the loop hands this back
    struct server *server;
    struct connection *next; // among those to free
    struct buffer in;
    struct buffer out;
    enum stream stream;
    bool is_waiting_to_write;
    bool closes_after_write;
};

/// What the server's owner does with what arrives. `context` is handed back as given.
struct server_events {
    void *context;
    /// Appends the JSON body of the answer; an empty one is an answer without a body.
    void (*requested)(void *context, const struct request *request, struct buffer *body);
    /// A client subscribed; the confirmation is on its way. `identifier` is Action Cable's as it came, a JSON string
    /// without its quotes, or Centrifuge's channel.
    void (*subscribed)(void *context, struct connection *connection, struct slice identifier, bool is_operator);
    void (*closed)(void *context, struct connection *connection);
};

struct server {
    struct watch watch; // first: the loop hands this back
    struct loop *loop;
    struct server_events events;
    struct connection *dead;
    struct connection *streams[16];
    struct buffer body; // scratch space of an answer
};

/// Listens on 127.0.0.1. Returns the port, or -1 with errno.
int server_listen(struct server *server, struct loop *loop, int port, struct server_events events);

/// Sends the ping of its protocol to each WebSocket.
void server_ping(struct server *server);

/// Writes what is queued; the rest follows when the socket takes more.
void connection_flush(struct connection *connection);

/// Frees the connections that were closed in this step of the loop.
void server_reap(struct server *server);

#endif
