// `table.sort` as a merge sort: no random pivot, n·log n comparisons whatever the comparison says, and stable.
#include "internal.h"

#include <limits.h>

enum { TABLE = 1, COMPARISON = 2, SOURCE = 3, TARGET = 4 };

/// Whether the value at `left` comes before that at `right`.
static bool is_before(lua_State *L, int left, int right) {
    lh_charge(L, 2);
    if (lua_isnil(L, COMPARISON)) {
        return lua_compare(L, left, right, LUA_OPLT);
    }
    lua_pushvalue(L, COMPARISON);
    lua_pushvalue(L, left);
    lua_pushvalue(L, right);
    lua_call(L, 2, 1);
    const bool result = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return result;
}

/// Merges source[low, middle) and source[middle, high) into target.
static void merge(lua_State *L, int source, int target, lua_Integer low, lua_Integer middle, lua_Integer high) {
    const int left_value = lua_gettop(L) + 1, right_value = left_value + 1;
    lua_Integer left = low, right = middle;
    lua_rawgeti(L, source, left);
    lua_rawgeti(L, source, right);
    for (lua_Integer out = low; out < high; out++) {
        // Equal values stay in order: the right one goes first only if it must.
        const bool takes_right = right < high && (left >= middle || is_before(L, right_value, left_value));
        lua_pushvalue(L, takes_right ? right_value : left_value);
        lua_rawseti(L, target, out);
        if (takes_right) {
            lua_rawgeti(L, source, ++right);
            lua_replace(L, right_value);
        } else {
            lua_rawgeti(L, source, ++left);
            lua_replace(L, left_value);
        }
    }
    lua_settop(L, left_value - 1);
}

int lh_sort(lua_State *L) {
    luaL_checktype(L, TABLE, LUA_TTABLE);
    const lua_Integer count = luaL_len(L, TABLE);
    if (count < 2) {
        return 0;
    }
    luaL_argcheck(L, count < INT_MAX, 1, "array too big");
    if (!lua_isnoneornil(L, COMPARISON)) {
        luaL_checktype(L, COMPARISON, LUA_TFUNCTION);
    }
    lua_settop(L, COMPARISON);
    lua_newtable(L);
    lua_newtable(L);
    for (lua_Integer i = 1; i <= count; i++) {
        lh_charge(L, 1);
        lua_geti(L, TABLE, i);
        lua_rawseti(L, SOURCE, i);
    }
    int source = SOURCE, target = TARGET;
    for (lua_Integer width = 1; width < count; width *= 2) {
        for (lua_Integer low = 1; low <= count; low += 2 * width) {
            const lua_Integer middle = low + width < count + 1 ? low + width : count + 1;
            const lua_Integer high = low + 2 * width < count + 1 ? low + 2 * width : count + 1;
            merge(L, source, target, low, middle, high);
        }
        const int swapped = source;
        source = target;
        target = swapped;
    }
    for (lua_Integer i = 1; i <= count; i++) {
        lh_charge(L, 1);
        lua_rawgeti(L, source, i);
        lua_seti(L, TABLE, i);
    }
    return 0;
}
