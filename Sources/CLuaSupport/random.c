// `math.random` from the run's own generator (xoshiro256**), so that a run that is repeated draws the same numbers.
#include "internal.h"

#include <string.h>

static uint64_t rotate(uint64_t value, int by) {
    return (value << by) | (value >> (64 - by));
}

static uint64_t next_number(lh_run *run) {
    uint64_t *s = run->random;
    const uint64_t result = rotate(s[1] * 5, 7) * 9;
    const uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 45);
    return result;
}

static lh_run *current_run(lua_State *L) {
    lh_state *state = lh_of(L);
    return state->run != NULL ? state->run : &state->default_run;
}

/// A number from 0 to `most`, each as likely.
static uint64_t draw(lh_run *run, uint64_t most) {
    uint64_t mask = most;
    for (int shift = 1; shift < 64; shift *= 2) {
        mask |= mask >> shift;
    }
    for (;;) {
        const uint64_t number = next_number(run) & mask;
        if (number <= most) {
            return number;
        }
    }
}

static int random_number(lua_State *L) {
    lh_run *run = current_run(L);
    lua_Integer low = 1, high;
    switch (lua_gettop(L)) {
    case 0:
        lua_pushnumber(L, (lua_Number)(next_number(run) >> 11) * 0x1p-53);
        return 1;
    case 1:
        high = luaL_checkinteger(L, 1);
        if (high == 0) {
            lua_pushinteger(L, (lua_Integer)next_number(run));
            return 1;
        }
        break;
    case 2:
        low = luaL_checkinteger(L, 1);
        high = luaL_checkinteger(L, 2);
        break;
    default:
        return lh_error(L, "wrong number of arguments");
    }
    luaL_argcheck(L, low <= high, lua_gettop(L), "interval is empty");
    const uint64_t offset = draw(run, (uint64_t)high - (uint64_t)low);
    lua_pushinteger(L, (lua_Integer)((uint64_t)low + offset));
    return 1;
}

/// A script may choose its own sequence; without an argument the run's stays, as chance has no place in a run.
static int random_seed(lua_State *L) {
    if (lua_isnoneornil(L, 1)) {
        return 0;
    }
    uint64_t seed;
    if (lua_isinteger(L, 1)) {
        seed = (uint64_t)lua_tointeger(L, 1);
    } else {
        const lua_Number number = luaL_checknumber(L, 1);
        memcpy(&seed, &number, sizeof seed);
    }
    lh_seed(current_run(L), seed ^ rotate((uint64_t)luaL_optinteger(L, 2, 0), 32));
    return 0;
}

void lh_open_random(lua_State *L) {
    lua_pushcfunction(L, random_number);
    lua_setfield(L, -2, "random");
    lua_pushcfunction(L, random_seed);
    lua_setfield(L, -2, "randomseed");
}
