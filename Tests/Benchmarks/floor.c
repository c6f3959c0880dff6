/// `bench-floor`: the least that a bot can do, in C, as the measure of what Moonwire adds.
///
/// One process and one thread: a frame of Action Cable or Centrifuge comes in, simdjson parses it, its message becomes a
/// Lua table, a Lua handler is called, and its answer goes out through one libcurl multi handle. No journal, no session
/// order, no limits, no reconnects.

#include "http_pool.h"
#include "json_table.h"
#include "seat.h"
#include "websocket.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <lauxlib.h>
#include <lualib.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char usage[] = "usage: bench-floor --port N [--stream cable|centrifuge] [--connections N] [--script PATH]\n";

struct bot {
    struct watch watch; // first: the loop hands this back; the WebSocket
    const struct seat *seat;
    struct loop loop;
    struct buffer in;
    struct buffer body;
    simdjson_parser *parser;
    lua_State *lua;
    struct http_pool *pool;
    int port;
    unsigned long long sent;
    unsigned long long failed;
    bool has_ended;
};

/// Appends a Lua string as a JSON string.
static void put_json(struct buffer *out, const char *bytes, size_t length) {
    buffer_append(out, "\"", 1);
    for (size_t index = 0; index < length; index++) {
        unsigned char byte = (unsigned char)bytes[index];
        if (byte == '"' || byte == '\\') {
            buffer_format(out, "\\%c", byte);
        } else if (byte < 0x20) {
            buffer_format(out, "\\u%04x", byte);
        } else {
            buffer_append(out, bytes + index, 1);
        }
    }
    buffer_append(out, "\"", 1);
}

static void reply(struct bot *bot, const char *session, const char *text, size_t length) {
    char url[192];
    int size = snprintf(url, sizeof url, "http://127.0.0.1:%d", bot->port);
    snprintf(url + size, sizeof url - (size_t)size, bot->seat->reply_path, session);
    bot->body.start = bot->body.end = 0;
    buffer_append(&bot->body, bot->seat->reply_head, strlen(bot->seat->reply_head));
    put_json(&bot->body, text, length);
    buffer_format(&bot->body, bot->seat->reply_tail, ++bot->sent);
    http_pool_send(bot->pool, url, buffer_bytes(&bot->body), buffer_length(&bot->body));
}

/// Builds the table and calls the handler. Runs protected: arguments are the handler, the document, the tape index and
/// the seat. Returns the session and the answer.
static int dispatch(lua_State *lua) {
    const simdjson_document *document = lua_touserdata(lua, 2);
    const struct seat *seat = lua_touserdata(lua, 4);
    size_t message = (size_t)lua_tointeger(lua, 3);
    lua_pushvalue(lua, 1);
    json_push(lua, document, message);
    lua_getfield(lua, -1, seat->session);
    lua_insert(lua, -3);
    lua_call(lua, 1, 1);
    return 2;
}

static void take_event(struct bot *bot, const char *json, size_t length) {
    simdjson_document document;
    if (simdjson_parse(bot->parser, (const uint8_t *)json, length, 128, &document) != 0) {
        return;
    }
    size_t message = seat_message(bot->seat, &document);
    if (message == 0) {
        return;
    }
    lua_State *lua = bot->lua;
    lua_pushcfunction(lua, dispatch);
    lua_pushvalue(lua, 1);
    lua_pushlightuserdata(lua, &document);
    lua_pushinteger(lua, (lua_Integer)message);
    lua_pushlightuserdata(lua, (void *)bot->seat);
    size_t size;
    const char *answer, *session;
    if (lua_pcall(lua, 4, 2, 0) != LUA_OK) {
        fprintf(stderr, "bench-floor: %s\n", lua_tostring(lua, -1));
    } else if ((answer = lua_tolstring(lua, -1, &size)) && (session = lua_tostring(lua, -2))) {
        reply(bot, session, answer, size);
    }
    lua_settop(lua, 1);
}

/// Takes what one frame holds: with Centrifuge one or more objects, each on a line, the server's pings among them.
static void take_frame(struct bot *bot, const char *text, size_t length) {
    for (const char *end = text + length; text < end;) {
        const char *newline = memchr(text, '\n', (size_t)(end - text)), *line_end = newline ? newline : end;
        if (bot->seat->answers_pings && line_end - text == 2) {
            struct buffer out = {0};
            websocket_write_masked(&out, WEBSOCKET_TEXT, "{}", 2);
            bot->has_ended |= send(bot->watch.fd, buffer_bytes(&out), buffer_length(&out), MSG_NOSIGNAL) < 0;
            buffer_free(&out);
        } else {
            take_event(bot, text, (size_t)(line_end - text));
        }
        text = line_end + 1;
    }
}

