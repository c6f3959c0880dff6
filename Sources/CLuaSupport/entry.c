// The ways from the host into Lua. Each one is protected, and saves and restores what it changes.
#include "internal.h"

#include <string.h>

static void enter(lh_state *state, lh_entry *saved, lh_run *run, lua_State *root, const char *purpose) {
    saved->running = state->running;
    saved->root = state->root;
    saved->run = state->run;
    saved->purpose = state->purpose;
    saved->host_depth = state->host_depth;
    saved->blocked = state->blocked;
    saved->killed = state->killed;
    saved->raising = state->raising;
    state->run = run;
    state->root = root;
    state->purpose = purpose;
    state->host_depth = 0;
    state->blocked = 0;
    state->killed = 0;
    state->raising = false;
    state->failure.taken = false;
    state->memory_failure.taken = false;
    state->child_failure.taken = false;
    if (state->depth++ == 0) {
        lh_restart_budget(state);
        lh_activity_enter(state->activity);
    }
}

static void leave(lh_state *state, const lh_entry *saved) {
    if (--state->depth == 0) {
        lh_activity_leave(state->activity);
    }
    state->running = saved->running;
    state->root = saved->root;
    state->run = saved->run;
    state->purpose = saved->purpose;
    state->host_depth = saved->host_depth;
    state->blocked = saved->blocked;
    // An inner call that was killed for the shared budget or by an interrupt ends the outer run too.
    if (saved->killed != 0 || state->depth == 0 || state->killed == LH_FAILED_KILLED) {
        state->killed = saved->killed;
    }
    state->raising = saved->raising;
}

/// What kind of failure a status from Lua stands for; puts the right record in `failure`.
static int classify(lh_state *state, lua_State *L, int status) {
    int kind = LH_FAILED_RUNTIME;
    if (state->killed != 0) {
        kind = state->killed;
    } else if (status == LUA_ERRMEM
               || (state->memory_failure.taken && lua_type(L, -1) == LUA_TSTRING
                   && strstr(lua_tostring(L, -1), "not enough memory") != NULL)) {
        kind = LH_FAILED_MEMORY;
        if (state->memory_failure.taken) {
            state->failure = state->memory_failure;
        }
    }
    if (!state->failure.taken && state->root != NULL && state->run->failure != NULL) {
        memcpy(&state->failure, state->run->failure, sizeof state->failure);
    }
    if (!state->failure.taken) {
        lh_record(&state->failure, L, 0);
    }
    return kind;
}

int lh_load(lh_state *state, const char *source, size_t length, const char *chunk_name) {
    lua_State *L = lh_current(state);
    lh_entry saved;
    if (length > 0 && source[0] == LUA_SIGNATURE[0]) {
        lua_pushliteral(L, "bytecode is not accepted: scripts are source text");
        state->failure.taken = false;
        state->failure.traceback[0] = '\0';
        state->failure.file[0] = '\0';
        state->failure.line = 0;
        return LH_FAILED_BYTECODE;
    }
    enter(state, &saved, &state->default_run, NULL, "a file being loaded");
    lua_State *const outer = state->running;
    state->running = L;
    const int status = luaL_loadbufferx(L, source, length, chunk_name, "t");
    state->running = outer;
    int kind = LH_FINISHED;
    if (status == LUA_ERRSYNTAX) {
        kind = LH_FAILED_SYNTAX;
        state->failure.traceback[0] = '\0';
        state->failure.file[0] = '\0';
        state->failure.line = 0;
    } else if (status != LUA_OK) {
        kind = classify(state, L, status);
    }
    leave(state, &saved);
    return kind;
}

int lh_call(lh_state *state, int arguments, const char *purpose, int *results) {
    lua_State *L = lh_current(state);
    const int base = lua_gettop(L) - arguments;
    lh_entry saved;
    lh_run *run = state->run != NULL ? state->run : &state->default_run;
    enter(state, &saved, run, NULL, purpose);
    state->running = L;
    lua_pushcfunction(L, lh_on_error);
    lua_insert(L, base);
    const int status = lua_pcall(L, arguments, LUA_MULTRET, base);
    int kind = LH_FINISHED;
    if (status != LUA_OK) {
        kind = classify(state, L, status);
        if (kind == LH_FAILED_CPU || kind == LH_FAILED_KILLED || kind == LH_FAILED_INTERRUPTED) {
            lh_arm(state, L); // the thread lives on: back from every instruction to the usual interval
        }
    }
    lua_remove(L, base);
    *results = lua_gettop(L) - base + 1;
    leave(state, &saved);
    return kind;
}

/// The end of a run: the stack holds the message handler below the results or the error.
static int finish_body(lua_State *L, int status, lua_KContext context) {
    (void)context;
    if (status != LUA_OK && status != LUA_YIELD) {
        return lua_error(L); // the record is taken; nothing is left to close
    }
    return lua_gettop(L) - 1;
}

/// The bottom frame of each run. Its protected call lets `<close>` variables end properly, effects included, when the
/// run fails; a run that is dropped closes nothing.
static int body(lua_State *L) {
    const int arguments = lua_gettop(L) - 1;
    lua_pushcfunction(L, lh_on_error);
    lua_insert(L, 1);
    return finish_body(L, lua_pcallk(L, arguments, LUA_MULTRET, 1, 0, finish_body), 0);
}

lua_State *lh_coroutine_create(lh_state *state) {
    lua_State *L = lh_current(state);
    // A host function may run on a thread whose hook fires at each instruction; the new one starts afresh.
    lua_State *coroutine = lua_newthread(L);
    lh_arm(state, coroutine);
    lua_pushcfunction(coroutine, body);
    lua_pushvalue(L, -2);
    lua_xmove(L, coroutine, 1);
    lua_remove(L, -2);
    return coroutine;
}

/// Whether the mark of the last suspension lies below the arguments of the resumption.
static bool has_mark_below(lua_State *coroutine, int arguments) {
    return lua_status(coroutine) == LUA_YIELD && lua_gettop(coroutine) > arguments
           && lua_touserdata(coroutine, -(arguments + 1)) == (const void *)&lh_waiting;
}

static int resume(lh_state *state, lua_State *coroutine, lh_run *run, int arguments, int *results, bool raising, int killed) {
    lh_entry saved;
    lua_State *const from = lh_current(state);
    enter(state, &saved, run, coroutine, NULL);
    state->raising = raising;
    state->killed = killed;
    state->running = coroutine;
    const bool is_first = lua_status(coroutine) == LUA_OK;
    if (killed != 0 && !is_first) {
        lua_sethook(coroutine, lh_hook, LUA_MASKCOUNT, 1);
    }
    if (has_mark_below(coroutine, arguments)) {
        lua_remove(coroutine, -(arguments + 1));
    }
    const int status = lua_resume(coroutine, from, arguments + (is_first ? 1 : 0), results);
    int kind;
    if (status == LUA_OK) {
        kind = LH_FINISHED;
    } else if (status == LUA_YIELD) {
        kind = LH_SUSPENDED;
    } else {
        kind = classify(state, coroutine, status);
        *results = 1;
    }
    leave(state, &saved);
    return kind;
}

int lh_coroutine_resume(lh_state *state, lua_State *coroutine, lh_run *run, int arguments, int *results) {
    return resume(state, coroutine, run, arguments, results, false, 0);
}

int lh_coroutine_raise(lh_state *state, lua_State *coroutine, lh_run *run, bool kill, int *results) {
    return resume(state, coroutine, run, 1, results, true, kill ? LH_FAILED_KILLED : 0);
}
