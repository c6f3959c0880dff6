// A Lua value as JSON bytes, keys in the fixed order of `pairs`.
//
// Runs as host code: it may not raise. A value that has no JSON form ends it with a sentence that names the path.
#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEEPEST 128
#define PATH_BYTES 256

typedef struct {
    lh_state *state;
    lua_State *L;
    char path[PATH_BYTES];
    size_t path_length;
    char problem[PATH_BYTES + 128];
    const void *open[DEEPEST]; ///< the tables being written, to find cycles
    int depth;
} writer;

static bool fail(writer *w, const char *problem) {
    const char *path = w->path[0] == '.' ? w->path + 1 : w->path;
    if (*path != '\0') {
        snprintf(w->problem, sizeof w->problem, "cannot write '%s' as JSON: %s", path, problem);
    } else {
        snprintf(w->problem, sizeof w->problem, "cannot write the value as JSON: %s", problem);
    }
    return false;
}

static bool put(writer *w, const void *bytes, size_t length) {
    lh_state *state = w->state;
    if (state->json_length + length > state->json_capacity) {
        if (state->json_length + length > state->limits.memory) {
            return fail(w, "the text is too long");
        }
        const size_t capacity = (state->json_length + length) * 2 + 256;
        uint8_t *larger = realloc(state->json, capacity);
        if (larger == NULL) {
            return fail(w, "not enough memory");
        }
        state->json = larger;
        state->json_capacity = capacity;
    }
    memcpy(state->json + state->json_length, bytes, length);
    state->json_length += length;
    return true;
}

static bool put_text(writer *w, const char *text) {
    return put(w, text, strlen(text));
}

/// Length of the valid UTF-8 sequence at `s`, 0 if there is none.
static size_t sequence_length(const unsigned char *s, size_t left) {
    if (s[0] < 0xc2 || left < 2) {
        return 0;
    }
    if (s[0] < 0xe0) {
        return (s[1] & 0xc0) == 0x80 ? 2 : 0;
    }
    if (left < 3 || (s[1] & 0xc0) != 0x80 || (s[2] & 0xc0) != 0x80) {
        return 0;
    }
    if (s[0] < 0xf0) {
        const bool is_overlong = s[0] == 0xe0 && s[1] < 0xa0, is_surrogate = s[0] == 0xed && s[1] > 0x9f;
        return is_overlong || is_surrogate ? 0 : 3;
    }
    const bool is_outside = (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f) || s[0] > 0xf4;
    return left >= 4 && (s[3] & 0xc0) == 0x80 && !is_outside ? 4 : 0;
}

static bool put_string(writer *w, const char *text, size_t length) {
    const unsigned char *s = (const unsigned char *)text;
    size_t written = 0, at = 0;
    if (!put(w, "\"", 1)) {
        return false;
    }
    while (at < length) {
        const unsigned char byte = s[at];
        if (byte >= 0x80) {
            const size_t sequence = sequence_length(s + at, length - at);
            if (sequence == 0) {
                return fail(w, "the string is not valid UTF-8");
            }
            at += sequence;
            continue;
        }
        if (byte >= 0x20 && byte != '"' && byte != '\\') {
            at++;
            continue;
        }
        char escape[8];
        switch (byte) {
        case '"': strcpy(escape, "\\\""); break;
        case '\\': strcpy(escape, "\\\\"); break;
        case '\n': strcpy(escape, "\\n"); break;
        case '\r': strcpy(escape, "\\r"); break;
        case '\t': strcpy(escape, "\\t"); break;
        default: snprintf(escape, sizeof escape, "\\u%04x", byte); break;
        }
        if (!put(w, s + written, at - written) || !put_text(w, escape)) {
            return false;
        }
        written = ++at;
    }
    return put(w, s + written, length - written) && put(w, "\"", 1);
}

static bool put_integer(writer *w, lua_Integer value) {
    char digits[32];
    const int length = snprintf(digits, sizeof digits, "%lld", (long long)value);
    return put(w, digits, (size_t)length);
}

static bool put_number(writer *w, lua_Number value) {
    if (isnan(value) || isinf(value)) {
        return fail(w, isnan(value) ? "the number is not a number (nan)" : "the number is infinite");
    }
    char digits[40];
    // The shortest text that reads back as the same number; a float stays one.
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value) {
            break;
        }
    }
    if (strpbrk(digits, ".eE") == NULL) {
        strcat(digits, ".0");
    }
    return put_text(w, digits);
}

static bool put_value(writer *w, int index);

/// Extends the path, for errors; too long a path is cut.
static size_t push_path(writer *w, const lh_key *key, lua_Integer position) {
    const size_t before = w->path_length;
    const size_t room = sizeof w->path - before;
    int written;
    if (key != NULL && key->rank == 1) {
        written = snprintf(w->path + before, room, ".%.*s", (int)(key->length > 64 ? 64 : key->length), key->as.text);
    } else {
        written = snprintf(w->path + before, room, "[%lld]", (long long)position);
    }
    if (written > 0) {
        w->path_length += (size_t)written < room ? (size_t)written : room - 1;
    }
    return before;
}

