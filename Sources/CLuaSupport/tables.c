// The table library, each loop accounted for: a length may be whatever `__len` says.
#include "internal.h"

#include <limits.h>

static int concat(lua_State *L) {
    size_t separator_length;
    luaL_checktype(L, 1, LUA_TTABLE);
    const char *separator = luaL_optlstring(L, 2, "", &separator_length);
    lua_Integer i = luaL_optinteger(L, 3, 1);
    const lua_Integer last = luaL_opt(L, luaL_checkinteger, 4, luaL_len(L, 1));
    const size_t limit = lh_of(L)->limits.string_bytes;
    luaL_Buffer result;
    luaL_buffinit(L, &result);
    for (; i <= last; i++) {
        lh_charge(L, 1);
        lua_geti(L, 1, i);
        if (!lua_isstring(L, -1)) {
            return lh_error(L, "invalid value (%s) at index %lld in table for 'concat'", luaL_typename(L, -1), (long long)i);
        }
        luaL_addvalue(&result);
        if (i == last) {
            break; // the largest integer has no successor
        }
        luaL_addlstring(&result, separator, separator_length);
        if (luaL_bufflen(&result) > limit) {
            return lh_error(L, "table.concat: the result is longer than %zu bytes", limit);
        }
    }
    luaL_pushresult(&result);
    return 1;
}

static int insert(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    const lua_Integer end = (lua_Integer)((lua_Unsigned)luaL_len(L, 1) + 1);
    switch (lua_gettop(L)) {
    case 2:
        lua_seti(L, 1, end);
        return 0;
    case 3: {
        const lua_Integer position = luaL_checkinteger(L, 2);
        luaL_argcheck(L, (lua_Unsigned)position - 1u < (lua_Unsigned)end, 2, "position out of bounds");
        for (lua_Integer i = end; i > position; i--) {
            lh_charge(L, 1);
            lua_geti(L, 1, i - 1);
            lua_seti(L, 1, i);
        }
        lua_seti(L, 1, position);
        return 0;
    }
    default:
        return lh_error(L, "wrong number of arguments to 'insert'");
    }
}

static int take(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    const lua_Integer size = luaL_len(L, 1);
    lua_Integer position = luaL_optinteger(L, 2, size);
    if (position != size) {
        luaL_argcheck(L, (lua_Unsigned)position - 1u <= (lua_Unsigned)size, 2, "position out of bounds");
    }
    lua_geti(L, 1, position);
    for (; position < size; position++) {
        lh_charge(L, 1);
        lua_geti(L, 1, position + 1);
        lua_seti(L, 1, position);
    }
    lua_pushnil(L);
    lua_seti(L, 1, position);
    return 1;
}

static int move(lua_State *L) {
    const lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3), to = luaL_checkinteger(L, 4);
    const int target = lua_isnoneornil(L, 5) ? 1 : 5;
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, target, LUA_TTABLE);
    if (last >= first) {
        luaL_argcheck(L, first > 0 || last < LUA_MAXINTEGER + first, 3, "too many elements to move");
        const lua_Integer count = last - first + 1;
        luaL_argcheck(L, to <= LUA_MAXINTEGER - count + 1, 4, "destination wrap around");
        const bool forward = to > last || to <= first || (target != 1 && !lua_compare(L, 1, target, LUA_OPEQ));
        for (lua_Integer n = 0; n < count; n++) {
            lh_charge(L, 1);
            const lua_Integer i = forward ? n : count - 1 - n;
            lua_geti(L, 1, first + i);
            lua_seti(L, target, to + i);
        }
    }
    lua_pushvalue(L, target);
    return 1;
}

static int pack(lua_State *L) {
    const int count = lua_gettop(L);
    lua_createtable(L, count, 1);
    lua_insert(L, 1);
    for (int i = count; i >= 1; i--) {
        lua_seti(L, 1, i);
    }
    lua_pushinteger(L, count);
    lua_setfield(L, 1, "n");
    return 1;
}

static int unpack(lua_State *L) {
    lua_Integer i = luaL_optinteger(L, 2, 1);
    const lua_Integer last = luaL_opt(L, luaL_checkinteger, 3, luaL_len(L, 1));
    if (i > last) {
        return 0;
    }
    const lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)i + 1u;
    if (count == 0 || count >= (lua_Unsigned)INT_MAX || !lua_checkstack(L, (int)count)) {
        return lh_error(L, "too many results to unpack");
    }
    lh_charge(L, count);
    for (; i < last; i++) {
        lua_geti(L, 1, i);
    }
    lua_geti(L, 1, last);
    return (int)count;
}

void lh_open_table(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"concat", concat}, {"insert", insert}, {"remove", take}, {"move", move},
        {"pack", pack},     {"unpack", unpack}, {"sort", lh_sort}, {NULL, NULL},
    };
    luaL_setfuncs(L, functions, 0);
}
