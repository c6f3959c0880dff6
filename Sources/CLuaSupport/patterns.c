// Lua patterns, matched with a bound.
//
// The same language and the same answers as Lua's own matcher, which has no bound: `('a'):rep(600):find('.-.-.-b')`
// keeps it busy for 41 seconds, out of reach of the instruction hook. Here each match has a number of steps, counted
// where time is spent, and the clock is looked at meanwhile.
#include "internal.h"

#include <ctype.h>
#include <string.h>

#define ESCAPE '%'
#define DEEPEST 200
#define STEPS_PER_BYTE 32
#define STEPS_BETWEEN_CHARGES 4096

typedef unsigned char byte;

static const char *match_here(lh_match *m, const char *s, const char *p);

static void spend(lh_match *m, uint64_t steps) {
    if (m->steps < steps) {
        lh_error(m->L, "%s: the pattern needs too many steps on this text", m->function);
    }
    if ((m->steps ^ (m->steps - steps)) / STEPS_BETWEEN_CHARGES != 0) {
        lh_charge(m->L, STEPS_BETWEEN_CHARGES);
    }
    m->steps -= steps;
}

static int malformed(lh_match *m, const char *problem) {
    return lh_error(m->L, "malformed pattern (%s)", problem);
}

/// The end of the single-character item at `p`.
static const char *item_end(lh_match *m, const char *p) {
    const char *const start = p;
    if (*p == ESCAPE) {
        if (p + 1 == m->pattern_end) {
            malformed(m, "ends with '%'");
        }
        return p + 2;
    }
    if (*p != '[') {
        return p + 1;
    }
    p += p[1] == '^' ? 2 : 1;
    // The first character of a set stands for itself, even if it is `]`.
    do {
        if (p == m->pattern_end) {
            malformed(m, "missing ']'");
        }
        if (*p++ == ESCAPE && p < m->pattern_end) {
            p++;
        }
    } while (p == m->pattern_end || *p != ']');
    spend(m, (uint64_t)(p - start) / 16);
    return p + 1;
}

static bool in_class(byte c, byte class) {
    bool result;
    switch (tolower(class)) {
    case 'a': result = isalpha(c); break;
    case 'c': result = iscntrl(c); break;
    case 'd': result = isdigit(c); break;
    case 'g': result = isgraph(c); break;
    case 'l': result = islower(c); break;
    case 'p': result = ispunct(c); break;
    case 's': result = isspace(c); break;
    case 'u': result = isupper(c); break;
    case 'w': result = isalnum(c); break;
    case 'x': result = isxdigit(c); break;
    case 'z': result = c == 0; break;
    default: return class == c;
    }
    return isupper(class) ? !result : result;
}

/// Whether `c` is in the set that starts at `p` with `[` and whose `]` is at `last`.
static bool in_set(byte c, const char *p, const char *last) {
    bool found = true;
    p++;
    if (*p == '^') {
        found = false;
        p++;
    }
    for (; p < last; p++) {
        if (*p == ESCAPE) {
            p++;
            if (in_class(c, (byte)*p)) {
                return found;
            }
        } else if (p[1] == '-' && p + 2 < last) {
            if ((byte)p[0] <= c && c <= (byte)p[2]) {
                return found;
            }
            p += 2;
        } else if ((byte)*p == c) {
            return found;
        }
    }
    return !found;
}

static bool matches_one(lh_match *m, const char *s, const char *p, const char *end) {
    if (s >= m->subject_end) {
        return false;
    }
    switch (*p) {
    case '.': return true;
    case ESCAPE: return in_class((byte)*s, (byte)p[1]);
    case '[':
        spend(m, (uint64_t)(end - p) / 16);
        return in_set((byte)*s, p, end - 1);
    default: return *p == *s;
    }
}

static const char *match_balanced(lh_match *m, const char *s, const char *p) {
    if (p + 1 >= m->pattern_end) {
        malformed(m, "missing arguments to '%b'");
    }
    if (s >= m->subject_end || *s != *p) {
        return NULL;
    }
    const char opening = p[0], closing = p[1];
    size_t open = 1;
    for (const char *at = s + 1; at < m->subject_end; at++) {
        if (*at == closing) {
            if (--open == 0) {
                spend(m, (uint64_t)(at - s) / 4);
                return at + 1;
            }
        } else if (*at == opening) {
            open++;
        }
    }
    spend(m, (uint64_t)(m->subject_end - s) / 4);
    return NULL;
}

static const char *match_most(lh_match *m, const char *s, const char *p, const char *end) {
    ptrdiff_t count = 0;
    while (matches_one(m, s + count, p, end)) {
        count++;
    }
    spend(m, (uint64_t)count / 4 + 1);
    for (; count >= 0; count--) {
        const char *result = match_here(m, s + count, end + 1);
        if (result != NULL) {
            return result;
        }
    }
    return NULL;
}

