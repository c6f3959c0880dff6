// Coroutines of the script's own, through which its effects reach the host.
//
// A host function that waits yields with the host's mark. Whoever resumed that coroutine sees the mark, and waits too,
// down to the run; when the host continues the run, each parent passes the outcome on to its child. A script's own
// yields carry no mark and end where the script resumes.
#include "internal.h"

enum { RESUME, WRAP };

static lua_State *check_coroutine(lua_State *L, int index) {
    lua_State *coroutine = lua_tothread(L, index);
    luaL_argexpected(L, coroutine != NULL, index, "coroutine");
    return coroutine;
}

static int create(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *coroutine = lua_newthread(L);
    lh_arm(lh_of(L), coroutine);
    lua_pushvalue(L, 1);
    lua_xmove(L, coroutine, 1);
    return 1;
}

static int pass_on(lua_State *L, int status, lua_KContext mode);

/// The child ended with an error, which is on top of its stack.
static int fail(lua_State *L, lua_State *child, int mode) {
    lh_state *state = lh_of(L);
    if (state->killed != 0) {
        lua_xmove(child, L, 1);
        return lua_error(L);
    }
    if (mode == RESUME) {
        lua_xmove(child, L, 1);
        lua_pushboolean(L, 0);
        lua_insert(L, -2); // in this order: the child may be the caller itself
        return 2;
    }
    if (!state->child_failure.taken) {
        lh_record(&state->child_failure, child, 0);
    }
    // Nobody can reach the child any more: its variables are closed now, while that cannot wait.
    lua_State *const outer = state->closing;
    state->closing = child;
    state->blocked++;
    lua_resetthread(child);
    state->blocked--;
    state->closing = outer;
    lua_xmove(child, L, 1);
    return lua_error(L);
}

/// Runs the child at index 1 with the values above it.
static int step(lua_State *L, int mode) {
    lh_state *state = lh_of(L);
    lua_State *child = lua_tothread(L, 1);
    const int count = lua_gettop(L) - 1;
    if (!lua_checkstack(child, count + 1)) {
        return lh_error(L, "too many arguments to resume");
    }
    lua_xmove(L, child, count);
    const bool blocks = !lua_isyieldable(L);
    state->running = child;
    state->blocked += blocks;
    int results = 0;
    const int status = lua_resume(child, L, count, &results);
    state->blocked -= blocks;
    state->running = L;
    if (status != LUA_OK && status != LUA_YIELD) {
        return fail(L, child, mode);
    }
    if (status == LUA_YIELD && lh_is_waiting(child)) {
        lua_pushlightuserdata(L, (void *)&lh_waiting);
        return lua_yieldk(L, 1, mode, pass_on);
    }
    if (!lua_checkstack(L, results + 1)) {
        lua_settop(child, lua_gettop(child) - results);
        return lh_error(L, "too many results to resume");
    }
    if (mode == RESUME) {
        lua_pushboolean(L, 1);
    }
    lua_xmove(child, L, results);
    return results + (mode == RESUME);
}

/// The host continues the run: what it brings belongs to the child.
static int pass_on(lua_State *L, int status, lua_KContext mode) {
    (void)status;
    lua_State *child = lua_tothread(L, 1);
    if (lh_is_waiting(child)) {
        lua_pop(child, 1);
    }
    return step(L, (int)mode);
}

/// Refuses what cannot be resumed by a script: a coroutine that waits for the host of another run.
static void check_free(lua_State *L, lua_State *coroutine) {
    if (lh_is_waiting(coroutine)) {
        lh_error(L, "cannot resume a coroutine that waits for its host");
    }
}

static int resume(lua_State *L) {
    check_free(L, check_coroutine(L, 1));
    return step(L, RESUME);
}

static int call_wrapped(lua_State *L) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    check_free(L, lua_tothread(L, 1));
    return step(L, WRAP);
}

static int wrap(lua_State *L) {
    create(L);
    lua_pushcclosure(L, call_wrapped, 1);
    return 1;
}

/// Whether the running thread is the host's: a run, or a plain call.
static bool is_outermost(lua_State *L) {
    lh_state *state = lh_of(L);
    return L == state->root || L == state->main;
}

static int yield(lua_State *L) {
    if (is_outermost(L)) {
        return lh_error(L, "attempt to yield from outside a coroutine");
    }
    if (lh_of(L)->closing == L) {
        return lh_error(L, "attempt to yield while the coroutine is being closed");
    }
    return lua_yield(L, lua_gettop(L));
}

static const char *status_of(lua_State *L, lua_State *coroutine) {
    if (L == coroutine) {
        return "running";
    }
    switch (lua_status(coroutine)) {
    case LUA_YIELD:
        return "suspended";
    case LUA_OK: {
        lua_Debug record;
        if (lua_getstack(coroutine, 0, &record)) {
            return "normal";
        }
        return lua_gettop(coroutine) == 0 ? "dead" : "suspended";
    }
    default:
        return "dead";
    }
}

static int status(lua_State *L) {
    lua_pushstring(L, status_of(L, check_coroutine(L, 1)));
    return 1;
}

static int is_yieldable(lua_State *L) {
    lua_State *coroutine = lua_isthread(L, 1) ? lua_tothread(L, 1) : L;
    lua_pushboolean(L, !is_outermost(coroutine) && lua_isyieldable(coroutine));
    return 1;
}

static int running(lua_State *L) {
    lua_pushthread(L);
    lua_pushboolean(L, is_outermost(L));
    return 2;
}

int lh_close_coroutine(lua_State *L) {
    lh_state *state = lh_of(L);
    lua_State *coroutine = check_coroutine(L, 1);
    const char *current = status_of(L, coroutine);
    if (*current != 's' && *current != 'd') {
        return lh_error(L, "cannot close a %s coroutine", current);
    }
    check_free(L, coroutine);
    lua_State *const outer = state->closing;
    state->closing = coroutine;
    state->running = coroutine;
    state->blocked++;
    const int outcome = lua_resetthread(coroutine);
    state->blocked--;
    state->running = L;
    state->closing = outer;
    if (outcome == LUA_OK) {
        lua_pushboolean(L, 1);
        return 1;
    }
    if (state->killed != 0) {
        lua_xmove(coroutine, L, 1);
        return lua_error(L);
    }
    lua_pushboolean(L, 0);
    lua_xmove(coroutine, L, 1);
    return 2;
}

void lh_open_coroutine(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"create", create},
        {"resume", resume},
        {"wrap", wrap},
        {"yield", yield},
        {"status", status},
        {"isyieldable", is_yieldable},
        {"running", running},
        {"close", lh_close_coroutine},
        {NULL, NULL},
    };
    luaL_setfuncs(L, functions, 0);
}
