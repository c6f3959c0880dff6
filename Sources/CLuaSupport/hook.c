// The CPU budget: a count hook that cannot be escaped.
//
// Every coroutine inherits the hook from the thread that makes it. Short entries never reach the first check, so the
// clock is read only then: the budget starts at most one interval late, and costs an entry nothing.
#include "internal.h"

#include <time.h>

/// Units of work inside C between two looks at the clock.
#define WORK_BETWEEN_CHECKS 65536

static uint64_t read_clock(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void lh_arm(lh_state *state, lua_State *L) {
    lua_sethook(L, lh_hook, LUA_MASKCOUNT, (int)state->limits.check_interval);
}

void lh_restart_budget(lh_state *state) {
    state->wall_deadline = 0;
    state->cpu_deadline = 0;
    state->work = 0;
}

/// Whether the budget of this entry is spent.
static bool is_spent(lh_state *state) {
    state->work = 0;
    if (state->limits.cpu == 0) {
        return false;
    }
    const uint64_t wall = read_clock(CLOCK_MONOTONIC);
    if (state->wall_deadline == 0) {
        state->wall_deadline = wall + state->limits.cpu;
        state->cpu_deadline = 0;
        if (!state->limits.cpu_is_wall) {
            state->cpu_deadline = read_clock(CLOCK_THREAD_CPUTIME_ID) + state->limits.cpu;
        }
        return false;
    }
    // CPU time cannot pass wall time, and reading wall time needs no system call.
    if (wall < state->wall_deadline) {
        return false;
    }
    return state->limits.cpu_is_wall || read_clock(CLOCK_THREAD_CPUTIME_ID) >= state->cpu_deadline;
}

static void raise_kill(lua_State *L, lh_state *state) {
    if (state->killed == LH_FAILED_CPU) {
        const lua_Number budget = (lua_Number)state->limits.cpu / 1e6;
        lua_pushfstring(L, "the script used more than its CPU budget of %f ms", budget);
    } else if (state->killed == LH_FAILED_INTERRUPTED) {
        lua_pushliteral(L, "the script was interrupted");
    } else {
        lua_pushliteral(L, "the run was ended by its host");
    }
    lua_error(L);
}

static void look(lua_State *L, lh_state *state) {
    if (state->killed == 0) {
        if (lh_activity_wants_interrupt(state->activity) && lh_activity_take_interrupt(state->activity)) {
            state->killed = LH_FAILED_INTERRUPTED;
        } else if (is_spent(state)) {
            state->killed = LH_FAILED_CPU;
        }
    }
    if (state->killed != 0) {
        lh_record_kill(L);
        // Whatever still runs on the way out (a `__close` handler) ends at its first instruction.
        lua_sethook(L, lh_hook, LUA_MASKCOUNT, 1);
        raise_kill(L, state);
    }
}

void lh_hook(lua_State *L, lua_Debug *record) {
    (void)record;
    lh_state *state = lh_of(L);
    look(L, state);
    if (lua_gethookcount(L) != (int)state->limits.check_interval) {
        lh_arm(state, L);
    }
}

void lh_charge(lua_State *L, uint64_t units) {
    lh_state *state = lh_of(L);
    state->work += units;
    if (state->work > WORK_BETWEEN_CHECKS) {
        look(L, state);
    }
}
