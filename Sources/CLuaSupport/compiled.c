// The compiled form of a source, for those who look at code instead of running it.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

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