static void stream_ready(struct watch *watch, uint32_t events) {
    (void)events;
    struct bot *bot = (struct bot *)watch;
    const size_t room = 256 << 10;
    ssize_t count = recv(watch->fd, buffer_reserve(&bot->in, room), room, 0);
    if (count <= 0) {
        bot->has_ended = true;
        return;
    }
    buffer_commit(&bot->in, (size_t)count);
    struct websocket_frame frame;
    long size;
    while ((size = websocket_read(buffer_bytes(&bot->in), buffer_length(&bot->in), &frame)) > 0) {
        if (frame.opcode == WEBSOCKET_TEXT) {
            take_frame(bot, frame.payload, frame.length);
        }
        bot->has_ended |= frame.opcode == WEBSOCKET_CLOSE;
        buffer_consume(&bot->in, (size_t)size);
    }
    bot->has_ended |= size < 0;
}

static void replied(void *context, long status) {
    struct bot *bot = context;
    bot->failed += status != 200;
}

/// Opens the WebSocket and subscribes; what came with the 101 stays in the input. Returns false on failure.
static bool connect_stream(struct bot *bot) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)bot->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        return false;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct buffer out = {0};
    buffer_format(&out,
                  "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n",
                  bot->seat->path, bot->port, bot->seat->headers);
    websocket_write_masked(&out, WEBSOCKET_TEXT, bot->seat->opening, strlen(bot->seat->opening));
    bool is_sent = send(fd, buffer_bytes(&out), buffer_length(&out), MSG_NOSIGNAL) == (ssize_t)buffer_length(&out);
    buffer_free(&out);
    char *end = NULL;
    while (is_sent && !end) {
        ssize_t count = recv(fd, buffer_reserve(&bot->in, 4096), 4096, 0);
        if (count <= 0) {
            return false;
        }
        buffer_commit(&bot->in, (size_t)count);
        end = memmem(buffer_bytes(&bot->in), buffer_length(&bot->in), "\r\n\r\n", 4);
    }
    // The accept key of the nonce above, from RFC 6455.
    if (!end || !memmem(buffer_bytes(&bot->in), buffer_length(&bot->in), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", 28)) {
        return false;
    }
    buffer_consume(&bot->in, (size_t)(end + 4 - buffer_bytes(&bot->in)));
    bot->watch = (struct watch){.fd = fd, .ready = stream_ready};
    return loop_add(&bot->loop, &bot->watch, EPOLLIN) == 0;
}

/// Leaves the handler as the only value on the Lua stack.
static bool load_handler(lua_State *lua, const char *path, const char *built_in) {
    luaL_openlibs(lua);
    int status = path ? luaL_dofile(lua, path) : luaL_dostring(lua, built_in);
    if (status != LUA_OK) {
        fprintf(stderr, "bench-floor: %s\n", lua_tostring(lua, -1));
    }
    lua_settop(lua, 1);
    return status == LUA_OK && lua_isfunction(lua, 1);
}

int main(int count, char **arguments) {
    static const struct option options[] = {{"port", required_argument, NULL, 'p'},
                                            {"stream", required_argument, NULL, 't'},
                                            {"connections", required_argument, NULL, 'c'},
                                            {"script", required_argument, NULL, 's'},
                                            {0}};
    static struct bot bot;
    int option, connections = 8;
    const char *script = NULL, *stream = "cable";
    while ((option = getopt_long(count, arguments, "", options, NULL)) != -1) {
        bot.port = option == 'p' ? atoi(optarg) : bot.port;
        connections = option == 'c' ? atoi(optarg) : connections;
        script = option == 's' ? optarg : script;
        stream = option == 't' ? optarg : stream;
    }
    bot.seat = seat_named(stream);
    if (!bot.seat || bot.port <= 0 || connections <= 0 || optind != count) {
        fputs(usage, stderr);
        return EXIT_FAILURE;
    }
    const char *const headers[] = {"Content-Type: application/json", "Accept: application/json",
                                   bot.seat->authorization, NULL};
    bot.lua = luaL_newstate();
    bot.parser = simdjson_parser_create(1 << 20);
    if (!bot.lua || !bot.parser || !load_handler(bot.lua, script, bot.seat->handler)) {
        fputs("bench-floor: there is no Lua handler\n", stderr);
        return EXIT_FAILURE;
    }
    if (loop_create(&bot.loop) != 0 || !(bot.pool = http_pool_create(&bot.loop, connections, headers, replied, &bot)) ||
        !connect_stream(&bot)) {
        perror("bench-floor");
        return EXIT_FAILURE;
    }
    while (!bot.has_ended) {
        loop_step(&bot.loop, http_pool_timeout(bot.pool, -1));
        http_pool_tick(bot.pool);
    }
    if (bot.failed > 0) {
        fprintf(stderr, "bench-floor: %llu of %llu replies failed\n", bot.failed, bot.sent);
    }
    http_pool_destroy(bot.pool);
    simdjson_parser_destroy(bot.parser);
    lua_close(bot.lua);
    return bot.failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
