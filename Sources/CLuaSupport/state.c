// Birth and death of a state.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

const char lh_key_globals, lh_key_list, lh_key_error, lh_key_modules, lh_key_next, lh_key_lazy, lh_key_functions;

/// Largest JSON document that is decoded; the memory limit is checked after it.
#define LARGEST_DOCUMENT ((size_t)256 << 20)

static int open_protected(lua_State *L) {
    lh_open_sandbox(L);
    lh_open_objects(L);
    return 0;
}

lh_state *lh_open(const lh_limits *limits, const lh_host *host, lh_activity *activity) {
    lh_state *state = calloc(1, sizeof(lh_state));
    if (state == NULL) {
        return NULL;
    }
    state->host = *host;
    state->activity = activity;
    lh_set_limits(state, limits);
    state->host_depth = 1;
    state->parser = simdjson_parser_create(LARGEST_DOCUMENT);
    state->main = state->parser != NULL ? lua_newstate(lh_allocate, state) : NULL;
    if (state->main == NULL) {
        lh_close(state);
        return NULL;
    }
    lua_State *L = state->main;
    *(lh_state **)lua_getextraspace(L) = state;
    lh_seed(&state->default_run, 0);
    lh_arm(state, L);
    lua_pushcfunction(L, open_protected);
    if (lua_pcall(L, 0, 0, 0) != LUA_OK) {
        lh_close(state);
        return NULL;
    }
    return state;
}

void lh_close(lh_state *state) {
    if (state == NULL) {
        return;
    }
    if (state->main != NULL) {
        lua_close(state->main);
    }
    simdjson_parser_destroy(state->parser);
    free(state->json);
    free(state);
}

void lh_set_limits(lh_state *state, const lh_limits *limits) {
    state->limits = *limits;
    if (state->limits.check_interval == 0) {
        state->limits.check_interval = 1000;
    }
}

lua_State *lh_current(lh_state *state) {
    return state->running != NULL ? state->running : state->main;
}

size_t lh_memory_used(const lh_state *state) {
    return state->used;
}

size_t lh_memory_peak(const lh_state *state) {
    return state->peak;
}

void lh_collect_garbage(lh_state *state) {
    lua_gc(state->main, LUA_GCCOLLECT);
}

lh_run *lh_default_run(lh_state *state) {
    return &state->default_run;
}

void lh_seed(lh_run *run, uint64_t seed) {
    // splitmix64, so that neighbouring seeds give unrelated sequences.
    for (int i = 0; i < 4; i++) {
        seed += 0x9e3779b97f4a7c15u;
        uint64_t mixed = seed;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
        run->random[i] = mixed ^ (mixed >> 31);
    }
}
