// `pcall` and `xpcall` that a run's end passes through: when a script must end, they raise again what they caught.
#include "internal.h"

/// After the call: true and the results, or false and the error. `skipped` values lie below.
static int finish(lua_State *L, int status, lua_KContext skipped) {
    if (status == LUA_OK || status == LUA_YIELD) {
        return lua_gettop(L) - (int)skipped;
    }
    lh_state *state = lh_of(L);
    if (state->killed != 0) {
        return lua_error(L);
    }
    state->child_failure.taken = false; // caught: it is no part of what happens later
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    return 2;
}

static int protected_call(lua_State *L) {
    luaL_checkany(L, 1);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    return finish(L, lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish), 0);
}

/// The script's message handler, which does not run once the script must end. Upvalue: the handler.
static int guarded_handler(lua_State *L) {
    if (lh_of(L)->killed != 0) {
        return 1;
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

static int protected_call_with_handler(lua_State *L) {
    const int arguments = lua_gettop(L) - 2;
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, guarded_handler, 1);
    lua_replace(L, 2);
    lua_pushboolean(L, 1);
    lua_pushvalue(L, 1);
    // function, handler, true, function, arguments
    lua_rotate(L, 3, 2);
    return finish(L, lua_pcallk(L, arguments, LUA_MULTRET, 2, 2, finish), 2);
}

void lh_open_protected_calls(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"pcall", protected_call},
        {"xpcall", protected_call_with_handler},
        {NULL, NULL},
    };
    luaL_setfuncs(L, functions, 0);
}
