#include "json_table.h"

#include <lauxlib.h>
#include <string.h>

static char kind(uint64_t word) { return (char)(word >> 56); }

static uint64_t payload(uint64_t word) { return word & 0x00FFFFFFFFFFFFFF; }

static int member_count(uint64_t word) { return (int)(payload(word) >> 32); }

static const char *text(const simdjson_document *document, uint64_t word, size_t *length) {
    const uint8_t *string = document->strings + payload(word);
    uint32_t size;
    memcpy(&size, string, sizeof size);
    *length = size;
    return (const char *)string + sizeof size;
}

static void push_text(lua_State *lua, const simdjson_document *document, uint64_t word) {
    size_t length;
    const char *bytes = text(document, word, &length);
    lua_pushlstring(lua, bytes, length);
}

static size_t push_object(lua_State *lua, const simdjson_document *document, size_t index) {
    const uint64_t *tape = document->tape;
    lua_createtable(lua, 0, member_count(tape[index]));
    index++;
    while (kind(tape[index]) != '}') {
        push_text(lua, document, tape[index]);
        index = json_push(lua, document, index + 1);
        lua_rawset(lua, -3);
    }
    return index + 1;
}

static size_t push_array(lua_State *lua, const simdjson_document *document, size_t index) {
    const uint64_t *tape = document->tape;
    lua_createtable(lua, member_count(tape[index]), 0);
    index++;
    for (lua_Integer position = 1; kind(tape[index]) != ']'; position++) {
        index = json_push(lua, document, index);
        lua_rawseti(lua, -2, position);
    }
    return index + 1;
}

size_t json_push(lua_State *lua, const simdjson_document *document, size_t index) {
    uint64_t word = document->tape[index];
    double number;
    luaL_checkstack(lua, 3, "JSON is nested too deeply");
    switch (kind(word)) {
    case '{':
        return push_object(lua, document, index);
    case '[':
        return push_array(lua, document, index);
    case '"':
        push_text(lua, document, word);
        return index + 1;
    case 'l':
    case 'u':
        lua_pushinteger(lua, (lua_Integer)document->tape[index + 1]);
        return index + 2;
    case 'd':
        memcpy(&number, &document->tape[index + 1], sizeof number);
        lua_pushnumber(lua, number);
        return index + 2;
    case 't':
    case 'f':
        lua_pushboolean(lua, kind(word) == 't');
        return index + 1;
    default:
        lua_pushnil(lua);
        return index + 1;
    }
}

size_t json_next(const simdjson_document *document, size_t index) {
    uint64_t word = document->tape[index];
    switch (kind(word)) {
    case '{':
    case '[':
        return payload(word) & UINT32_MAX;
    case 'l':
    case 'u':
    case 'd':
        return index + 2;
    default:
        return index + 1;
    }
}

size_t json_member(const simdjson_document *document, size_t index, const char *name) {
    const uint64_t *tape = document->tape;
    if (kind(tape[index]) != '{') {
        return 0;
    }
    size_t wanted = strlen(name), length;
    for (index++; kind(tape[index]) != '}'; index = json_next(document, index + 1)) {
        const char *bytes = text(document, tape[index], &length);
        if (length == wanted && memcmp(bytes, name, length) == 0) {
            return index + 1;
        }
    }
    return 0;
}
