/// The server's side of Centrifuge's protocol 2, in JSON, on one connection: a channel of the server's choice, which can
/// be recovered, and the server's pings.
#ifndef BENCHMARK_CENTRIFUGE_H
#define BENCHMARK_CENTRIFUGE_H

#include "server.h"

/// Where the protocol is spoken; on every other path it is Action Cable.
#define CENTRIFUGE_PATH "/centrifugo/connection/websocket"

/// The channel that a client is subscribed to by connecting.
#define CENTRIFUGE_CHANNEL "personal:389"

/// Takes one frame of the client's: one or more commands, each on a line.
void centrifuge_take(struct connection *connection, struct slice text);

void centrifuge_ping(struct connection *connection);

#endif
