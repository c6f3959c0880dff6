/// The server's side of Action Cable on one connection.
#ifndef BENCHMARK_CABLE_H
#define BENCHMARK_CABLE_H

#include "server.h"

/// Queues the 101 and the welcome, in one write as Rails may do. Returns false when there are too many sockets.
bool cable_open(struct connection *connection, struct slice key, bool offers_action_cable);

/// Takes all frames that have arrived. Returns false when the connection is to be closed.
bool cable_read(struct connection *connection);

#endif
