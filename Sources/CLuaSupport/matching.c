// `find`, `match`, `gmatch` and `gsub` over the bounded matcher.
#include "internal.h"

#include <ctype.h>
#include <string.h>

/// Pushes capture `index`, or the whole match where there are no captures.
static void push_capture(lh_match *m, int index, const char *start, const char *end) {
    if (index >= m->level) {
        if (index != 0) {
            lh_error(m->L, "invalid capture index %%%d", index + 1);
        }
        lua_pushlstring(m->L, start, (size_t)(end - start));
        return;
    }
    const ptrdiff_t length = m->capture[index].length;
    if (length == LH_CAPTURE_OPEN) {
        lh_error(m->L, "unfinished capture");
    }
    if (length == LH_CAPTURE_POSITION) {
        lua_pushinteger(m->L, m->capture[index].start - m->subject + 1);
    } else {
        lua_pushlstring(m->L, m->capture[index].start, (size_t)length);
    }
}

/// Pushes all captures; the whole match stands in for none if `start` is given.
static int push_captures(lh_match *m, const char *start, const char *end) {
    const int count = m->level == 0 && start != NULL ? 1 : m->level;
    luaL_checkstack(m->L, count, "too many captures");
    for (int i = 0; i < count; i++) {
        push_capture(m, i, start, end);
    }
    return count;
}

/// The start position argument as an offset from 0; past the end it is one more than the length.
static size_t start_offset(lua_State *L, int argument, size_t length) {
    const lua_Integer position = luaL_optinteger(L, argument, 1);
    if (position > 0) {
        return (lua_Unsigned)position > length + 1 ? length + 1 : (size_t)position - 1;
    }
    if (position == 0 || position < -(lua_Integer)length) {
        return 0;
    }
    return length - (size_t)-position;
}

static bool is_plain(const char *pattern, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (pattern[i] != '\0' && strchr("^$*+?.([%-", pattern[i]) != NULL) {
            return false;
        }
    }
    return true;
}

static int find_plain(lua_State *L, const char *subject, size_t length, size_t offset, const char *wanted, size_t wanted_length) {
    lh_charge(L, (length - offset) / 64);
    const char *found = wanted_length == 0 ? subject + offset : memmem(subject + offset, length - offset, wanted, wanted_length);
    if (found == NULL) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, found - subject + 1);
    lua_pushinteger(L, found - subject + (lua_Integer)wanted_length);
    return 2;
}

static int find_or_match(lua_State *L, bool find) {
    size_t length, pattern_length;
    const char *subject = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    const size_t offset = start_offset(L, 3, length);
    if (offset > length) {
        lua_pushnil(L);
        return 1;
    }
    if (find && (lua_toboolean(L, 4) || is_plain(pattern, pattern_length))) {
        return find_plain(L, subject, length, offset, pattern, pattern_length);
    }
    const bool is_anchored = *pattern == '^';
    lh_match m;
    lh_match_prepare(&m, L, find ? "string.find" : "string.match", subject, length, pattern, pattern_length);
    pattern += is_anchored;
    for (const char *at = subject + offset; at <= m.subject_end; at++) {
        const char *end = lh_match_at(&m, at, pattern);
        if (end != NULL) {
            if (!find) {
                return push_captures(&m, at, end);
            }
            lua_pushinteger(L, at - subject + 1);
            lua_pushinteger(L, end - subject);
            return push_captures(&m, NULL, NULL) + 2;
        }
        if (is_anchored) {
            break;
        }
    }
    lua_pushnil(L);
    return 1;
}

static int find(lua_State *L) {
    return find_or_match(L, true);
}

static int match(lua_State *L) {
    return find_or_match(L, false);
}

