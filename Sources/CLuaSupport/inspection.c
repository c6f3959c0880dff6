// Looking at functions and suspended coroutines from outside, without running any Lua.
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool lh_function_location(lua_State *L, int index, const char **file, size_t *length, int *line) {
    lua_Debug record;
    lua_pushvalue(L, index);
    lua_getinfo(L, ">S", &record);
    *file = lh_chunk_name(&record, length);
    *line = record.linedefined;
    // `short_src` lives in the record: only the source string outlives this call.
    return *record.what != 'C' && record.source[0] == '@';
}

bool lh_caller_location(lua_State *L, const char **file, size_t *length, int *line) {
    lua_Debug record;
    if (!lh_locate(L, 0, &record) || record.source[0] != '@') {
        return false;
    }
    *file = lh_chunk_name(&record, length);
    *line = record.currentline;
    return true;
}

bool lh_frame(lua_State *coroutine, int level, const char **name, const char **file, size_t *length, int *line) {
    lua_Debug record;
    if (!lua_getstack(coroutine, level, &record)) {
        return false;
    }
    lua_getinfo(coroutine, "Sln", &record);
    *name = record.name;
    *line = record.currentline;
    *file = record.source[0] == '@' ? lh_chunk_name(&record, length) : NULL;
    return true;
}

const char *lh_local(lua_State *coroutine, int level, int index) {
    lua_Debug record;
    if (!lua_checkstack(coroutine, 2) || !lua_getstack(coroutine, level, &record)) {
        return NULL;
    }
    return lua_getlocal(coroutine, &record, index);
}

typedef struct {
    uint8_t *bytes;
    size_t length;
    size_t capacity;
} compiled;

static int append(lua_State *L, const void *part, size_t size, void *context) {
    (void)L;
    compiled *code = context;
    if (code->length + size > code->capacity) {
        const size_t capacity = (code->length + size) * 2 + 1024;
        uint8_t *larger = realloc(code->bytes, capacity);
        if (larger == NULL) {
            return 1;
        }
        code->bytes = larger;
        code->capacity = capacity;
    }
    memcpy(code->bytes + code->length, part, size);
    code->length += size;
    return 0;
}

uint8_t *lh_dump(lua_State *L, size_t *length) {
    compiled code = {NULL, 0, 0};
    if (lua_dump(L, append, &code, 0) != 0) {
        free(code.bytes);
        code = (compiled){NULL, 0, 0};
    }
    *length = code.length;
    return code.bytes;
}

void lh_free(void *bytes) {
    free(bytes);
}

void lh_push_globals(lua_State *L) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &lh_key_globals);
}

size_t lh_describe(lua_State *L, int index, char *buffer, size_t capacity) {
    int written = 0;
    size_t length = 0;
    switch (lh_kind(L, index)) {
    case LH_NIL: written = snprintf(buffer, capacity, "nil"); break;
    case LH_NULL: written = snprintf(buffer, capacity, "null"); break;
    case LH_BOOLEAN: written = snprintf(buffer, capacity, lua_toboolean(L, index) ? "true" : "false"); break;
    case LH_INTEGER: written = snprintf(buffer, capacity, "%lld", (long long)lua_tointeger(L, index)); break;
    case LH_NUMBER: written = snprintf(buffer, capacity, "%.14g", lua_tonumber(L, index)); break;
    case LH_STRING: {
        const char *text = lua_tolstring(L, index, &length);
        const int shown = length > 60 ? 60 : (int)length;
        written = snprintf(buffer, capacity, "\"%.*s%s\"", shown, text, length > 60 ? "…" : "");
        break;
    }
    default: written = snprintf(buffer, capacity, "%s", lh_kind_name(L, index)); break;
    }
    return written < 0 ? 0 : (size_t)written < capacity ? (size_t)written : capacity - 1;
}
