// The base library: Lua's own where it is harmless, ours where it shows addresses, hides state or lacks a bound.
#include "internal.h"

#include <string.h>

const char *lh_push_text(lua_State *L, int index, size_t *length) {
    index = lua_absindex(L, index);
    if (luaL_callmeta(L, index, "__tostring")) {
        if (!lua_isstring(L, -1)) {
            luaL_error(L, "'__tostring' must return a string");
        }
        return lua_tolstring(L, -1, length);
    }
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
    case LUA_TSTRING:
        lua_pushvalue(L, index);
        break;
    case LUA_TBOOLEAN:
        lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false");
        break;
    default:
        // Never an address: it differs from run to run.
        if (luaL_getmetafield(L, index, "__name") != LUA_TSTRING) {
            lua_pushstring(L, lh_kind_name(L, index));
        }
        break;
    }
    return lua_tolstring(L, -1, length);
}

int lh_tostring(lua_State *L) {
    luaL_checkany(L, 1);
    lh_push_text(L, 1, NULL);
    return 1;
}

static int print(lua_State *L) {
    lh_state *state = lh_of(L);
    const int count = lua_gettop(L);
    luaL_Buffer line;
    luaL_buffinit(L, &line);
    for (int i = 1; i <= count; i++) {
        if (i > 1) {
            luaL_addchar(&line, '\t');
        }
        lh_push_text(L, i, NULL);
        luaL_addvalue(&line);
        if (luaL_bufflen(&line) > state->limits.string_bytes) {
            return lh_error(L, "print: the line is longer than %zu bytes", state->limits.string_bytes);
        }
    }
    luaL_pushresult(&line);
    size_t length;
    const char *text = lua_tolstring(L, -1, &length);
    state->host_depth++;
    state->host.print(state->host.context, text, length);
    state->host_depth--;
    return 0;
}

static bool has_field(lua_State *L, int table, const char *name) {
    lua_pushstring(L, name);
    const bool result = lua_rawget(L, table) != LUA_TNIL;
    lua_pop(L, 1);
    return result;
}

static int set_metatable(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    const int kind = lua_type(L, 2);
    luaL_argexpected(L, kind == LUA_TNIL || kind == LUA_TTABLE, 2, "nil or table");
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL) {
        return lh_error(L, "cannot change a protected metatable");
    }
    if (kind == LUA_TTABLE) {
        // A finalizer would run in the middle of any allocation; a weak table changes when the collector runs.
        if (has_field(L, 2, "__gc")) {
            return lh_error(L, "'__gc' is not available: use a to-be-closed variable (local x <close>)");
        }
        if (has_field(L, 2, "__mode")) {
            return lh_error(L, "weak tables ('__mode') are not available");
        }
    }
    lua_settop(L, 2);
    lua_setmetatable(L, 1);
    return 1;
}

static int raw_set(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checkany(L, 2);
    luaL_checkany(L, 3);
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL) {
        return lh_error(L, "rawset works on plain tables only");
    }
    lua_settop(L, 3);
    lua_rawset(L, 1);
    return 1;
}

void lh_open_base(lua_State *L) {
    static const char *const stock[] = {
        "assert", "error", "getmetatable", "ipairs", "rawequal", "rawget", "rawlen",
        "select", "tonumber", "type", "_VERSION", NULL,
    };
    static const luaL_Reg own[] = {
        {"tostring", lh_tostring},
        {"print", print},
        {"setmetatable", set_metatable},
        {"rawset", raw_set},
        {"pairs", lh_pairs},
        {"next", lh_next},
        {"require", lh_require},
        {NULL, NULL},
    };
    // luaopen_base fills the table of globals, which is not the one that scripts will see.
    lua_pushcfunction(L, luaopen_base);
    lua_call(L, 0, 1);
    for (int i = 0; stock[i] != NULL; i++) {
        lua_getfield(L, -1, stock[i]);
        lua_setfield(L, -3, stock[i]);
    }
    lua_pop(L, 1);
    luaL_setfuncs(L, own, 0);
    lh_open_protected_calls(L);
}
