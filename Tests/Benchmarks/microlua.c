#include "microfloor.h"

#include "event.h"
#include "json_table.h"
#include "loop.h"
#include "websocket.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 7 };

/// Where the functions under test lie on the Lua stack.
enum { IDENTITY = 1, CALLS_HOST, YIELDS_ONCE, YIELDS_40 };

static const char functions[] = "local host = ...\n"
                                "return function(value) return value end,\n"
                                "  function(value) return host(value) end,\n"
                                "  function(value) return coroutine.yield(value) end,\n"
                                "  function(value) for _ = 1, 39 do value = coroutine.yield(value) end end";

struct bench {
    lua_State *lua;
    simdjson_parser *parser;
    const uint8_t *json;
    size_t length;
};

static int host_identity(lua_State *lua) { return lua_gettop(lua); }

static void call(struct bench *bench, int function) {
    lua_pushvalue(bench->lua, function);
    lua_pushinteger(bench->lua, 1);
    lua_pcall(bench->lua, 1, 1, 0);
    lua_pop(bench->lua, 1);
}

static void call_lua(struct bench *bench) { call(bench, IDENTITY); }

static void call_through(struct bench *bench) { call(bench, CALLS_HOST); }

/// Makes a coroutine and resumes it until it ends.
static void run_coroutine(struct bench *bench, int function) {
    lua_State *coroutine = lua_newthread(bench->lua);
    int count = 1, status;
    lua_pushvalue(bench->lua, function);
    lua_xmove(bench->lua, coroutine, 1);
    do {
        lua_pushinteger(coroutine, 1);
        status = lua_resume(coroutine, bench->lua, 1, &count);
        lua_pop(coroutine, count);
    } while (status == LUA_YIELD);
    lua_pop(bench->lua, 1);
}

static void yield_once(struct bench *bench) { run_coroutine(bench, YIELDS_ONCE); }

static void resume_40(struct bench *bench) { run_coroutine(bench, YIELDS_40); }

static void parse(struct bench *bench) {
    simdjson_document document;
    simdjson_parse(bench->parser, bench->json, bench->length, 128, &document);
}

static void parse_to_table(struct bench *bench) {
    simdjson_document document;
    if (simdjson_parse(bench->parser, bench->json, bench->length, 128, &document) == 0) {
        json_push(bench->lua, &document, 1);
        lua_pop(bench->lua, 1);
    }
}

static int ascending(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/// The median over several rounds, in nanoseconds per operation.
static double measure(struct bench *bench, void (*operation)(struct bench *), unsigned repetitions) {
    double rounds[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
        uint64_t start = clock_now();
        for (unsigned repetition = 0; repetition < repetitions; repetition++) {
            operation(bench);
        }
        if (round >= 0) {
            rounds[round] = (double)(clock_now() - start) / repetitions;
        }
    }
    qsort(rounds, ROUNDS, sizeof *rounds, ascending);
    return rounds[ROUNDS / 2];
}

bool microfloor_lua(struct buffer *results) {
    static const char identifier[] =
        "{\\\"channel\\\":\\\"RoomChannel\\\",\\\"pubsub_token\\\":\\\"bench\\\",\\\"user_id\\\":21}";
    struct event_template template = {0};
    struct buffer wire = {0};
    struct websocket_frame frame;
    event_template_set(&template, identifier, sizeof identifier - 1, false, true);
    event_write(&template, 1000000, 1000, 1, &wire);
    struct bench bench = {.lua = luaL_newstate(), .parser = simdjson_parser_create(1 << 20)};
    bool is_ready = bench.lua && bench.parser && websocket_read(buffer_bytes(&wire), buffer_length(&wire), &frame) > 0;
    if (is_ready) {
        bench.json = (const uint8_t *)frame.payload;
        bench.length = frame.length;
        luaL_openlibs(bench.lua);
        is_ready = luaL_loadstring(bench.lua, functions) == LUA_OK;
        lua_pushcfunction(bench.lua, host_identity);
        is_ready = is_ready && lua_pcall(bench.lua, 1, 4, 0) == LUA_OK;
    }
    if (is_ready) {
        buffer_format(results, ",\"lua_pcall_ns\":%.1f", measure(&bench, call_lua, 1000000));
        buffer_format(results, ",\"lua_pcall_and_c_call_ns\":%.1f", measure(&bench, call_through, 1000000));
        buffer_format(results, ",\"coroutine_one_yield_ns\":%.1f", measure(&bench, yield_once, 300000));
        buffer_format(results, ",\"coroutine_40_resumes_ns\":%.1f", measure(&bench, resume_40, 50000));
        buffer_format(results, ",\"json_bytes\":%zu", bench.length);
        buffer_format(results, ",\"json_parse_ns\":%.1f", measure(&bench, parse, 100000));
        buffer_format(results, ",\"json_to_table_ns\":%.1f", measure(&bench, parse_to_table, 50000));
    }
    if (bench.parser) {
        simdjson_parser_destroy(bench.parser);
    }
    if (bench.lua) {
        lua_close(bench.lua);
    }
    buffer_free(&wire);
    free(template.identifier);
    return is_ready;
}
