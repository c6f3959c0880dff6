// The one way from Lua to the host, and the one place where a host function's wish to raise or to wait is carried out.
#include "internal.h"

const char lh_waiting;

/// Upvalues of a host function. CLASS is the metatable of the class it belongs to, or false.
enum { FUNCTION = 1, NAME = 2, SUSPENDS = 3, CLASS = 4, IS_METHOD = 5 };

/// Name of the C function that keeps a callback from yielding, NULL if none is found.
static const char *find_barrier(lua_State *L) {
    static const struct {
        lua_CFunction function;
        const char *name;
    } known[] = {
        {lh_sort, "the comparison of table.sort"},
        {lh_gsub, "the replacement of string.gsub"},
        {lh_require, "a file loaded by require"},
        {lh_tostring, "__tostring"},
        {lh_close_coroutine, "coroutine.close"},
    };
    lua_Debug record;
    for (int level = 1; lua_getstack(L, level, &record); level++) {
        lua_getinfo(L, "f", &record);
        const lua_CFunction function = lua_tocfunction(L, -1);
        lua_pop(L, 1);
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            if (function == known[i].function) {
                return known[i].name;
            }
        }
    }
    return NULL;
}

void lh_refuse_when_blocked(lua_State *L, const char *name) {
    lh_state *state = lh_of(L);
    if (lua_isyieldable(L) && state->blocked == 0 && state->root != NULL) {
        return;
    }
    const char *barrier = find_barrier(L);
    if (barrier == NULL) {
        barrier = state->purpose;
    }
    lh_error(L, "'%s' cannot wait inside %s", name, barrier != NULL ? barrier : "a callback of a library function");
}

/// Raises what the host left on top of the stack; strings get the caller's position in front.
static int raise_top(lua_State *L) {
    if (lua_type(L, -1) == LUA_TSTRING) {
        lh_push_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    } else if (lua_type(L, -1) == LUA_TTABLE) {
        lua_pushliteral(L, "where");
        if (lua_rawget(L, -2) == LUA_TNIL) {
            lua_Debug record;
            if (lh_locate(L, 1, &record)) {
                size_t length;
                const char *file = lh_chunk_name(&record, &length);
                lua_pushliteral(L, "where");
                lua_pushfstring(L, "%s:%d", file, record.currentline);
                lua_rawset(L, -4);
            }
        }
        lua_pop(L, 1);
    }
    return lua_error(L);
}

/// Runs when the host resumes a run that waited: the stack holds the outcome and nothing else.
static int after_suspension(lua_State *L, int status, lua_KContext context) {
    (void)status;
    (void)context;
    lh_state *state = lh_of(L);
    if (state->raising) {
        state->raising = false;
        if (state->killed != 0) {
            lh_record_kill(L);
            return lua_error(L);
        }
        return raise_top(L);
    }
    lh_check_memory(state, L);
    return lua_gettop(L);
}

/// A method needs its object in front, a plain function of a class must not have it there.
static void check_call_style(lua_State *L) {
    bool has_own = false;
    if (lua_type(L, 1) == LUA_TUSERDATA && lua_getmetatable(L, 1)) {
        has_own = lua_rawequal(L, -1, lua_upvalueindex(CLASS));
        lua_pop(L, 1);
    }
    const bool is_method = lua_toboolean(L, lua_upvalueindex(IS_METHOD));
    if (has_own == is_method) {
        return;
    }
    lua_pushliteral(L, "__name");
    lua_rawget(L, lua_upvalueindex(CLASS));
    const char *class_name = lua_tostring(L, -1), *name = lua_tostring(L, lua_upvalueindex(NAME));
    if (is_method) {
        lh_error(L, "call '%s' with a colon: %s:%s(...)", name, class_name, name);
    }
    lh_error(L, "call '%s' with a dot: %s.%s(...)", name, class_name, name);
}

static int trampoline(lua_State *L) {
    lh_state *state = lh_of(L);
    if (lua_toboolean(L, lua_upvalueindex(CLASS))) {
        check_call_style(L);
    }
    if (lua_toboolean(L, lua_upvalueindex(SUSPENDS))) {
        lh_refuse_when_blocked(L, lua_tostring(L, lua_upvalueindex(NAME)));
        lh_forget_next(L);
    }
    state->host_depth++;
    const int outcome = state->host.call(state->host.context, L, lua_tointeger(L, lua_upvalueindex(FUNCTION)));
    state->host_depth--;
    switch (outcome) {
    case LH_SUSPEND:
        lh_refuse_when_blocked(L, lua_tostring(L, lua_upvalueindex(NAME)));
        lua_settop(L, 0);
        lua_pushlightuserdata(L, (void *)&lh_waiting);
        return lua_yieldk(L, 1, 0, after_suspension);
    case LH_RAISE:
        lh_check_memory(state, L);
        return raise_top(L);
    case LH_KILL:
        state->killed = LH_FAILED_KILLED;
        lh_record_kill(L);
        lua_sethook(L, lh_hook, LUA_MASKCOUNT, 1);
        return lua_error(L);
    default:
        if (state->used > state->limits.memory) {
            lh_check_memory(state, L);
        }
        return outcome;
    }
}

void lh_push_host_function(lua_State *L, const char *name, int64_t function, bool suspends) {
    lua_pushinteger(L, function);
    lua_pushstring(L, name);
    lua_pushboolean(L, suspends);
    lua_pushboolean(L, 0);
    lua_pushboolean(L, 0);
    lua_pushcclosure(L, trampoline, 5);
}

void lh_push_member(lua_State *L, const char *name, int64_t function, bool suspends, bool is_method, int class) {
    lua_pushinteger(L, function);
    lua_pushstring(L, name);
    lua_pushboolean(L, suspends);
    lua_pushvalue(L, class);
    lua_pushboolean(L, is_method);
    lua_pushcclosure(L, trampoline, 5);
}
