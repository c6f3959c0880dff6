extension JournalSchema {
    static let jobs = [
        // "due" is the next time that has not come yet.
        """
        CREATE TABLE jobs (
            name TEXT PRIMARY KEY, script TEXT NOT NULL, declaration BLOB NOT NULL, due INTEGER, paused INTEGER NOT NULL,
            retired INTEGER NOT NULL) WITHOUT ROWID
        """,
        """
        CREATE TABLE ticks (
            id INTEGER PRIMARY KEY, job TEXT NOT NULL, due INTEGER NOT NULL, origin INTEGER NOT NULL,
            state INTEGER NOT NULL, count INTEGER NOT NULL, run INTEGER, started INTEGER, ended INTEGER, note TEXT,
            UNIQUE (job, due))
        """,
        // Queued and running.
        "CREATE INDEX open_ticks ON ticks (due) WHERE state < 2",
    ]
}
