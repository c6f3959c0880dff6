// `pairs` and `next` in a fixed order.
//
// `pairs` takes the keys once, sorted, and hands out what is still there: assigning to fields, also nil, is fine
// meanwhile. Small tables keep their keys in the upvalues of the iterator, which costs a single allocation. `next` on
// its own keeps the order of the table it walks in the registry, until a run waits.
#include "internal.h"

/// Keys that fit into the upvalues of an iterator, beside the table and the position (Lua's limit is 255).
#define SMALL 200

static int refuse_key(lua_State *L, int kind) {
    return lh_error(L, "cannot iterate over this table: a key is a %s; only numbers, strings and booleans have a fixed order",
                    lua_typename(L, kind));
}

/// Upvalues: table, position, keys in order.
static int iterate_small(lua_State *L) {
    for (int slot = (int)lua_tointeger(L, lua_upvalueindex(2));; slot++) {
        if (slot > 255 || lua_type(L, lua_upvalueindex(slot)) == LUA_TNONE) {
            lua_pushnil(L);
            return 1;
        }
        lua_pushvalue(L, lua_upvalueindex(slot));
        lua_pushvalue(L, -1);
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) {
            lua_pushinteger(L, slot + 1);
            lua_replace(L, lua_upvalueindex(2));
            return 2;
        }
        lua_pop(L, 2);
    }
}

/// Upvalues: table, position, list of keys in order.
static int iterate_large(lua_State *L) {
    for (lua_Integer position = lua_tointeger(L, lua_upvalueindex(2)) + 1;; position++) {
        if (lua_rawgeti(L, lua_upvalueindex(3), position) == LUA_TNIL) {
            return 1;
        }
        lua_pushvalue(L, -1);
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) {
            lua_pushinteger(L, position);
            lua_replace(L, lua_upvalueindex(2));
            return 2;
        }
        lua_pop(L, 2);
    }
}

/// Upvalues: table, position, length.
static int iterate_sequence(lua_State *L) {
    const lua_Integer length = lua_tointeger(L, lua_upvalueindex(3));
    for (lua_Integer position = lua_tointeger(L, lua_upvalueindex(2)) + 1; position <= length; position++) {
        lua_pushinteger(L, position);
        if (lua_rawgeti(L, lua_upvalueindex(1), position) != LUA_TNIL) {
            lua_pushvalue(L, -2);
            lua_replace(L, lua_upvalueindex(2));
            return 2;
        }
        lua_pop(L, 2);
    }
    lua_pushnil(L);
    return 1;
}

int lh_survey(lua_State *L, int table, size_t *count, bool *is_sequence) {
    const lua_Integer border = (lua_Integer)lua_rawlen(L, table);
    size_t keys = 0;
    bool within = true;
    lua_pushnil(L);
    while (lua_next(L, table)) {
        lua_pop(L, 1);
        const int kind = lua_type(L, -1);
        if (kind != LUA_TNUMBER && kind != LUA_TSTRING && kind != LUA_TBOOLEAN) {
            lua_pop(L, 1);
            return kind;
        }
        if (within) {
            const lua_Integer key = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : 0;
            within = key >= 1 && key <= border;
        }
        keys++;
    }
    *count = keys;
    *is_sequence = within && keys == (size_t)border;
    return LUA_TNIL;
}

/// Pushes a list of all keys in order. The keys are known to be orderable, and there are `count` of them.
static void push_sorted_list(lua_State *L, int table, size_t count) {
    lua_createtable(L, (int)count, 0);
    lua_createtable(L, (int)count, 0);
    const int unsorted = lua_gettop(L), sorted = unsorted - 1;
    lh_key *keys = lua_newuserdatauv(L, (count + 1) * sizeof *keys, 0);
    size_t found = 0;
    lua_pushnil(L);
    while (lua_next(L, table) && found < count) {
        lua_pop(L, 1);
        lh_read_key(L, -1, &keys[found]);
        found++;
        keys[found - 1].slot = (int)found;
        lua_pushvalue(L, -1);
        lua_rawseti(L, unsorted, (lua_Integer)found);
    }
    lh_sort_keys(keys, found);
    for (size_t i = 0; i < found; i++) {
        lua_rawgeti(L, unsorted, keys[i].slot);
        lua_rawseti(L, sorted, (lua_Integer)i + 1);
    }
    lua_settop(L, sorted);
}

int lh_push_ordered_keys(lua_State *L, int table, int64_t *count) {
    size_t keys;
    bool is_sequence;
    table = lua_absindex(L, table);
    if (lh_survey(L, table, &keys, &is_sequence) != LUA_TNIL) {
        return LH_SHAPE_UNORDERED;
    }
    *count = (int64_t)keys;
    if (is_sequence) {
        return LH_SHAPE_SEQUENCE;
    }
    push_sorted_list(L, table, keys);
    return LH_SHAPE_TABLE;
}

