#include "microfloor.h"

#include "loop.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { GROUP = 500, GROUPS = 100, WARM_GROUPS = 10, ROW_BYTES = 1536 };

struct statements {
    sqlite3_stmt *begin;
    sqlite3_stmt *insert;
    sqlite3_stmt *commit;
};

static bool execute(sqlite3_stmt *statement) {
    bool is_done = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_reset(statement);
    return is_done;
}

static bool append_groups(struct statements *statements, int groups) {
    char row[ROW_BYTES];
    memset(row, 'x', sizeof row);
    bool is_done = true;
    for (int group = 0; group < groups && is_done; group++) {
        is_done = execute(statements->begin);
        for (int index = 0; index < GROUP && is_done; index++) {
            sqlite3_bind_blob(statements->insert, 1, row, sizeof row, SQLITE_STATIC);
            is_done = execute(statements->insert);
        }
        is_done = is_done && execute(statements->commit);
    }
    return is_done;
}

static bool measure(sqlite3 *database, struct buffer *results) {
    struct statements statements = {0};
    static const char insert[] = "INSERT INTO events (payload) VALUES (?)";
    bool is_done =
        sqlite3_exec(database,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                     "CREATE TABLE events (sequence INTEGER PRIMARY KEY, payload BLOB NOT NULL)",
                     NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(database, "BEGIN IMMEDIATE", -1, &statements.begin, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(database, insert, -1, &statements.insert, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(database, "COMMIT", -1, &statements.commit, NULL) == SQLITE_OK &&
        append_groups(&statements, WARM_GROUPS);
    uint64_t start = clock_now(), cpu = clock_cpu();
    is_done = is_done && append_groups(&statements, GROUPS);
    double rows = GROUP * GROUPS;
    if (is_done) {
        buffer_format(results, ",\"sqlite_group\":%d,\"sqlite_row_bytes\":%d,\"sqlite_us_per_row\":%.2f,"
                               "\"sqlite_cpu_us_per_row\":%.2f",
                      GROUP, ROW_BYTES, (double)(clock_now() - start) / 1e3 / rows,
                      (double)(clock_cpu() - cpu) / 1e3 / rows);
    } else {
        fprintf(stderr, "bench-microfloor: %s\n", sqlite3_errmsg(database));
    }
    sqlite3_finalize(statements.begin);
    sqlite3_finalize(statements.insert);
    sqlite3_finalize(statements.commit);
    return is_done;
}

bool microfloor_sqlite(struct buffer *results, const char *directory) {
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    char path[4096], part[4200];
    snprintf(path, sizeof path, "%s/bench-microfloor-%d.sqlite", directory, (int)getpid());
    sqlite3 *database = NULL;
    bool is_done = sqlite3_open(path, &database) == SQLITE_OK && measure(database, results);
    sqlite3_close(database);
    for (size_t index = 0; index < sizeof suffixes / sizeof *suffixes; index++) {
        snprintf(part, sizeof part, "%s%s", path, suffixes[index]);
        unlink(part);
    }
    return is_done;
}
