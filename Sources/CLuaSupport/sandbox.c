// What scripts find when they start: the libraries by allow-list, strict globals, strict library tables.
//
// A script's `_ENV` is an empty table: reads fall through to the real globals, and from there to an error that names
// the nearest word; writes are errors. So nothing can be replaced, and a typo never reads as nil.
#include "internal.h"

/// `__index` of the globals: the table itself is the first argument.
static int unknown_global(lua_State *L) {
    size_t length;
    const char *name = lh_push_text(L, 2, &length);
    const int globals = 1;
    lh_push_suggestion(L, &globals, 1, name, length);
    if (lua_isnil(L, -1)) {
        return lh_error(L, "unknown global '%s'", name);
    }
    return lh_error(L, "unknown global '%s'; did you mean '%s'?", name, lua_tostring(L, -1));
}

/// `__newindex` of what scripts see as globals. Upvalue: the globals.
static int assigned_global(lua_State *L) {
    size_t length;
    const char *name = lh_push_text(L, 2, &length);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) {
        return lh_error(L, "cannot replace the global '%s'", name);
    }
    const int globals = lua_upvalueindex(1);
    lh_push_suggestion(L, &globals, 1, name, length);
    return lh_error(L, "cannot assign to global '%s'; write 'local %s%s'", name,
                    lua_isfunction(L, 3) ? "function " : "", name);
}

/// `__index` of a library. Upvalue: its name.
static int unknown_function(lua_State *L) {
    size_t length;
    const char *name = lh_push_text(L, 2, &length), *library = lua_tostring(L, lua_upvalueindex(1));
    const int functions = 1;
    lh_push_suggestion(L, &functions, 1, name, length);
    if (lua_isnil(L, -1)) {
        return lh_error(L, "'%s' has no function '%s'", library, name);
    }
    return lh_error(L, "'%s' has no function '%s'; did you mean '%s'?", library, name, lua_tostring(L, -1));
}

/// Makes the library on top strict and stores it under `name` in the globals below it.
static void finish_library(lua_State *L, const char *name) {
    lua_createtable(L, 0, 2);
    lua_pushstring(L, name);
    lua_pushcclosure(L, unknown_function, 1);
    lua_setfield(L, -2, "__index");
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, name);
}

static void open_stock(lua_State *L, lua_CFunction open) {
    lua_pushcfunction(L, open);
    lua_call(L, 0, 1);
}

static void protect_string_metatable(lua_State *L) {
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_pushliteral(L, "string");
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 2);
}

static void open_libraries(lua_State *L) {
    open_stock(L, luaopen_string);
    lh_open_string(L);
    lh_open_patterns(L);
    finish_library(L, "string");
    protect_string_metatable(L);

    lua_newtable(L);
    lh_open_table(L);
    finish_library(L, "table");

    open_stock(L, luaopen_math);
    lh_open_random(L);
    finish_library(L, "math");

    open_stock(L, luaopen_utf8);
    finish_library(L, "utf8");

    lua_newtable(L);
    lh_open_coroutine(L);
    finish_library(L, "coroutine");

    lua_newtable(L);
    lh_open_os(L);
    finish_library(L, "os");
}

static int error_text(lua_State *L) {
    lua_pushliteral(L, "message");
    lua_rawget(L, 1);
    lh_push_text(L, -1, NULL);
    return 1;
}

static void open_registry(lua_State *L) {
    lua_newtable(L); // the metatable of error objects
    lua_pushcfunction(L, error_text);
    lua_setfield(L, -2, "__tostring");
    lua_pushliteral(L, "error");
    lua_setfield(L, -2, "__name");
    lua_pushliteral(L, "error");
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &lh_key_error);

    lua_newtable(L); // the metatable of empty lists
    lua_pushliteral(L, "list");
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &lh_key_list);

    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &lh_key_modules);
}

void lh_open_sandbox(lua_State *L) {
    lua_newtable(L);
    const int globals = lua_gettop(L);
    lh_open_base(L);
    open_libraries(L);
    open_registry(L);

    lua_newtable(L);
    lua_pushcfunction(L, unknown_global);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, globals);

    lua_newtable(L);
    lua_createtable(L, 0, 3);
    lua_pushvalue(L, globals);
    lua_setfield(L, -2, "__index");
    lua_pushvalue(L, globals);
    lua_pushcclosure(L, assigned_global, 1);
    lua_setfield(L, -2, "__newindex");
    lua_pushliteral(L, "globals");
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_setfield(L, globals, "_G");
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);

    lua_pushvalue(L, globals);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &lh_key_globals);
    lua_settop(L, globals - 1);
}
