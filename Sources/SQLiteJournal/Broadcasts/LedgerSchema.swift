import GRDB

/// The tables of broadcasts.
enum LedgerSchema {
    static func create(_ db: Database) throws {
        for statement in tables { try db.execute(sql: statement) }
    }

    private static let tables = [
        // The counts are kept with each change of a recipient's row, so that a look at them costs nothing.
        """
        CREATE TABLE broadcasts (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL, plan BLOB NOT NULL, topic TEXT NOT NULL,
            version TEXT NOT NULL, state INTEGER NOT NULL, reason TEXT, complete INTEGER NOT NULL DEFAULT 0,
            position INTEGER NOT NULL DEFAULT 0, rows INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0,
            duplicates INTEGER NOT NULL DEFAULT 0, opt_outs INTEGER NOT NULL DEFAULT 0, step INTEGER NOT NULL DEFAULT 0,
            held INTEGER, wrong_before INTEGER NOT NULL DEFAULT 0, sent_before INTEGER NOT NULL DEFAULT 0,
            opt_outs_before INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL, started INTEGER, ended INTEGER,
            pending INTEGER NOT NULL DEFAULT 0, claimed INTEGER NOT NULL DEFAULT 0, sent INTEGER NOT NULL DEFAULT 0,
            skipped INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, unknown INTEGER NOT NULL DEFAULT 0,
            UNIQUE (name, key))
        """,
        """
        CREATE TABLE recipients (
            broadcast INTEGER NOT NULL, number INTEGER NOT NULL, address TEXT NOT NULL, row BLOB NOT NULL,
            state INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
            reason TEXT, intent BLOB, claimed INTEGER, ended INTEGER, native TEXT,
            PRIMARY KEY (broadcast, number)) WITHOUT ROWID
        """,
        "CREATE UNIQUE INDEX recipients_by_address ON recipients (broadcast, address)",
        "CREATE INDEX recipients_by_turn ON recipients (broadcast, state, due, number)",
        """
        CREATE TABLE rejected_records (
            broadcast INTEGER NOT NULL, line INTEGER NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY (broadcast, line)) WITHOUT ROWID
        """,
        // What a frequency cap counts: who was written to about what.
        """
        CREATE TABLE topic_messages (
            topic TEXT NOT NULL, address TEXT NOT NULL, at INTEGER NOT NULL, broadcast INTEGER NOT NULL,
            number INTEGER NOT NULL, PRIMARY KEY (topic, address, at, broadcast, number)) WITHOUT ROWID
        """,
        "CREATE INDEX topic_messages_by_age ON topic_messages (at)",
        """
        CREATE TABLE opt_outs (
            address TEXT NOT NULL, topic TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (address, topic)) WITHOUT ROWID
        """,
    ]
}