static const char *match_least(lh_match *m, const char *s, const char *p, const char *end) {
    for (;; s++) {
        const char *result = match_here(m, s, end + 1);
        if (result != NULL) {
            return result;
        }
        if (!matches_one(m, s, p, end)) {
            return NULL;
        }
    }
}

static const char *open_capture(lh_match *m, const char *s, const char *p, ptrdiff_t kind) {
    if (m->level >= LH_CAPTURES) {
        lh_error(m->L, "too many captures");
    }
    m->capture[m->level].start = s;
    m->capture[m->level].length = kind;
    m->level++;
    const char *result = match_here(m, s, p);
    if (result == NULL) {
        m->level--;
    }
    return result;
}

static const char *close_capture(lh_match *m, const char *s, const char *p) {
    int level = m->level - 1;
    while (level >= 0 && m->capture[level].length != LH_CAPTURE_OPEN) {
        level--;
    }
    if (level < 0) {
        lh_error(m->L, "invalid pattern capture");
    }
    m->capture[level].length = s - m->capture[level].start;
    const char *result = match_here(m, s, p);
    if (result == NULL) {
        m->capture[level].length = LH_CAPTURE_OPEN;
    }
    return result;
}

static const char *match_back_reference(lh_match *m, const char *s, char digit) {
    const int level = digit - '1';
    if (level < 0 || level >= m->level || m->capture[level].length == LH_CAPTURE_OPEN) {
        lh_error(m->L, "invalid capture index %%%d", level + 1);
    }
    const ptrdiff_t length = m->capture[level].length;
    if (length < 0 || m->subject_end - s < length) {
        return NULL;
    }
    spend(m, (uint64_t)length / 64);
    return memcmp(m->capture[level].start, s, (size_t)length) == 0 ? s + length : NULL;
}

/// The frontier `%f[set]` at `p`: where the set begins to match.
static bool is_frontier(lh_match *m, const char *s, const char *set, const char *end) {
    const byte before = s == m->subject ? 0 : (byte)s[-1];
    const byte here = s < m->subject_end ? (byte)*s : 0;
    return !in_set(before, set, end - 1) && in_set(here, set, end - 1);
}

/// Matches the rest of the pattern. Recursion stands only where another way may have to be tried.
static const char *match_rest(lh_match *m, const char *s, const char *p) {
    while (p != m->pattern_end) {
        spend(m, 1);
        if (*p == '(') {
            return p[1] == ')' ? open_capture(m, s, p + 2, LH_CAPTURE_POSITION)
                               : open_capture(m, s, p + 1, LH_CAPTURE_OPEN);
        }
        if (*p == ')') {
            return close_capture(m, s, p + 1);
        }
        if (*p == '$' && p + 1 == m->pattern_end) {
            return s == m->subject_end ? s : NULL;
        }
        if (*p == ESCAPE && p[1] == 'b') {
            if ((s = match_balanced(m, s, p + 2)) == NULL) {
                return NULL;
            }
            p += 4;
            continue;
        }
        if (*p == ESCAPE && p[1] == 'f') {
            p += 2;
            if (*p != '[') {
                lh_error(m->L, "missing '[' after '%%f' in pattern");
            }
            const char *set_end = item_end(m, p);
            if (!is_frontier(m, s, p, set_end)) {
                return NULL;
            }
            p = set_end;
            continue;
        }
        if (*p == ESCAPE && isdigit((byte)p[1])) {
            if ((s = match_back_reference(m, s, p[1])) == NULL) {
                return NULL;
            }
            p += 2;
            continue;
        }
        const char *end = item_end(m, p);
        const char repeat = *end;
        if (repeat == '*' || (repeat == '+' && matches_one(m, s, p, end))) {
            return match_most(m, repeat == '+' ? s + 1 : s, p, end);
        }
        if (repeat == '-') {
            return match_least(m, s, p, end);
        }
        const bool matched = matches_one(m, s, p, end);
        if (repeat == '?') {
            if (matched) {
                const char *result = match_here(m, s + 1, end + 1);
                if (result != NULL) {
                    return result;
                }
            }
            p = end + 1;
            continue;
        }
        if (!matched) {
            return NULL;
        }
        s++;
        p = end;
    }
    return s;
}

static const char *match_here(lh_match *m, const char *s, const char *p) {
    if (m->depth == DEEPEST) {
        lh_error(m->L, "pattern too complex");
    }
    m->depth++;
    const char *result = match_rest(m, s, p);
    m->depth--;
    return result;
}

void lh_match_prepare(lh_match *m, lua_State *L, const char *function, const char *subject, size_t subject_length,
                      const char *pattern, size_t pattern_length) {
    m->L = L;
    m->function = function;
    m->subject = subject;
    m->subject_end = subject + subject_length;
    m->pattern_end = pattern + pattern_length;
    m->steps = lh_of(L)->limits.pattern_steps + STEPS_PER_BYTE * (uint64_t)subject_length;
    m->depth = 0;
    m->level = 0;
}

const char *lh_match_at(lh_match *m, const char *at, const char *pattern) {
    m->level = 0;
    m->depth = 0;
    return match_here(m, at, pattern);
}
