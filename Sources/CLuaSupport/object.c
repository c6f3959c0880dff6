// Host objects: a handle for the host, methods, and fields that are decoded at the first read.
//
// An object is a full userdata with three user values: its fields (a table), fields still to be decoded (JSON in a
// string), and a label. Its class is its metatable. There is no `__gc`: nothing of the host hangs on an object.
#include "internal.h"

#include <string.h>

typedef struct {
    int64_t class_id;
    int64_t handle;
} object_body;

enum { FIELDS = 1, PENDING = 2, LABEL = 3 };

/// Upvalues of a class's metamethods.
enum { METHODS = 1, NAMES = 2, CLASS_NAME = 3 };

/// Marks class metatables: `class[lh_is_class] == true`.
static const char is_class_key;

bool lh_is_object(lua_State *L, int index) {
    if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) {
        return false;
    }
    const bool result = lua_rawgetp(L, -1, &is_class_key) == LUA_TNUMBER;
    lua_pop(L, 2);
    return result;
}

bool lh_object(lua_State *L, int index, int64_t *class_id, int64_t *handle) {
    if (!lh_is_object(L, index)) {
        return false;
    }
    const object_body *body = lua_touserdata(L, index);
    *class_id = body->class_id;
    *handle = body->handle;
    return true;
}

/// Pushes the fields of the object at `index` (absolute), decoding what is pending.
static void push_fields(lh_state *state, lua_State *L, int index) {
    if (lua_getiuservalue(L, index, PENDING) == LUA_TSTRING) {
        size_t length;
        const char *bytes = lua_tolstring(L, -1, &length);
        if (lh_push_json(state, L, (const uint8_t *)bytes, length) != 0) {
            lua_newtable(L);
        } else if (lua_type(L, -1) != LUA_TTABLE) {
            lua_pop(L, 1);
            lua_newtable(L);
        }
        // What the host has set by hand since lies over what was pending.
        if (lua_getiuservalue(L, index, FIELDS) == LUA_TTABLE) {
            lua_pushnil(L);
            while (lua_next(L, -2)) {
                lua_pushvalue(L, -2);
                lua_insert(L, -2);
                lua_rawset(L, -5);
            }
        }
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_setiuservalue(L, index, FIELDS);
        lua_pushnil(L);
        lua_setiuservalue(L, index, PENDING);
        lua_remove(L, -2);
        return;
    }
    lua_pop(L, 1);
    if (lua_getiuservalue(L, index, FIELDS) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setiuservalue(L, index, FIELDS);
    }
}

/// Replaces a lazy field on top of the stack by its decoded value, in the table below it as well.
static void force_field(lh_state *state, lua_State *L, int fields, int key) {
    if (lua_type(L, -1) != LUA_TUSERDATA || !lua_getmetatable(L, -1)) {
        return;
    }
    lua_rawgetp(L, LUA_REGISTRYINDEX, &lh_key_lazy);
    const bool is_lazy = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    if (!is_lazy) {
        return;
    }
    lua_getiuservalue(L, -1, 1);
    size_t length;
    const char *bytes = lua_tolstring(L, -1, &length);
    if (lh_push_json(state, L, (const uint8_t *)bytes, length) != 0) {
        lua_pushnil(L);
    }
    lua_replace(L, -3);
    lua_pop(L, 1);
    lua_pushvalue(L, key);
    lua_pushvalue(L, -2);
    lua_rawset(L, fields);
}

static int refuse_unknown_field(lua_State *L, int fields) {
    size_t length;
    const char *key = lh_push_text(L, 2, &length);
    const char *class_name = lua_tostring(L, lua_upvalueindex(CLASS_NAME));
    const int tables[] = {fields, lua_upvalueindex(METHODS), lua_upvalueindex(NAMES)};
    lh_push_suggestion(L, tables, 3, key, length);
    if (lua_isnil(L, -1)) {
        return lh_error(L, "%s has no field '%s'", class_name, key);
    }
    return lh_error(L, "%s has no field '%s'; did you mean '%s'?", class_name, key, lua_tostring(L, -1));
}

