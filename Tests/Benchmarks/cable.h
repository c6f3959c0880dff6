/// The server's side of Action Cable on one connection.
#ifndef BENCHMARK_CABLE_H
#define BENCHMARK_CABLE_H

#include "server.h"

void cable_welcome(struct connection *connection);

/// Takes one frame of the client's.
void cable_take(struct connection *connection, struct slice text);

void cable_ping(struct connection *connection);

#endif
