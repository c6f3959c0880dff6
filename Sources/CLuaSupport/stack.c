// Reading and writing a stack without metamethods: what Swift uses instead of Lua's own macros.
#include "internal.h"

#include <stdio.h>
#include <string.h>

int lh_kind(lua_State *L, int index) {
    switch (lua_type(L, index)) {
    case LUA_TNONE: return LH_NONE;
    case LUA_TNIL: return LH_NIL;
    case LUA_TBOOLEAN: return LH_BOOLEAN;
    case LUA_TNUMBER: return lua_isinteger(L, index) ? LH_INTEGER : LH_NUMBER;
    case LUA_TSTRING: return LH_STRING;
    case LUA_TTABLE: return LH_TABLE;
    case LUA_TFUNCTION: return LH_FUNCTION;
    case LUA_TLIGHTUSERDATA: return lua_touserdata(L, index) == NULL ? LH_NULL : LH_OTHER;
    case LUA_TUSERDATA: return lh_is_object(L, index) ? LH_OBJECT : LH_OTHER;
    default: return LH_OTHER;
    }
}

const char *lh_kind_name(lua_State *L, int index) {
    switch (lua_type(L, index)) {
    case LUA_TNONE: return "no value";
    case LUA_TLIGHTUSERDATA: return "null";
    case LUA_TTHREAD: return "coroutine";
    case LUA_TUSERDATA:
        if (lh_is_object(L, index) && lua_getmetatable(L, index)) {
            lua_pushliteral(L, "__name");
            lua_rawget(L, -2);
            // The class keeps the string alive.
            const char *name = lua_tostring(L, -1);
            lua_pop(L, 2);
            return name != NULL ? name : "object";
        }
        return "userdata";
    default: return lua_typename(L, lua_type(L, index));
    }
}

int lh_top(lua_State *L) {
    return lua_gettop(L);
}

void lh_set_top(lua_State *L, int top) {
    lua_settop(L, top);
}

void lh_remove(lua_State *L, int index) {
    lua_remove(L, index);
}

bool lh_reserve(lua_State *L, int slots) {
    return lua_checkstack(L, slots);
}

bool lh_to_boolean(lua_State *L, int index) {
    return lua_toboolean(L, index);
}

int64_t lh_to_integer(lua_State *L, int index, bool *ok) {
    int is_number = 0;
    const lua_Integer value = lua_type(L, index) == LUA_TNUMBER ? lua_tointegerx(L, index, &is_number) : 0;
    *ok = is_number;
    return value;
}

double lh_to_number(lua_State *L, int index, bool *ok) {
    *ok = lua_type(L, index) == LUA_TNUMBER;
    return *ok ? lua_tonumber(L, index) : 0;
}

const char *lh_to_bytes(lua_State *L, int index, size_t *length) {
    // A number is not converted: lua_tolstring would change it in place.
    if (lua_type(L, index) != LUA_TSTRING) {
        *length = 0;
        return NULL;
    }
    return lua_tolstring(L, index, length);
}

void lh_push_nil(lua_State *L) {
    lua_pushnil(L);
}

void lh_push_null(lua_State *L) {
    lua_pushlightuserdata(L, NULL);
}

void lh_push_boolean(lua_State *L, bool value) {
    lua_pushboolean(L, value);
}

void lh_push_integer(lua_State *L, int64_t value) {
    lua_pushinteger(L, value);
}

void lh_push_number(lua_State *L, double value) {
    lua_pushnumber(L, value);
}

void lh_push_bytes(lua_State *L, const void *bytes, size_t length) {
    lua_pushlstring(L, length > 0 ? bytes : "", length);
}

void lh_push_value(lua_State *L, int index) {
    lua_pushvalue(L, index);
}

void lh_move(lua_State *from, lua_State *to, int count) {
    lua_xmove(from, to, count);
}

void lh_push_table(lua_State *L, int array, int hash) {
    lua_createtable(L, array, hash);
}

void lh_mark_list(lua_State *L) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &lh_key_list);
    lua_setmetatable(L, -2);
}

bool lh_is_marked_list(lua_State *L, int index) {
    if (!lua_getmetatable(L, index)) {
        return false;
    }
    lua_rawgetp(L, LUA_REGISTRYINDEX, &lh_key_list);
    const bool is_list = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return is_list;
}

void lh_raw_set(lua_State *L, int table) {
    lua_rawset(L, table);
}

void lh_raw_set_index(lua_State *L, int table, int64_t key) {
    lua_rawseti(L, table, key);
}

void lh_raw_get(lua_State *L, int table) {
    lua_rawget(L, table);
}

void lh_raw_get_field(lua_State *L, int table, const char *key, size_t length) {
    table = lua_absindex(L, table);
    lua_pushlstring(L, key, length);
    lua_rawget(L, table);
}

int lh_raw_get_index(lua_State *L, int table, int64_t key) {
    lua_rawgeti(L, table, key);
    return lh_kind(L, -1);
}

uint64_t lh_raw_length(lua_State *L, int table) {
    return lua_rawlen(L, table);
}

const void *lh_identity(lua_State *L, int index) {
    return lua_topointer(L, index);
}

int lh_reference(lua_State *L) {
    return luaL_ref(L, LUA_REGISTRYINDEX);
}

void lh_release(lh_state *state, int reference) {
    luaL_unref(state->main, LUA_REGISTRYINDEX, reference);
}

void lh_push_reference(lua_State *L, int reference) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
}

void lh_set_global(lua_State *L, const char *name) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &lh_key_globals);
    lua_pushstring(L, name);
    lua_pushvalue(L, -3);
    lua_rawset(L, -3);
    lua_pop(L, 2);
}

void lh_push_error_object(lua_State *L, const char *code, size_t code_length, const char *message, size_t message_length,
                          bool retryable, int64_t status) {
    lua_createtable(L, 0, 5);
    if (code != NULL) {
        lua_pushliteral(L, "code");
        lua_pushlstring(L, code, code_length);
        lua_rawset(L, -3);
    }
    lua_pushliteral(L, "message");
    lua_pushlstring(L, message, message_length);
    lua_rawset(L, -3);
    lua_pushliteral(L, "retryable");
    lua_pushboolean(L, retryable);
    lua_rawset(L, -3);
    if (status != 0) {
        lua_pushliteral(L, "status");
        lua_pushinteger(L, status);
        lua_rawset(L, -3);
    }
    lua_rawgetp(L, LUA_REGISTRYINDEX, &lh_key_error);
    lua_setmetatable(L, -2);
}