/// Upvalues: subject, pattern, next offset, end of the last match (-1: none).
static int next_match(lua_State *L) {
    size_t length, pattern_length;
    const char *subject = lua_tolstring(L, lua_upvalueindex(1), &length);
    const char *pattern = lua_tolstring(L, lua_upvalueindex(2), &pattern_length);
    const lua_Integer last_end = lua_tointeger(L, lua_upvalueindex(4));
    lh_match m;
    lh_match_prepare(&m, L, "string.gmatch", subject, length, pattern, pattern_length);
    for (lua_Integer offset = lua_tointeger(L, lua_upvalueindex(3)); offset <= (lua_Integer)length; offset++) {
        const char *end = lh_match_at(&m, subject + offset, pattern);
        if (end != NULL && end - subject != last_end) {
            lua_pushinteger(L, end - subject);
            lua_copy(L, -1, lua_upvalueindex(3));
            lua_replace(L, lua_upvalueindex(4));
            return push_captures(&m, subject + offset, end);
        }
    }
    return 0;
}

static int gmatch(lua_State *L) {
    size_t length;
    luaL_checklstring(L, 1, &length);
    luaL_checkstring(L, 2);
    const size_t offset = start_offset(L, 3, length);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_pushinteger(L, (lua_Integer)offset);
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, next_match, 4);
    return 1;
}

static void add_template(lh_match *m, luaL_Buffer *result, const char *start, const char *end) {
    lua_State *L = m->L;
    size_t length;
    const char *text = lua_tolstring(L, 3, &length);
    for (const char *at = text, *stop = text + length; at < stop; at++) {
        if (*at != '%') {
            luaL_addchar(result, *at);
            continue;
        }
        at++;
        if (*at == '%') {
            luaL_addchar(result, '%');
        } else if (*at == '0') {
            luaL_addlstring(result, start, (size_t)(end - start));
        } else if (isdigit((unsigned char)*at)) {
            push_capture(m, *at - '1', start, end);
            luaL_tolstring(L, -1, NULL); // a position is a number
            lua_remove(L, -2);
            luaL_addvalue(result);
        } else {
            lh_error(L, "invalid use of '%%' in replacement string");
        }
    }
}

/// Adds the replacement of one match.
static void add_replacement(lh_match *m, luaL_Buffer *result, int kind, const char *start, const char *end) {
    lua_State *L = m->L;
    switch (kind) {
    case LUA_TFUNCTION:
        lua_pushvalue(L, 3);
        lua_call(L, push_captures(m, start, end), 1);
        break;
    case LUA_TTABLE:
        push_capture(m, 0, start, end);
        lua_gettable(L, 3);
        break;
    default:
        add_template(m, result, start, end);
        return;
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(result, start, (size_t)(end - start));
    } else if (lua_isstring(L, -1)) {
        luaL_addvalue(result);
    } else {
        lh_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    }
}

int lh_gsub(lua_State *L) {
    size_t length, pattern_length;
    const char *subject = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    const int kind = lua_type(L, 3);
    luaL_argexpected(L, kind == LUA_TNUMBER || kind == LUA_TSTRING || kind == LUA_TFUNCTION || kind == LUA_TTABLE, 3,
                     "string/function/table");
    const lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)length + 1);
    const size_t limit = lh_of(L)->limits.string_bytes;
    const bool is_anchored = *pattern == '^';
    lua_settop(L, 4);

    lh_match m;
    lh_match_prepare(&m, L, "string.gsub", subject, length, pattern, pattern_length);
    pattern += is_anchored;
    luaL_Buffer result;
    luaL_buffinit(L, &result);
    const char *at = subject, *last_end = NULL;
    lua_Integer count = 0;
    while (count < most) {
        const char *end = lh_match_at(&m, at, pattern);
        if (end != NULL && end != last_end) {
            count++;
            add_replacement(&m, &result, kind, at, end);
            at = last_end = end;
        } else if (at < m.subject_end) {
            luaL_addchar(&result, *at);
            at++;
        } else {
            break;
        }
        if (luaL_bufflen(&result) > limit) {
            return lh_error(L, "string.gsub: the result is longer than %zu bytes", limit);
        }
        if (is_anchored) {
            break;
        }
    }
    luaL_addlstring(&result, at, (size_t)(m.subject_end - at));
    luaL_pushresult(&result);
    lua_pushinteger(L, count);
    return 2;
}

void lh_open_patterns(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"find", find},
        {"match", match},
        {"gmatch", gmatch},
        {"gsub", lh_gsub},
        {NULL, NULL},
    };
    luaL_setfuncs(L, functions, 0);
}
