// What the files of this target share: the state, and the functions that cross from one concept to another.
#ifndef MOONWIRE_LH_INTERNAL_H
#define MOONWIRE_LH_INTERNAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE // clock_gettime, memmem
#endif

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "CLuaSupport.h"
#include "CSimdJSON.h"

#define LH_TRACEBACK_BYTES 8192
#define LH_FILE_BYTES 512

/// Where and how the last failure happened. Plain memory: it must be writable when Lua's is spent.
typedef struct {
    char traceback[LH_TRACEBACK_BYTES];
    size_t traceback_length;
    char file[LH_FILE_BYTES];
    int line;
    bool taken;
} lh_failure;

/// What each entry into Lua saves and restores.
typedef struct {
    lua_State *running;
    lua_State *root;
    lh_run *run;
    const char *purpose;
    int host_depth;
    int blocked;
    int killed;
    bool raising;
    uint64_t wall_deadline;
    uint64_t cpu_deadline;
} lh_entry;

struct lh_state {
    lua_State *main;
    lh_host host;
    lh_limits limits;
    lh_activity *activity;

    size_t used;
    size_t peak;

    lua_State *running;  ///< the innermost coroutine that executes
    lua_State *root;     ///< the coroutine the host resumed; NULL in plain calls
    lh_run *run;
    lh_run default_run;
    const char *purpose; ///< name of the plain call the host makes, NULL in coroutines
    int depth;           ///< entries into Lua on this thread's stack
    int host_depth;      ///< above 0 while host code runs: the memory limit waits
    int blocked;         ///< above 0 while a coroutine runs whose parent cannot yield
    int killed;          ///< LH_FAILED_CPU, _KILLED or _INTERRUPTED once the script must end
    bool raising;        ///< the values a coroutine is resumed with are an error to raise
    lua_State *closing;  ///< the coroutine whose `__close` handlers run, which cannot yield
    bool next_cached;    ///< the registry holds the order of a table that `next` walks
    int64_t next_position;

    uint64_t wall_deadline; ///< 0: not set since this entry
    uint64_t cpu_deadline;
    uint64_t work;          ///< units of work inside C since the clock was last looked at

    lh_failure failure;
    lh_failure memory_failure;
    lh_failure child_failure;

    simdjson_parser *parser;
    uint8_t *json;
    size_t json_length;
    size_t json_capacity;
};

static inline lh_state *lh_of(lua_State *L) {
    return *(lh_state **)lua_getextraspace(L);
}

// Registry slots, by address.
extern const char lh_key_globals, lh_key_list, lh_key_error, lh_key_modules, lh_key_next, lh_key_lazy, lh_key_functions;

// allocator.c
void *lh_allocate(void *context, void *block, size_t old_size, size_t new_size);
void lh_check_memory(lh_state *state, lua_State *L);

// hook.c
void lh_arm(lh_state *state, lua_State *L);
void lh_hook(lua_State *L, lua_Debug *record);
/// Accounts for work inside C; raises when the budget is spent.
void lh_charge(lua_State *L, uint64_t units);

// activity.c
void lh_activity_enter(lh_activity *activity);
void lh_activity_leave(lh_activity *activity);
bool lh_activity_take_interrupt(lh_activity *activity);
bool lh_activity_wants_interrupt(const lh_activity *activity);

// failure.c
/// The message handler of every entry from the host.
int lh_on_error(lua_State *L);
/// Records where a script was ended, once: what runs on the way out does not count.
void lh_record_kill(lua_State *L);
void lh_record(lh_failure *failure, lua_State *L, int first_level);
bool lh_locate(lua_State *L, int first_level, lua_Debug *record);
/// Pushes `file:line: ` of the innermost Lua function, or an empty string.
void lh_push_where(lua_State *L, int first_level);
/// Raises `message` with the position of the calling Lua function.
int lh_error(lua_State *L, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *lh_chunk_name(const lua_Debug *record, size_t *length);

// trampoline.c
void lh_refuse_when_blocked(lua_State *L, const char *name);
void lh_push_member(lua_State *L, const char *name, int64_t function, bool suspends, bool is_method, int class);

// order.c
/// A key as the fixed order sees it: numbers, then strings by bytes, then booleans.
typedef struct {
    int rank;
    int slot; ///< where its value is; the meaning is the caller's
    bool is_float;
    size_t length;
    union {
        lua_Integer integer;
        lua_Number number;
        const char *text;
    } as;
} lh_key;
/// False if a value of that kind has no place in the order.
bool lh_read_key(lua_State *L, int index, lh_key *key);
int lh_compare_keys(const void *left, const void *right);
void lh_sort_keys(lh_key *keys, size_t count);

// ordered_pairs.c
/// Counts the keys, up to a bad one, whose kind it returns (else LUA_TNIL). Tells whether they are exactly 1 to `count`.
int lh_survey(lua_State *L, int table, size_t *count, bool *is_sequence);
int lh_pairs(lua_State *L);
int lh_next(lua_State *L);
int lh_fixed_pairs(lua_State *L, int table);
void lh_forget_next(lua_State *L);

// suggestion.c
/// Pushes the key of one of the `count` tables at `tables` that is most like `word`; nil if none is close.
void lh_push_suggestion(lua_State *L, const int *tables, int count, const char *word, size_t length);

// object.c
void lh_open_objects(lua_State *L);
bool lh_is_object(lua_State *L, int index);

// Libraries
/// What a waiting coroutine yields: the mark of its host, out of reach for scripts.
extern const char lh_waiting;
static inline bool lh_is_waiting(lua_State *coroutine) {
    return lua_status(coroutine) == LUA_YIELD && lua_gettop(coroutine) > 0
           && lua_touserdata(coroutine, -1) == (const void *)&lh_waiting;
}
void lh_open_sandbox(lua_State *L);
int lh_tostring(lua_State *L);
const char *lh_push_text(lua_State *L, int index, size_t *length);
/// Each adds to the library table on top of the stack.
void lh_open_base(lua_State *L);
void lh_open_protected_calls(lua_State *L);
void lh_open_string(lua_State *L);
void lh_open_patterns(lua_State *L);
void lh_open_table(lua_State *L);
void lh_open_coroutine(lua_State *L);
void lh_open_random(lua_State *L);
void lh_open_os(lua_State *L);
int lh_require(lua_State *L);
int lh_sort(lua_State *L);
int lh_gsub(lua_State *L);
int lh_close_coroutine(lua_State *L);

// patterns.c
#define LH_CAPTURES 32
enum { LH_CAPTURE_OPEN = -1, LH_CAPTURE_POSITION = -2 };

/// One match of a pattern: subject, captures, and the steps that are left.
typedef struct {
    lua_State *L;
    const char *function; ///< the library function, for errors
    const char *subject;
    const char *subject_end;
    const char *pattern_end;
    uint64_t steps;
    int depth;
    int level; ///< captures so far
    struct {
        const char *start;
        ptrdiff_t length;
    } capture[LH_CAPTURES];
} lh_match;

void lh_match_prepare(lh_match *match, lua_State *L, const char *function, const char *subject, size_t subject_length,
                      const char *pattern, size_t pattern_length);
/// Matches at `at` and returns the end of the match, or NULL. Raises on a malformed pattern or a spent budget.
const char *lh_match_at(lh_match *match, const char *at, const char *pattern);

#endif
