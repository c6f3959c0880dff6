#include "server.h"

#include "stream.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static void connection_close(struct connection *connection) {
    struct server *server = connection->server;
    stream_close(connection);
    server->events.closed(server->events.context, connection);
    loop_remove(server->loop, &connection->watch);
    close(connection->watch.fd);
    connection->watch.fd = -1;
    connection->next = server->dead;
    server->dead = connection;
}

void server_reap(struct server *server) {
    while (server->dead) {
        struct connection *connection = server->dead;
        server->dead = connection->next;
        buffer_free(&connection->in);
        buffer_free(&connection->out);
        free(connection);
    }
}

void connection_flush(struct connection *connection) {
    if (connection->watch.fd < 0) {
        return;
    }
    while (buffer_length(&connection->out) > 0) {
        ssize_t written = send(connection->watch.fd, buffer_bytes(&connection->out), buffer_length(&connection->out),
                               MSG_NOSIGNAL | MSG_DONTWAIT);
        if (written <= 0) {
            break;
        }
        buffer_consume(&connection->out, (size_t)written);
    }
    bool is_waiting = buffer_length(&connection->out) > 0;
    if (is_waiting != connection->is_waiting_to_write) {
        connection->is_waiting_to_write = is_waiting;
        loop_change(connection->server->loop, &connection->watch, is_waiting ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
    if (!is_waiting && connection->closes_after_write) {
        connection_close(connection);
    }
}

/// The fields of a request's head that matter here.
struct head {
    struct request request;
    size_t content_length;
    struct slice websocket_key;
    bool offers_action_cable;
    bool wants_close;
};

static bool name_is(const char *line, size_t length, const char *name) {
    return length == strlen(name) && strncasecmp(line, name, length) == 0;
}

static bool read_head(const char *bytes, size_t length, struct head *head) {
    const char *end = bytes + length, *line_end = memchr(bytes, '\r', length);
    const char *target = memchr(bytes, ' ', (size_t)(line_end - bytes));
    const char *version = target ? memchr(target + 1, ' ', (size_t)(line_end - target - 1)) : NULL;
    if (!version) {
        return false;
    }
    target++;
    const char *query = memchr(target, '?', (size_t)(version - target));
    head->request.method = (struct slice){bytes, (size_t)(target - 1 - bytes)};
    head->request.path = (struct slice){target, (size_t)((query ? query : version) - target)};
    for (const char *line = line_end + 2; line < end; line = line_end + 2) {
        line_end = memchr(line, '\r', (size_t)(end - line));
        const char *colon = line_end ? memchr(line, ':', (size_t)(line_end - line)) : NULL;
        if (!colon) {
            return line_end != NULL;
        }
        const char *value = colon + 1;
        while (value < line_end && *value == ' ') {
            value++;
        }
        size_t name = (size_t)(colon - line), size = (size_t)(line_end - value);
        if (name_is(line, name, "content-length")) {
            head->content_length = strtoul(value, NULL, 10);
        } else if (name_is(line, name, "sec-websocket-key")) {
            head->websocket_key = (struct slice){value, size};
        } else if (name_is(line, name, "sec-websocket-protocol")) {
            head->offers_action_cable |= memmem(value, size, "actioncable-v1-json", 19) != NULL;
        } else if (name_is(line, name, "connection")) {
            head->wants_close = name_is(value, size, "close");
        } else if (name_is(line, name, "transfer-encoding")) {
            return false;
        }
    }
    return true;
}

static void answer(struct connection *connection, const struct head *head) {
    struct server *server = connection->server;
    server->body.start = server->body.end = 0;
    server->events.requested(server->events.context, &head->request, &server->body);
    buffer_format(&connection->out,
                  "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %zu\r\n%s\r\n",
                  buffer_length(&server->body), head->wants_close ? "Connection: close\r\n" : "");
    buffer_append(&connection->out, buffer_bytes(&server->body), buffer_length(&server->body));
    connection->closes_after_write = head->wants_close;
}

static void refuse(struct connection *connection) {
    static const char text[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    buffer_append(&connection->out, text, sizeof text - 1);
    connection->closes_after_write = true;
}

/// Handles one request at the front of the input. Returns false when more bytes are needed.
static bool serve_request(struct connection *connection) {
    char *bytes = buffer_bytes(&connection->in);
    size_t length = buffer_length(&connection->in);
    char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end) {
        return false;
    }
    size_t head_length = (size_t)(end - bytes) + 2;
    struct head head = {0};
    if (!read_head(bytes, head_length, &head)) {
        buffer_consume(&connection->in, length);
        refuse(connection);
        return false;
    }
    if (length < head_length + 2 + head.content_length) {
        return false;
    }
    head.request.body = (struct slice){bytes + head_length + 2, head.content_length};
    if (head.websocket_key.length > 0) {
        if (!stream_open(connection, head.request.path, head.websocket_key, head.offers_action_cable)) {
            refuse(connection);
        }
    } else {
        answer(connection, &head);
    }
    buffer_consume(&connection->in, head_length + 2 + head.content_length);
    return buffer_length(&connection->in) > 0;
}

static void connection_ready(struct watch *watch, uint32_t events) {
    struct connection *connection = (struct connection *)watch;
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        const size_t room = 64 << 10;
        ssize_t count = recv(watch->fd, buffer_reserve(&connection->in, room), room, MSG_DONTWAIT);
        if (count <= 0) {
            connection_close(connection);
            return;
        }
        buffer_commit(&connection->in, (size_t)count);
        while (!connection->closes_after_write && connection->stream == STREAM_NONE && serve_request(connection)) {
        }
        if (connection->stream != STREAM_NONE && !stream_read(connection)) {
            connection->closes_after_write = true;
        }
    }
    connection_flush(connection);
}

static void listener_ready(struct watch *watch, uint32_t events) {
    (void)events;
    struct server *server = (struct server *)watch;
    int fd = accept4(watch->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    struct connection *connection = fd < 0 ? NULL : calloc(1, sizeof *connection);
    if (!connection) {
        return;
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection->watch = (struct watch){.fd = fd, .ready = connection_ready};
    connection->server = server;
    loop_add(server->loop, &connection->watch, EPOLLIN);
}

int server_listen(struct server *server, struct loop *loop, int port, struct server_events events) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 1024) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        return -1;
    }
    *server = (struct server){.watch = {.fd = fd, .ready = listener_ready}, .loop = loop, .events = events};
    return loop_add(loop, &server->watch, EPOLLIN) != 0 ? -1 : ntohs(address.sin_port);
}
