// Looking at functions and suspended coroutines from outside, without running any Lua.
#include "internal.h"

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

const char *lh_upvalue(lua_State *coroutine, int level, int index) {
    lua_Debug record;
    if (!lua_checkstack(coroutine, 3) || !lua_getstack(coroutine, level, &record)) {
        return NULL;
    }
    lua_getinfo(coroutine, "f", &record);
    const char *name = lua_getupvalue(coroutine, -1, index);
    if (name != NULL) {
        lua_remove(coroutine, -2);
    } else {
        lua_pop(coroutine, 1);
    }
    return name;
}

lua_State *lh_waiting_child(lua_State *coroutine) {
    lua_Debug record;
    if (!lua_checkstack(coroutine, 2) || !lua_getstack(coroutine, 0, &record)) {
        return NULL;
    }
    // `coroutine.resume` and what `wrap` made keep the child as their first value while it waits.
    if (lua_getlocal(coroutine, &record, 1) == NULL) {
        return NULL;
    }
    lua_State *child = lua_tothread(coroutine, -1);
    lua_pop(coroutine, 1);
    return child != NULL && child != coroutine && lh_is_waiting(child) ? child : NULL;
}