static int object_index(lua_State *L) {
    if (lua_type(L, 2) == LUA_TSTRING) {
        lua_pushvalue(L, 2);
        if (lua_rawget(L, lua_upvalueindex(METHODS)) != LUA_TNIL) {
            return 1;
        }
        lua_pop(L, 1);
    }
    lh_state *state = lh_of(L);
    push_fields(state, L, 1);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, 3) != LUA_TNIL) {
        force_field(state, L, 3, 2);
        lh_check_memory(state, L);
        return 1;
    }
    lua_pushvalue(L, 2);
    if (lua_type(L, 2) == LUA_TSTRING && lua_rawget(L, lua_upvalueindex(NAMES)) != LUA_TNIL) {
        lua_pushnil(L);
        return 1;
    }
    return refuse_unknown_field(L, 3);
}

static int object_newindex(lua_State *L) {
    size_t length;
    const char *key = lh_push_text(L, 2, &length);
    return lh_error(L, "cannot assign to field '%s': a %s is read-only", key, lua_tostring(L, lua_upvalueindex(CLASS_NAME)));
}

static int object_pairs(lua_State *L) {
    lh_state *state = lh_of(L);
    lua_settop(L, 1);
    push_fields(state, L, 1);
    // Decode what is lazy first: the iteration hands out values as they are.
    lua_pushnil(L);
    while (lua_next(L, 2)) {
        force_field(state, L, 2, 3);
        lua_settop(L, 3);
    }
    return lh_fixed_pairs(L, 2);
}

static int object_tostring(lua_State *L) {
    if (lua_getiuservalue(L, 1, LABEL) == LUA_TSTRING) {
        return 1;
    }
    lua_pushvalue(L, lua_upvalueindex(CLASS_NAME));
    return 1;
}

static int object_equal(lua_State *L) {
    const object_body *left = lua_touserdata(L, 1), *right = lua_touserdata(L, 2);
    const bool both = lh_is_object(L, 1) && lh_is_object(L, 2);
    lua_pushboolean(L, both && left->class_id == right->class_id && left->handle == right->handle && left->handle != 0);
    return 1;
}

static void set_metamethod(lua_State *L, int class, const char *name, lua_CFunction function, int methods, int names) {
    lua_pushstring(L, name);
    lua_pushvalue(L, methods);
    lua_pushvalue(L, names);
    lua_pushliteral(L, "__name");
    lua_rawget(L, class);
    lua_pushcclosure(L, function, 3);
    lua_rawset(L, class);
}

void lh_push_class(lua_State *L, int64_t class_id, const char *name, const char *const *fields, size_t field_count) {
    lua_newtable(L);
    const int class = lua_gettop(L);
    lua_newtable(L);
    const int methods = class + 1;
    lua_newtable(L);
    const int names = class + 2;
    for (size_t i = 0; i < field_count; i++) {
        lua_pushstring(L, fields[i]);
        lua_pushboolean(L, 1);
        lua_rawset(L, names);
    }
    lua_pushinteger(L, class_id);
    lua_rawsetp(L, class, &is_class_key);
    lua_pushliteral(L, "__name");
    lua_pushstring(L, name);
    lua_rawset(L, class);
    lua_pushliteral(L, "__metatable");
    lua_pushstring(L, name);
    lua_rawset(L, class);
    set_metamethod(L, class, "__index", object_index, methods, names);
    set_metamethod(L, class, "__newindex", object_newindex, methods, names);
    set_metamethod(L, class, "__pairs", object_pairs, methods, names);
    set_metamethod(L, class, "__tostring", object_tostring, methods, names);
    set_metamethod(L, class, "__eq", object_equal, methods, names);
    lua_pushvalue(L, methods);
    lua_rawsetp(L, class, &lh_key_functions);
    lua_settop(L, class);
}

