/// From simdjson's tape to Lua tables: the plainest recursion there is.
#ifndef BENCHMARK_JSON_TABLE_H
#define BENCHMARK_JSON_TABLE_H

#include <CSimdJSON.h>
#include <lua.h>

/// Pushes the value at a tape index; returns the index behind it. May raise a Lua error. null becomes nil.
size_t json_push(lua_State *lua, const simdjson_document *document, size_t index);

/// The tape index of a member's value in the object at `index`; 0 when there is no such member or it is no object.
size_t json_member(const simdjson_document *document, size_t index, const char *name);

/// The tape index behind the value at `index`.
size_t json_next(const simdjson_document *document, size_t index);

#endif
