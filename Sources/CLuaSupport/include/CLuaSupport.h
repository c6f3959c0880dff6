/// What Lua's C interface needs below Swift: everything that may `longjmp`, and everything that must be fast.
///
/// Knows liblua5.4 and bytes of JSON. Does not know Swift, chat platforms, or what a host function does. The rule that
/// shapes it: Swift returns a code, and only C raises or yields, so that no Swift frame is ever crossed by a `longjmp`.
/// Functions below never raise while the host runs (the allocator lets host code overshoot its limit); those that
/// enter Lua do so protected. One thread at a time for each state, except where noted.
#ifndef MOONWIRE_CLUASUPPORT_H
#define MOONWIRE_CLUASUPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct lua_State lua_State;
typedef struct lh_state lh_state;

/// What a host function returns to the trampoline: a count of results on the stack (0 or more), or one of these.
enum {
    LH_SUSPEND = -1,  ///< the run waits; the host resumes it later
    LH_RAISE = -2,    ///< raise the value on top of the stack; a script's `pcall` may catch it
    LH_KILL = -3,     ///< end the run with the string on top of the stack; nothing in Lua can catch it
};

/// How an entry into Lua ended.
enum {
    LH_FINISHED = 0,
    LH_SUSPENDED = 1,
    LH_FAILED_RUNTIME = 2,
    LH_FAILED_SYNTAX = 3,
    LH_FAILED_BYTECODE = 4,
    LH_FAILED_MEMORY = 5,
    LH_FAILED_CPU = 6,
    LH_FAILED_KILLED = 7,
    LH_FAILED_INTERRUPTED = 8,
};

/// Offset of a time zone at one instant.
typedef struct {
    int32_t seconds_east;
    bool is_daylight_saving;
    char abbreviation[16];
} lh_zone;

/// What the state asks of its host. None of these may raise or touch the stack except as said.
typedef struct {
    void *context;
    /// Runs host function `function`; arguments are the stack of `L`.
    int (*call)(void *context, lua_State *L, int64_t function);
    /// One line of a script's `print`.
    void (*print)(void *context, const char *text, size_t length);
    /// Pushes source and file name of a module and returns true, or pushes nothing and returns false.
    bool (*source)(void *context, lua_State *L, const char *name, size_t length);
    /// Local time zone at an instant in seconds since 1970.
    void (*zone)(void *context, int64_t instant, lh_zone *zone);
} lh_host;

typedef struct {
    size_t memory;          ///< bytes that scripts may hold
    uint64_t cpu;           ///< nanoseconds in one entry, 0 for no limit
    bool cpu_is_wall;       ///< count wall time instead of the thread's CPU time
    size_t string_bytes;    ///< longest string a library function may build
    uint64_t pattern_steps; ///< steps of one pattern match, sort and the like
    uint32_t check_interval;///< instructions between two looks at the clock
} lh_limits;

/// What one run owns: its random numbers and its clock.
typedef struct {
    uint64_t random[4];
    int64_t now;
    void *failure; ///< where it failed, while its `<close>` handlers still run
} lh_run;

/// What other threads may see of a state.
typedef struct lh_activity lh_activity;

// Activity (any thread)
lh_activity *lh_activity_create(void);
void lh_activity_destroy(lh_activity *activity);
/// Monotonic nanoseconds (coarse) at which the state entered Lua, 0 while it is outside.
uint64_t lh_activity_entered_at(const lh_activity *activity);
/// Number of entries so far.
uint64_t lh_activity_entries(const lh_activity *activity);
/// Asks the running script to end at its next instruction; nothing in Lua can catch it.
void lh_activity_interrupt(lh_activity *activity);
/// The clock that `lh_activity_entered_at` uses.
uint64_t lh_monotonic_now(void);

