// The string functions that need a bound or must not show an address; Lua's own for the rest.
#include "internal.h"

#include <ctype.h>
#include <string.h>

static int repeat(lua_State *L) {
    size_t length, separator_length;
    const char *text = luaL_checklstring(L, 1, &length);
    const lua_Integer count = luaL_checkinteger(L, 2);
    const char *separator = luaL_optlstring(L, 3, "", &separator_length);
    const size_t piece = length + separator_length, limit = lh_of(L)->limits.string_bytes;
    if (count <= 0 || piece == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    if ((lua_Unsigned)count > limit / piece + 1) {
        return lh_error(L, "string.rep: the result is longer than %zu bytes", limit);
    }
    const size_t total = piece * (size_t)count - separator_length;
    if (total > limit) {
        return lh_error(L, "string.rep: the result is longer than %zu bytes", limit);
    }
    luaL_Buffer result;
    char *out = luaL_buffinitsize(L, &result, total + separator_length);
    memcpy(out, text, length);
    memcpy(out + length, separator, separator_length);
    // Each copy doubles what is there.
    for (size_t written = piece; written < total;) {
        const size_t left = total + separator_length - written;
        const size_t chunk = written < left ? written : left;
        memcpy(out + written, out, chunk);
        written += chunk;
    }
    luaL_pushresultsize(&result, total);
    return 1;
}

/// Upvalue: Lua's own `format`, which would write a table as its address.
static int format(lua_State *L) {
    size_t length;
    const char *pattern = luaL_checklstring(L, 1, &length);
    const int top = lua_gettop(L);
    int argument = 1;
    for (const char *at = pattern, *end = pattern + length; at < end; at++) {
        if (*at != '%' || *++at == '%') {
            continue;
        }
        while (at < end && !isalpha((unsigned char)*at)) {
            at++;
        }
        argument++;
        if (*at == 'p') {
            return lh_error(L, "string.format: '%%p' is not available");
        }
        if (*at == 's' && argument <= top && lua_type(L, argument) != LUA_TSTRING) {
            lh_push_text(L, argument, NULL);
            lua_replace(L, argument);
        }
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, top, 1);
    return 1;
}

void lh_open_string(lua_State *L) {
    lua_pushcfunction(L, repeat);
    lua_setfield(L, -2, "rep");
    lua_getfield(L, -1, "format");
    lua_pushcclosure(L, format, 1);
    lua_setfield(L, -2, "format");
    lua_pushnil(L);
    lua_setfield(L, -2, "dump");
}
