/// A WebSocket of the platform, before it is known what is spoken on it.
#ifndef BENCHMARK_STREAM_H
#define BENCHMARK_STREAM_H

#include "server.h"

/// Queues the 101 and whatever the protocol says first, in one write as Rails may do. The path decides what is spoken.
/// Returns false when there are too many sockets.
bool stream_open(struct connection *connection, struct slice path, struct slice key, bool offers_action_cable);

/// Takes all frames that have arrived. Returns false when the connection is to be closed.
bool stream_read(struct connection *connection);

/// Forgets a connection that has ended.
void stream_close(struct connection *connection);

#endif