// State
lh_state *lh_open(const lh_limits *limits, const lh_host *host, lh_activity *activity);
void lh_close(lh_state *state);
/// The thread whose stack host code uses now: that of the running coroutine, or the main one.
lua_State *lh_current(lh_state *state);
size_t lh_memory_used(const lh_state *state);
size_t lh_memory_peak(const lh_state *state);
void lh_collect_garbage(lh_state *state);
/// Starts the CPU budget of the current entry anew.
void lh_restart_budget(lh_state *state);
void lh_set_limits(lh_state *state, const lh_limits *limits);
/// The run that is current outside of coroutines (files being loaded, plain calls).
lh_run *lh_default_run(lh_state *state);
void lh_seed(lh_run *run, uint64_t seed);
/// Frees what a run holds, at its end.
void lh_run_release(lh_run *run);

// Entering Lua
/// Pushes the compiled chunk, or fails. Source text only.
int lh_load(lh_state *state, const char *source, size_t length, const char *chunk_name);
/// Calls the function below `arguments` values on the current stack. On failure nothing is left on the stack but the error value.
/// `purpose` names the call in the error that a suspending function raises inside.
int lh_call(lh_state *state, int arguments, const char *purpose, int *results);
/// Pushes a new coroutine on the current stack, with the function that was on top as its body.
lua_State *lh_coroutine_create(lh_state *state);
/// Starts or continues; the arguments are on top of `coroutine`'s stack. Results are on top of its stack.
int lh_coroutine_resume(lh_state *state, lua_State *coroutine, lh_run *run, int arguments, int *results);
/// Continues by raising the value on top of `coroutine`'s stack; `kill` makes it uncatchable.
int lh_coroutine_raise(lh_state *state, lua_State *coroutine, lh_run *run, bool kill, int *results);
/// After a failure: where it happened and how Lua got there. Valid until the next entry. `file` may be empty.
const char *lh_failure_traceback(const lh_state *state);
const char *lh_failure_file(const lh_state *state);
int lh_failure_line(const lh_state *state);

// Functions and references
/// Pushes a Lua function that calls host function `function`.
void lh_push_host_function(lua_State *L, const char *name, int64_t function, bool suspends);
int lh_reference(lua_State *L);
void lh_release(lh_state *state, int reference);
void lh_push_reference(lua_State *L, int reference);
void lh_set_global(lua_State *L, const char *name);
/// File and first line of the function at `index`; false for C functions.
bool lh_function_location(lua_State *L, int index, const char **file, size_t *length, int *line);
/// File and line of the innermost Lua function on the stack; false if there is none.
bool lh_caller_location(lua_State *L, const char **file, size_t *length, int *line);
/// Local `index` (from 1) of frame `level` of a suspended coroutine: pushes its value and returns its name, or NULL at the end.
const char *lh_local(lua_State *coroutine, int level, int index);
/// Whether frame `level` exists; gives its function name, file and current line.
bool lh_frame(lua_State *coroutine, int level, const char **name, const char **file, size_t *length, int *line);
/// The compiled form of the Lua function on top of the stack, with its debug information; NULL without memory for it.
/// The caller frees it with `lh_free`.
uint8_t *lh_dump(lua_State *L, size_t *length);
void lh_free(void *bytes);
/// Pushes the table behind what scripts see as globals.
void lh_push_globals(lua_State *L);
/// Upvalue `index` (from 1) of the function of frame `level`, likewise.
const char *lh_upvalue(lua_State *coroutine, int level, int index);
/// The script's own coroutine that a suspended coroutine waits for, or NULL when it waits for the host itself.
lua_State *lh_waiting_child(lua_State *coroutine);

