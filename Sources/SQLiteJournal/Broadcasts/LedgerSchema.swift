import GRDB

/// The tables of broadcasts.
enum LedgerSchema {
    static func create(_ db: Database) throws {
        for statement in tables { try db.execute(sql: statement) }
    }

    /// A script may be asked for an audience more than once.
    ///
    /// Drafts whose audience failed were paused, and a resumption did not ask for rows again.
    static func countAttempts(_ db: Database) throws {
        for statement in [
            "ALTER TABLE broadcasts ADD COLUMN asked INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE broadcasts ADD COLUMN broken INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE recipients ADD COLUMN seen INTEGER NOT NULL DEFAULT 0",
            """
            UPDATE broadcasts SET broken = 1
            WHERE state = 2 AND complete = 0 AND (started IS NULL OR reason LIKE 'the audience function failed: %')
            """,
            "UPDATE broadcasts SET state = 0 WHERE state = 2 AND started IS NULL",
        ] {
            try db.execute(sql: statement)
        }
    }

    static func addConsent(_ db: Database) throws {
        for statement in consent { try db.execute(sql: statement) }
    }

    private static let consent = [
        // Topics that a client has opted in to after an opt-out of all.
        """
        CREATE TABLE opt_ins (
            address TEXT NOT NULL, topic TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (address, topic)) WITHOUT ROWID
        """,
        // By which addresses the client of a session is known, and when that was last heard.
        """
        CREATE TABLE session_clients (
            id INTEGER PRIMARY KEY, session TEXT NOT NULL, address TEXT NOT NULL, at INTEGER NOT NULL,
            UNIQUE (session, address))
        """,
        "CREATE INDEX session_clients_by_address ON session_clients (address)",
    ]

    /// All addresses of an audience beside those that the rows are unique by: who comes twice is found by any of them.
    static func keepAddresses(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE recipient_addresses (
                    broadcast INTEGER NOT NULL, address TEXT NOT NULL, number INTEGER NOT NULL,
                    PRIMARY KEY (broadcast, address)) WITHOUT ROWID
                """)
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
