// Where an error happened: positions and tracebacks, written to plain memory so that they exist when Lua's is spent.
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES_AT_EACH_END 12

const char *lh_chunk_name(const lua_Debug *record, size_t *length) {
    // A chunk called "@path" is a file; `short_src` would cut its name at 60 bytes.
    if (record->source[0] == '@') {
        *length = record->srclen - 1;
        return record->source + 1;
    }
    *length = strlen(record->short_src);
    return record->short_src;
}

bool lh_locate(lua_State *L, int first_level, lua_Debug *record) {
    for (int level = first_level; lua_getstack(L, level, record); level++) {
        lua_getinfo(L, "Sl", record);
        if (record->currentline > 0) {
            return true;
        }
    }
    return false;
}

void lh_push_where(lua_State *L, int first_level) {
    lua_Debug record;
    if (lh_locate(L, first_level, &record)) {
        size_t length;
        const char *file = lh_chunk_name(&record, &length);
        lua_pushfstring(L, "%s:%d: ", file, record.currentline);
    } else {
        lua_pushliteral(L, "");
    }
}

int lh_error(lua_State *L, const char *format, ...) {
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    lh_push_where(L, 1);
    lua_pushstring(L, message);
    lua_concat(L, 2);
    return lua_error(L);
}

static void append(lh_failure *failure, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void append(lh_failure *failure, const char *format, ...) {
    const size_t room = sizeof failure->traceback - failure->traceback_length;
    va_list arguments;
    va_start(arguments, format);
    const int written = vsnprintf(failure->traceback + failure->traceback_length, room, format, arguments);
    va_end(arguments);
    if (written > 0) {
        failure->traceback_length += (size_t)written < room ? (size_t)written : room - 1;
    }
}

static void append_frame(lh_failure *failure, lua_State *L, lua_Debug *record) {
    lua_getinfo(L, "Slnt", record);
    size_t length;
    const char *file = lh_chunk_name(record, &length);
    if (*record->what == 'C') {
        if (record->name == NULL) {
            return; // our own base function and the like: no news for the reader
        }
        append(failure, "\n\t[host]: in %s '%s'", record->namewhat, record->name);
    } else {
        append(failure, "\n\t%.*s:%d: in ", (int)length, file, record->currentline);
        if (*record->what == 'm') {
            append(failure, "main chunk");
        } else if (record->name != NULL && *record->namewhat != '\0') {
            append(failure, "%s '%s'", record->namewhat, record->name);
        } else {
            append(failure, "function <%.*s:%d>", (int)length, file, record->linedefined);
        }
    }
    if (record->istailcall) {
        append(failure, "\n\t(...tail calls...)");
    }
}

/// Frames on the stack. Finding frame n takes n steps, so after a stack overflow one must not try each.
static int count_frames(lua_State *L) {
    lua_Debug record;
    int low = 0, high = 1;
    while (lua_getstack(L, high, &record)) {
        low = high;
        high *= 2;
    }
    while (low < high) {
        const int middle = low + (high - low) / 2;
        if (lua_getstack(L, middle, &record)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void lh_record(lh_failure *failure, lua_State *L, int first_level) {
    failure->traceback_length = 0;
    failure->traceback[0] = '\0';
    failure->file[0] = '\0';
    failure->line = 0;
    failure->taken = true;

    lua_Debug record;
    if (lh_locate(L, first_level, &record)) {
        size_t length;
        const char *file = lh_chunk_name(&record, &length);
        snprintf(failure->file, sizeof failure->file, "%.*s", (int)length, file);
        failure->line = record.currentline;
    }

    const int depth = count_frames(L);
    append(failure, "stack traceback:");
    for (int level = first_level; level < depth; level++) {
        if (level - first_level == FRAMES_AT_EACH_END && depth - level > FRAMES_AT_EACH_END) {
            append(failure, "\n\t...\t(skipping %d levels)", depth - level - FRAMES_AT_EACH_END);
            level = depth - FRAMES_AT_EACH_END;
        }
        if (lua_getstack(L, level, &record)) {
            append_frame(failure, L, &record);
        }
    }
}

/// A run that fails may wait in its `<close>` handlers: it keeps its record while others run.
static void keep(lh_run *run, const lh_failure *failure) {
    if (run->failure == NULL) {
        run->failure = malloc(sizeof *failure);
    }
    if (run->failure != NULL) {
        memcpy(run->failure, failure, sizeof *failure);
    }
}

void lh_run_release(lh_run *run) {
    free(run->failure);
    run->failure = NULL;
}

void lh_record_kill(lua_State *L) {
    lh_state *state = lh_of(L);
    if (!state->failure.taken) {
        lh_record(&state->failure, L, 0);
    }
}

int lh_on_error(lua_State *L) {
    lh_state *state = lh_of(L);
    lh_failure *failure = &state->failure;
    lh_failure *child = &state->child_failure;
    if (state->killed != 0 && failure->taken) {
        return 1; // recorded where it happened
    }
    if (child->taken) {
        // The error comes from a coroutine of the script's own: its stack says more than ours.
        *failure = *child;
        child->taken = false;
        lh_failure own;
        lh_record(&own, L, 1);
        append(failure, "\nresumed from %s", own.traceback);
    } else {
        lh_record(failure, L, 1);
    }
    if (state->root != NULL) {
        keep(state->run, failure);
    }
    return 1;
}

const char *lh_failure_traceback(const lh_state *state) {
    return state->failure.traceback;
}

const char *lh_failure_file(const lh_state *state) {
    return state->failure.file;
}

int lh_failure_line(const lh_state *state) {
    return state->failure.line;
}
