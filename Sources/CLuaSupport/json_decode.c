// JSON bytes to a Lua value, straight from simdjson's tape.
//
// In objects null means absent. In arrays it is the null sentinel, so that positions stay. An empty array is marked as
// a list, so that it is written as `[]` again.
#include "internal.h"

#include <limits.h>
#include <string.h>

#define DEEPEST 128

/// Stack slots of one level: the table being filled, a key, a value, and what marking a list takes. Taken level by
/// level: a run's stack is small, and growing it for the deepest document costs more than the document.
#define SLOTS 6

typedef struct {
    lua_State *L;
    const uint64_t *tape;
    const uint8_t *strings;
} reader;

#define PAYLOAD(word) ((word) & 0x00ffffffffffffffu)
#define LETTER(word) ((char)((word) >> 56))

static void push_string(const reader *r, uint64_t word) {
    const uint8_t *start = r->strings + PAYLOAD(word);
    uint32_t length;
    memcpy(&length, start, sizeof length);
    lua_pushlstring(r->L, (const char *)(start + sizeof length), length);
}

/// Members as the tape counts them; the field saturates at 2^24 - 1, where the table grows as it must.
static int count_of(uint64_t word) {
    return (int)((word >> 32) & 0xffffff);
}

/// Pushes the value at `at` and returns the index of the one after it. Depth is bounded by the parser.
static uint64_t push_value(const reader *r, uint64_t at);

static uint64_t push_array(const reader *r, uint64_t at) {
    const uint64_t word = r->tape[at];
    const uint64_t after = word & 0xffffffffu;
    const int count = count_of(word);
    if (!lua_checkstack(r->L, SLOTS)) {
        lua_pushnil(r->L);
        return after;
    }
    lua_createtable(r->L, count, 0);
    if (count == 0) {
        lh_mark_list(r->L);
    }
    lua_Integer position = 1;
    for (at++; at < after - 1; position++) {
        if (LETTER(r->tape[at]) == 'n') {
            lua_pushlightuserdata(r->L, NULL);
            at++;
        } else {
            at = push_value(r, at);
        }
        lua_rawseti(r->L, -2, position);
    }
    return after;
}

static uint64_t push_object(const reader *r, uint64_t at) {
    const uint64_t word = r->tape[at];
    const uint64_t after = word & 0xffffffffu;
    if (!lua_checkstack(r->L, SLOTS)) {
        lua_pushnil(r->L);
        return after;
    }
    lua_createtable(r->L, 0, count_of(word));
    for (at++; at < after - 1;) {
        push_string(r, r->tape[at]);
        at = push_value(r, at + 1);
        lua_rawset(r->L, -3);
    }
    return after;
}

static uint64_t push_value(const reader *r, uint64_t at) {
    lua_State *L = r->L;
    const uint64_t word = r->tape[at];
    switch (LETTER(word)) {
    case '{': return push_object(r, at);
    case '[': return push_array(r, at);
    case '"': push_string(r, word); return at + 1;
    case 'l': lua_pushinteger(L, (lua_Integer)r->tape[at + 1]); return at + 2;
    case 'u': lua_pushnumber(L, (lua_Number)r->tape[at + 1]); return at + 2;
    case 'd': {
        lua_Number number;
        memcpy(&number, &r->tape[at + 1], sizeof number);
        lua_pushnumber(L, number);
        return at + 2;
    }
    case 't': lua_pushboolean(L, 1); return at + 1;
    case 'f': lua_pushboolean(L, 0); return at + 1;
    default: lua_pushnil(L); return at + 1;
    }
}

int lh_push_json(lh_state *state, lua_State *L, const uint8_t *bytes, size_t length) {
    simdjson_document document;
    const int error = simdjson_parse(state->parser, bytes, length, DEEPEST, &document);
    if (error != 0) {
        return error;
    }
    const reader r = {L, document.tape, document.strings};
    // The host's allowance, also when a script's own call decodes: what is half built must not be abandoned in the
    // middle of the tape, and a full state must not make a payload look empty. The caller, or the script's own next
    // allocation, meets the limit afterwards.
    state->host_depth++;
    const bool has_room = lua_checkstack(L, SLOTS);
    if (has_room) {
        push_value(&r, 1);
    }
    state->host_depth--;
    if (!has_room) {
        return INT_MAX;
    }
    state->work += length / 8;
    return 0;
}

const char *lh_json_error_text(int code) {
    return code == INT_MAX ? "the stack is full" : simdjson_error_text(code);
}