// Stack
enum { LH_NIL, LH_BOOLEAN, LH_INTEGER, LH_NUMBER, LH_STRING, LH_TABLE, LH_FUNCTION, LH_OBJECT, LH_NULL, LH_OTHER, LH_NONE };
int lh_kind(lua_State *L, int index);
const char *lh_kind_name(lua_State *L, int index);
int lh_top(lua_State *L);
void lh_set_top(lua_State *L, int top);
void lh_remove(lua_State *L, int index);
bool lh_reserve(lua_State *L, int slots);
bool lh_to_boolean(lua_State *L, int index);
int64_t lh_to_integer(lua_State *L, int index, bool *ok);
double lh_to_number(lua_State *L, int index, bool *ok);
const char *lh_to_bytes(lua_State *L, int index, size_t *length);
void lh_push_nil(lua_State *L);
void lh_push_null(lua_State *L);
void lh_push_boolean(lua_State *L, bool value);
void lh_push_integer(lua_State *L, int64_t value);
void lh_push_number(lua_State *L, double value);
void lh_push_bytes(lua_State *L, const void *bytes, size_t length);
void lh_push_value(lua_State *L, int index);
void lh_move(lua_State *from, lua_State *to, int count);
void lh_push_table(lua_State *L, int array, int hash);
/// Marks the table on top as a list, so that it stays `[]` in JSON when it is empty.
void lh_mark_list(lua_State *L);
bool lh_is_marked_list(lua_State *L, int index);
void lh_raw_set(lua_State *L, int table);
void lh_raw_set_index(lua_State *L, int table, int64_t key);
void lh_raw_get(lua_State *L, int table);
void lh_raw_get_field(lua_State *L, int table, const char *key, size_t length);
int lh_raw_get_index(lua_State *L, int table, int64_t key);
uint64_t lh_raw_length(lua_State *L, int table);
const void *lh_identity(lua_State *L, int index);
enum { LH_SHAPE_UNORDERED, LH_SHAPE_SEQUENCE, LH_SHAPE_TABLE };
/// What the keys of the table are: one of them has no place in the order; exactly 1 to `count`; anything else, and then
/// pushes a list of them in order.
int lh_push_ordered_keys(lua_State *L, int table, int64_t *count);

// Errors
/// Pushes the error object `{ code, message, retryable, status, where }`; NULL `code` leaves it out, status 0 too.
void lh_push_error_object(lua_State *L, const char *code, size_t code_length, const char *message, size_t message_length,
                          bool retryable, int64_t status);

// JSON
/// Pushes the value. Returns 0, or an error code for `lh_json_error_text`.
int lh_push_json(lh_state *state, lua_State *L, const uint8_t *bytes, size_t length);
const char *lh_json_error_text(int code);
/// Writes the value at `index` as JSON. The bytes belong to the state and last until the next call.
/// On failure returns false and gives a sentence that names the path.
bool lh_encode_json(lh_state *state, lua_State *L, int index, const uint8_t **bytes, size_t *length);

// Objects
/// Pushes the metatable of a new class. `fields` are the names that read as nil when absent.
void lh_push_class(lua_State *L, int64_t class_id, const char *name, const char *const *fields, size_t field_count);
/// Adds a method (`object:name()`) or a plain function (`object.name()`) to the class at `index`.
void lh_class_add(lua_State *L, int index, const char *name, int64_t function, bool is_method, bool suspends);
/// Gives all objects of the class at `index` a member with the value on top of the stack, which it removes.
void lh_class_set(lua_State *L, int index, const char *name);
/// Pushes a new object of the class on top of the stack, which it replaces.
void lh_push_object(lua_State *L, int64_t handle);
bool lh_object(lua_State *L, int index, int64_t *class_id, int64_t *handle);
/// Replaces all fields of the object at `index`: JSON, decoded at the first read.
void lh_object_set_json(lua_State *L, int index, const uint8_t *bytes, size_t length);
/// Sets one field of the object at `index` to the value on top of the stack.
void lh_object_set_field(lh_state *state, lua_State *L, int index, const char *name, size_t length);
/// Sets one field to JSON that is decoded at its first read.
void lh_object_set_json_field(lh_state *state, lua_State *L, int index, const char *name, size_t name_length,
                              const uint8_t *bytes, size_t length);
void lh_object_set_label(lua_State *L, int index, const char *label, size_t length);
/// Pushes what `tostring` gives for the object at `index`, or nil when nothing was set.
void lh_object_get_label(lua_State *L, int index);
/// Pushes a field by name as a script would read it, nil if absent; never raises.
void lh_object_get_field(lh_state *state, lua_State *L, int index, const char *name, size_t length);

#endif