void lh_class_add(lua_State *L, int index, const char *name, int64_t function, bool is_method, bool suspends) {
    index = lua_absindex(L, index);
    lua_rawgetp(L, index, &lh_key_functions);
    lua_pushstring(L, name);
    lh_push_member(L, name, function, suspends, is_method, index);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

void lh_class_set(lua_State *L, int index, const char *name) {
    index = lua_absindex(L, index);
    lua_rawgetp(L, index, &lh_key_functions);
    lua_pushstring(L, name);
    lua_pushvalue(L, -3);
    lua_rawset(L, -3);
    lua_pop(L, 2);
}

void lh_push_object(lua_State *L, int64_t handle) {
    object_body *body = lua_newuserdatauv(L, sizeof *body, 3);
    lua_rawgetp(L, -2, &is_class_key);
    body->class_id = lua_tointeger(L, -1);
    body->handle = handle;
    lua_pop(L, 1);
    lua_insert(L, -2);
    lua_setmetatable(L, -2);
}

void lh_object_set_json(lua_State *L, int index, const uint8_t *bytes, size_t length) {
    index = lua_absindex(L, index);
    lua_pushlstring(L, (const char *)bytes, length);
    lua_setiuservalue(L, index, PENDING);
    lua_pushnil(L);
    lua_setiuservalue(L, index, FIELDS);
}

/// Pushes the table that holds the fields set so far, without decoding what is pending.
static void push_set_fields(lua_State *L, int index) {
    if (lua_getiuservalue(L, index, FIELDS) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setiuservalue(L, index, FIELDS);
    }
}

void lh_object_set_field(lh_state *state, lua_State *L, int index, const char *name, size_t length) {
    (void)state;
    index = lua_absindex(L, index);
    push_set_fields(L, index);
    lua_pushlstring(L, name, length);
    lua_pushvalue(L, -3);
    lua_rawset(L, -3);
    lua_pop(L, 2);
}

void lh_object_set_json_field(lh_state *state, lua_State *L, int index, const char *name, size_t name_length,
                              const uint8_t *bytes, size_t length) {
    index = lua_absindex(L, index);
    lua_newuserdatauv(L, 0, 1);
    lua_pushlstring(L, (const char *)bytes, length);
    lua_setiuservalue(L, -2, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &lh_key_lazy);
    lua_setmetatable(L, -2);
    lh_object_set_field(state, L, index, name, name_length);
}

void lh_object_set_label(lua_State *L, int index, const char *label, size_t length) {
    index = lua_absindex(L, index);
    lua_pushlstring(L, label, length);
    lua_setiuservalue(L, index, LABEL);
}

void lh_object_get_field(lh_state *state, lua_State *L, int index, const char *name, size_t length) {
    index = lua_absindex(L, index);
    push_fields(state, L, index);
    lua_pushlstring(L, name, length);
    lua_pushvalue(L, -1);
    lua_rawget(L, -3);
    force_field(state, L, lua_gettop(L) - 2, lua_gettop(L) - 1);
    lua_insert(L, -3);
    lua_pop(L, 2);
}

void lh_object_get_label(lua_State *L, int index) { lua_getiuservalue(L, index, LABEL); }

static int null_tostring(lua_State *L) {
    lua_pushliteral(L, "null");
    return 1;
}

static int null_index(lua_State *L) {
    return lh_error(L, "null has no fields");
}

void lh_open_objects(lua_State *L) {
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &lh_key_lazy);

    // All light userdata share one metatable; the null sentinel is the only one there is.
    lua_pushlightuserdata(L, NULL);
    lua_newtable(L);
    lua_pushliteral(L, "null");
    lua_setfield(L, -2, "__name");
    lua_pushliteral(L, "null");
    lua_setfield(L, -2, "__metatable");
    lua_pushcfunction(L, null_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushcfunction(L, null_index);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}