static void pop_path(writer *w, size_t before) {
    w->path_length = before;
    w->path[before] = '\0';
}

static bool put_list(writer *w, int table, lua_Integer length) {
    if (!put(w, "[", 1)) {
        return false;
    }
    for (lua_Integer i = 1; i <= length; i++) {
        const size_t path = push_path(w, NULL, i);
        lua_rawgeti(w->L, table, i);
        if ((i > 1 && !put(w, ",", 1)) || !put_value(w, lua_gettop(w->L))) {
            return false;
        }
        lua_pop(w->L, 1);
        pop_path(w, path);
    }
    return put(w, "]", 1);
}

static bool put_members(writer *w, int table, lh_key *keys, size_t count) {
    if (!put(w, "{", 1)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const size_t path = push_path(w, &keys[i], 0);
        if ((i > 0 && !put(w, ",", 1)) || !put_string(w, keys[i].as.text, keys[i].length) || !put(w, ":", 1)) {
            return false;
        }
        lua_pushlstring(w->L, keys[i].as.text, keys[i].length);
        lua_rawget(w->L, table);
        if (!put_value(w, lua_gettop(w->L))) {
            return false;
        }
        lua_pop(w->L, 1);
        pop_path(w, path);
    }
    return put(w, "}", 1);
}

/// Gathers the keys of an object. All must be strings.
static bool gather(writer *w, int table, lh_key **keys, size_t *count) {
    size_t capacity = 0;
    lua_pushnil(w->L);
    while (lua_next(w->L, table)) {
        lua_pop(w->L, 1);
        if (*count == capacity) {
            capacity = capacity * 2 + 16;
            lh_key *larger = realloc(*keys, capacity * sizeof **keys);
            if (larger == NULL) {
                return fail(w, "not enough memory");
            }
            *keys = larger;
        }
        lh_key *key = &(*keys)[*count];
        if (!lh_read_key(w->L, -1, key) || key->rank != 1) {
            return fail(w, lua_type(w->L, -1) == LUA_TNUMBER
                               ? "the table is neither a list without holes nor has it only text keys"
                               : "a key is not text");
        }
        (*count)++;
    }
    return true;
}

static bool put_table(writer *w, int table) {
    lua_State *L = w->L;
    if (w->depth == DEEPEST || !lua_checkstack(L, 8)) {
        return fail(w, "it is nested too deeply");
    }
    const void *identity = lua_topointer(L, table);
    for (int i = 0; i < w->depth; i++) {
        if (w->open[i] == identity) {
            return fail(w, "the table contains itself");
        }
    }
    size_t count = 0;
    bool is_list = false;
    if (lh_survey(L, table, &count, &is_list) != LUA_TNIL) {
        return fail(w, "a key is not text");
    }
    w->open[w->depth++] = identity;
    bool ok;
    if (is_list && (count > 0 || lh_is_marked_list(L, table))) {
        ok = put_list(w, table, (lua_Integer)count);
    } else {
        lh_key *keys = NULL;
        size_t members = 0;
        ok = gather(w, table, &keys, &members);
        if (ok) {
            lh_sort_keys(keys, members);
            ok = put_members(w, table, keys, members);
        }
        free(keys);
    }
    w->depth--;
    return ok;
}

static bool put_value(writer *w, int index) {
    size_t length;
    switch (lh_kind(w->L, index)) {
    case LH_NIL:
    case LH_NULL: return put(w, "null", 4);
    case LH_BOOLEAN: return put_text(w, lua_toboolean(w->L, index) ? "true" : "false");
    case LH_INTEGER: return put_integer(w, lua_tointeger(w->L, index));
    case LH_NUMBER: return put_number(w, lua_tonumber(w->L, index));
    case LH_STRING: {
        const char *text = lua_tolstring(w->L, index, &length);
        return put_string(w, text, length);
    }
    case LH_TABLE: return put_table(w, index);
    default: {
        char problem[96];
        snprintf(problem, sizeof problem, "a %s has no JSON form", lh_kind_name(w->L, index));
        return fail(w, problem);
    }
    }
}

bool lh_encode_json(lh_state *state, lua_State *L, int index, const uint8_t **bytes, size_t *length) {
    writer w = {.state = state, .L = L};
    const int top = lua_gettop(L);
    state->json_length = 0;
    state->host_depth++;
    const bool ok = put_value(&w, lua_absindex(L, index));
    lua_settop(L, top);
    state->host_depth--;
    state->work += state->json_length / 8;
    if (!ok) {
        // The sentence takes the place of the text; the buffer is the state's either way.
        const size_t written = strlen(w.problem);
        state->json_length = 0;
        if (!put(&w, w.problem, written)) {
            *bytes = (const uint8_t *)"not enough memory";
            *length = 17;
            return false;
        }
    }
    *bytes = state->json;
    *length = state->json_length;
    return ok;
}
