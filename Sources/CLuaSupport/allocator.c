// Lua's memory: bounded for scripts, generous to host code, which is checked afterwards.
#include "internal.h"

#include <stdlib.h>

/// Bytes that count as one unit of work: copying is cheap, but a loop over copies of megabytes is not.
#define BYTES_PER_UNIT 64

/// Units after which a look at the clock is due (about a millisecond of copying).
#define WORK_BETWEEN_CHECKS 65536

void *lh_allocate(void *context, void *block, size_t old_size, size_t new_size) {
    lh_state *state = context;
    if (block == NULL) {
        old_size = 0; // then it is a kind of object, not a size
    }
    if (new_size == 0) {
        free(block);
        state->used -= old_size;
        return NULL;
    }
    const size_t used = state->used - old_size + new_size;
    if (new_size > old_size && state->host_depth == 0) {
        if (used > state->limits.memory) {
            // No handler runs on a memory error, so its place is noted while it is still known. The collection that
            // Lua tries next is expensive: the clock is looked at right after, not 1,000 instructions later.
            if (state->running != NULL) {
                lh_record(&state->memory_failure, state->running, 0);
                lua_sethook(state->running, lh_hook, LUA_MASKCOUNT, 1);
            }
            return NULL;
        }
        state->work += new_size / BYTES_PER_UNIT;
        if (state->work > WORK_BETWEEN_CHECKS && state->running != NULL) {
            lua_sethook(state->running, lh_hook, LUA_MASKCOUNT, 1);
        }
    }
    void *result = realloc(block, new_size);
    if (result != NULL) {
        state->used = used;
        if (used > state->peak) {
            state->peak = used;
        }
    }
    return result;
}

void lh_check_memory(lh_state *state, lua_State *L) {
    if (state->used <= state->limits.memory) {
        return;
    }
    lua_gc(L, LUA_GCCOLLECT);
    if (state->used > state->limits.memory) {
        lh_record(&state->memory_failure, L, 0);
        luaL_error(L, "not enough memory");
    }
}
