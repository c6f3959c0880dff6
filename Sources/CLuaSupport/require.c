// `require`: Lua source below the script's own folder, and nothing else.
#include "internal.h"

#include <ctype.h>

/// Stands for a module that is being loaded.
static const char loading_key;

/// `orders.status`: words of letters, digits, `_` and `-`, with single dots between them.
static bool is_module_name(const char *name, size_t length) {
    bool word = false;
    for (size_t i = 0; i < length; i++) {
        const unsigned char byte = (unsigned char)name[i];
        if (byte == '.') {
            if (!word) {
                return false;
            }
            word = false;
        } else if (byte < 0x80 && (isalnum(byte) || byte == '_' || byte == '-')) {
            word = true;
        } else {
            return false;
        }
    }
    return word;
}

/// Closes the variable that guards a load: a module that failed is not loaded. Upvalue: its name.
static int end_load(lua_State *L) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &lh_key_modules);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_rawget(L, -2);
    if (lua_touserdata(L, -1) == (const void *)&loading_key) {
        lua_pushvalue(L, lua_upvalueindex(1));
        lua_pushnil(L);
        lua_rawset(L, -4);
    }
    return 0;
}

static void guard_load(lua_State *L, int modules) {
    lua_pushvalue(L, 1);
    lua_pushlightuserdata(L, (void *)&loading_key);
    lua_rawset(L, modules);
    lua_newtable(L);
    lua_newtable(L);
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, end_load, 1);
    lua_setfield(L, -2, "__close");
    lua_setmetatable(L, -2);
    lua_toclose(L, -1);
}

int lh_require(lua_State *L) {
    lh_state *state = lh_of(L);
    size_t length;
    const char *name = luaL_checklstring(L, 1, &length);
    lua_settop(L, 1);
    if (!is_module_name(name, length)) {
        return lh_error(L, "require: '%s' is not a module name; write 'folder.file', without '.lua'", name);
    }
    lua_rawgetp(L, LUA_REGISTRYINDEX, &lh_key_modules);
    lua_pushvalue(L, 1);
    if (lua_rawget(L, 2) != LUA_TNIL) {
        if (lua_touserdata(L, -1) == (const void *)&loading_key) {
            return lh_error(L, "require: module '%s' requires itself in a circle", name);
        }
        return 1;
    }
    lua_settop(L, 2);
    guard_load(L, 2);
    luaL_checkstack(L, 8, "require");
    state->host_depth++;
    const bool found = state->host.source(state->host.context, L, name, length);
    state->host_depth--;
    if (!found) {
        return lh_error(L, "require: there is no module '%s'", name);
    }
    lh_check_memory(state, L);
    size_t source_length;
    const char *source = lua_tolstring(L, -2, &source_length);
    if (source_length > 0 && source[0] == LUA_SIGNATURE[0]) {
        return lh_error(L, "require: module '%s' is bytecode: scripts are source text", name);
    }
    if (luaL_loadbufferx(L, source, source_length, lua_tostring(L, -1), "t") != LUA_OK) {
        return lua_error(L);
    }
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    if (lua_isnil(L, -1)) {
        lua_pushboolean(L, 1);
        lua_replace(L, -2);
    }
    lua_pushvalue(L, 1);
    lua_pushvalue(L, -2);
    lua_rawset(L, 2);
    return 1;
}