/// Leaves the sorted keys of a small table in `keys` and the keys themselves on the stack from `first` on.
/// Returns false when the table is not small.
static bool collect_small(lua_State *L, int table, lh_key *keys, int first, int *count) {
    int found = 0;
    lua_pushnil(L);
    while (lua_next(L, table)) {
        lua_pop(L, 1);
        if (found == SMALL) {
            return false;
        }
        if (found % 8 == 0) {
            // For the next keys, and for all in order after that.
            luaL_checkstack(L, 2 * 8 + found + 6, "too many keys");
        }
        if (!lh_read_key(L, -1, &keys[found])) {
            refuse_key(L, lua_type(L, -1));
        }
        keys[found].slot = first + found;
        found++;
        lua_pushvalue(L, -1);
    }
    *count = found;
    return true;
}

int lh_fixed_pairs(lua_State *L, int table) {
    lh_key keys[SMALL];
    int count = 0;
    luaL_checkstack(L, 8, "too many keys");
    const int first = lua_gettop(L) + 1;
    if (collect_small(L, table, keys, first, &count)) {
        lh_sort_keys(keys, (size_t)count);
        lua_pushvalue(L, table);
        lua_pushinteger(L, 3);
        for (int i = 0; i < count; i++) {
            lua_pushvalue(L, keys[i].slot);
        }
        lua_pushcclosure(L, iterate_small, count + 2);
    } else {
        lua_settop(L, first - 1);
        size_t all;
        bool is_sequence;
        const int bad = lh_survey(L, table, &all, &is_sequence);
        if (bad != LUA_TNIL) {
            refuse_key(L, bad);
        }
        lh_charge(L, all * (is_sequence ? 1 : 16));
        lua_pushvalue(L, table);
        lua_pushinteger(L, 0);
        if (is_sequence) {
            lua_pushinteger(L, (lua_Integer)all);
            lua_pushcclosure(L, iterate_sequence, 3);
        } else {
            push_sorted_list(L, table, all);
            lua_pushcclosure(L, iterate_large, 3);
        }
    }
    lua_pushvalue(L, table);
    lua_pushnil(L);
    return 3;
}

static int after_pairs(lua_State *L, int status, lua_KContext context) {
    (void)L;
    (void)status;
    (void)context;
    return 3;
}

int lh_pairs(lua_State *L) {
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_callk(L, 1, 3, 0, after_pairs);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    return lh_fixed_pairs(L, 1);
}

/// Pushes the smallest key and its value, or nil.
static int push_first(lua_State *L) {
    lh_key smallest, key;
    uint64_t count = 0;
    lua_pushnil(L); // 3: the smallest so far
    lua_pushnil(L);
    for (; lua_next(L, 1); count++) {
        lua_pop(L, 1);
        if (!lh_read_key(L, -1, &key)) {
            refuse_key(L, lua_type(L, -1));
        }
        if (count == 0 || lh_compare_keys(&key, &smallest) < 0) {
            smallest = key;
            lua_copy(L, -1, 3);
        }
    }
    lh_charge(L, count);
    if (count == 0) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushvalue(L, 3);
    lua_rawget(L, 1);
    return 2;
}

void lh_forget_next(lua_State *L) {
    lh_state *state = lh_of(L);
    if (state->next_cached) {
        state->next_cached = false;
        lua_pushnil(L);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &lh_key_next);
    }
}

/// Pushes the list of keys of the table at 1, and sets the position of the key at 2 or of the one before it.
static void find_place(lua_State *L, lh_state *state) {
    if (state->next_cached) {
        lua_rawgetp(L, LUA_REGISTRYINDEX, &lh_key_next);
        lua_rawgeti(L, -1, 1);
        const bool is_same = lua_rawequal(L, -1, 1);
        lua_rawgeti(L, -2, 2);
        lua_rawgeti(L, -1, state->next_position);
        if (is_same && lua_rawequal(L, -1, 2)) {
            lua_settop(L, -2);
            return;
        }
        lua_settop(L, 2);
    }
    lh_key wanted, key;
    size_t count;
    bool is_sequence;
    if (!lh_read_key(L, 2, &wanted)) {
        lh_error(L, "invalid key to 'next'");
    }
    const int bad = lh_survey(L, 1, &count, &is_sequence);
    if (bad != LUA_TNIL) {
        refuse_key(L, bad);
    }
    lh_charge(L, count * 16);
    push_sorted_list(L, 1, count);
    lua_createtable(L, 2, 0);
    lua_pushvalue(L, 1);
    lua_rawseti(L, -2, 1);
    lua_pushvalue(L, -2);
    lua_rawseti(L, -2, 2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &lh_key_next);
    state->next_cached = true;
    // The last key that is not greater: it is `wanted` itself, unless that was removed meanwhile.
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low + 1) / 2;
        lua_rawgeti(L, -1, (lua_Integer)middle);
        lh_read_key(L, -1, &key);
        const int order = lh_compare_keys(&key, &wanted);
        lua_pop(L, 1);
        if (order <= 0) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    state->next_position = (int64_t)low;
}

int lh_next(lua_State *L) {
    lh_state *state = lh_of(L);
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    if (lua_isnil(L, 2)) {
        return push_first(L);
    }
    find_place(L, state);
    const int keys = lua_gettop(L);
    for (;;) {
        state->next_position++;
        if (lua_rawgeti(L, keys, state->next_position) == LUA_TNIL) {
            lh_forget_next(L);
            lua_pushnil(L);
            return 1;
        }
        lua_pushvalue(L, -1);
        if (lua_rawget(L, 1) != LUA_TNIL) {
            return 2;
        }
        lua_pop(L, 2);
    }
}
