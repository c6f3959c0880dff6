// "Did you mean": the known word that is most like an unknown one.
#include "internal.h"

#include <string.h>

/// Longer words are not compared.
#define LONGEST 48

static int smaller(int a, int b) {
    return a < b ? a : b;
}

/// Edits that turn one word into the other: insert, delete, replace, swap neighbours.
static int distance(const char *a, int a_length, const char *b, int b_length) {
    int rows[3][LONGEST + 1];
    int *before = rows[0], *above = rows[1], *row = rows[2];
    for (int j = 0; j <= b_length; j++) {
        above[j] = j;
    }
    for (int i = 1; i <= a_length; i++) {
        row[0] = i;
        for (int j = 1; j <= b_length; j++) {
            const int replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = smaller(replaced, smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = smaller(row[j], before[j - 2] + 1);
            }
        }
        int *const free_row = before;
        before = above;
        above = row;
        row = free_row;
    }
    return above[b_length];
}

void lh_push_suggestion(lua_State *L, const int *tables, int count, const char *word, size_t length) {
    lua_pushnil(L);
    const int best = lua_gettop(L);
    int least = length < 4 ? 1 : length < 8 ? 2 : 3;
    if (length == 0 || length > LONGEST) {
        return;
    }
    for (int i = 0; i < count; i++) {
        lua_pushnil(L);
        while (lua_next(L, tables[i])) {
            lua_pop(L, 1);
            size_t known_length;
            const char *known = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &known_length) : NULL;
            if (known == NULL || known_length > LONGEST) {
                continue;
            }
            const int edits = distance(word, (int)length, known, (int)known_length);
            // Words that are as near are told apart by bytes: the message must not depend on the order of a table.
            if (edits < least + (lua_isnil(L, best) ? 1 : 0)
                || (edits == least && strcmp(known, lua_tostring(L, best)) < 0)) {
                least = edits;
                lua_copy(L, -1, best);
            }
        }
    }
}
