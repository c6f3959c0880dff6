// The fixed order of table keys: numbers ascending, then strings by bytes, then booleans.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBER, STRING, BOOLEAN };

/// Below this many keys, inserting one by one beats a general sort.
#define FEW 16

bool lh_read_key(lua_State *L, int index, lh_key *key) {
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        key->rank = NUMBER;
        key->is_float = !lua_isinteger(L, index);
        if (key->is_float) {
            key->as.number = lua_tonumber(L, index);
        } else {
            key->as.integer = lua_tointeger(L, index);
        }
        return true;
    case LUA_TSTRING:
        key->rank = STRING;
        key->as.text = lua_tolstring(L, index, &key->length);
        return true;
    case LUA_TBOOLEAN:
        key->rank = BOOLEAN;
        key->is_float = false;
        key->as.integer = lua_toboolean(L, index);
        return true;
    default:
        return false;
    }
}

/// A float key is never integral within the range of integers: Lua stores those as integers.
static int compare_integer_to_float(lua_Integer integer, lua_Number number) {
    if (number >= 9223372036854775808.0) {
        return -1;
    }
    if (number < -9223372036854775808.0) {
        return 1;
    }
    const lua_Integer truncated = (lua_Integer)number;
    if (integer != truncated) {
        return integer < truncated ? -1 : 1;
    }
    return (lua_Number)truncated < number ? -1 : 1;
}

int lh_compare_keys(const void *left_key, const void *right_key) {
    const lh_key *left = left_key, *right = right_key;
    if (left->rank != right->rank) {
        return left->rank - right->rank;
    }
    if (left->rank == STRING) {
        const size_t shorter = left->length < right->length ? left->length : right->length;
        const int order = memcmp(left->as.text, right->as.text, shorter);
        return order != 0 ? order : (left->length > right->length) - (left->length < right->length);
    }
    if (left->is_float && right->is_float) {
        return (left->as.number > right->as.number) - (left->as.number < right->as.number);
    }
    if (left->is_float) {
        return -compare_integer_to_float(right->as.integer, left->as.number);
    }
    if (right->is_float) {
        return compare_integer_to_float(left->as.integer, right->as.number);
    }
    return (left->as.integer > right->as.integer) - (left->as.integer < right->as.integer);
}

void lh_sort_keys(lh_key *keys, size_t count) {
    if (count > FEW) {
        qsort(keys, count, sizeof *keys, lh_compare_keys);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        const lh_key key = keys[i];
        size_t place = i;
        for (; place > 0 && lh_compare_keys(&keys[place - 1], &key) > 0; place--) {
            keys[place] = keys[place - 1];
        }
        keys[place] = key;
    }
}
