import GRDB
import Moonwire

/// The tables, and how older files come to have them.
///
/// Migrations are named and only ever appended: a file of any past release opens here.
enum JournalSchema {
    /// Marks the file as a journal: "Moon".
    static let applicationID: Int32 = 0x4D6F_6F6E

    /// Brings the file up to date.
    static func prepare(_ db: Database, path: String) throws {
        let marked = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        if marked != applicationID {
            let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
            guard tables == 0 else {
                throw JournalError(.unreadable, "The database \(path) is not a journal. Name another file.")
            }
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        }
    }

    static func migrate(_ queue: DatabaseQueue, path: String) throws {
        try queue.read { try refuseNewer($0, path: path) }
        try migrator.migrate(queue)
    }

    /// Refuses a file of a later release.
    static func refuseNewer(_ db: Database, path: String) throws {
        guard try migrator.hasBeenSuperseded(db) else { return }
        throw JournalError(
            .newer, "The journal \(path) was written by a later release. Use that release, or name another file.")
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: events, runs, steps, stores") { db in
            for statement in first { try db.execute(sql: statement) }
        }
        migrator.registerMigration("2: waits, versions in service") { db in
            for statement in second { try db.execute(sql: statement) }
            try findWaits(db)
        }
        migrator.registerMigration("3: levels of the script API") { db in
            try db.execute(sql: "ALTER TABLE versions ADD COLUMN level INTEGER NOT NULL DEFAULT 1")
        }
        migrator.registerMigration("4: jobs") { db in
            for statement in jobs { try db.execute(sql: statement) }
        }
        migrator.registerMigration("5: broadcasts", migrate: LedgerSchema.create)
        migrator.registerMigration("6: paused sessions") { db in
            try db.execute(sql: paused)
        }
        migrator.registerMigration("7: cursors of audiences") { db in
            try db.execute(sql: "ALTER TABLE broadcasts ADD COLUMN cursor TEXT")
        }
        migrator.registerMigration("8: broadcasts by state") { db in
            try db.execute(sql: "CREATE INDEX broadcasts_by_state ON broadcasts (state)")
        }
        migrator.registerMigration("9: attempts at an audience", migrate: LedgerSchema.countAttempts)
        migrator.registerMigration("10: consent by topic, clients of sessions", migrate: LedgerSchema.addConsent)
        migrator.registerMigration("11: all addresses of an audience", migrate: LedgerSchema.keepAddresses)
        migrator.registerMigration("12: changes of broadcasts", migrate: LedgerSchema.addChanges)
        return migrator
    }

    /// Names are written once and referred to by number: a row on the path of an event stays short, and a group of
    /// events touches few pages. For the same reason nothing there has an index that its own readers can do without.
    private static let first = [
        "CREATE TABLE channels (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
        """
        CREATE TABLE handlers (
            id INTEGER PRIMARY KEY, script TEXT NOT NULL, version TEXT NOT NULL, handler TEXT NOT NULL,
            UNIQUE (script, version, handler))
        """,
        // Where in a script a step was asked for.
        "CREATE TABLE sites (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, location TEXT NOT NULL, UNIQUE (kind, location))",
        // The row, with its key, outlives its body. "ended" is NULL for a pending event and for a handled one.
        """
        CREATE TABLE events (
            id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, key TEXT, at INTEGER NOT NULL, ended INTEGER, body BLOB,
            UNIQUE (channel, key))
        """,
        // Admitted and not handled to the end. The runs of an event end after "mark", the last run that had ended before.
        "CREATE TABLE pending (event INTEGER PRIMARY KEY, mark INTEGER NOT NULL)",
        // Unfinished runs only.
        """
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY, event INTEGER NOT NULL, handler INTEGER NOT NULL, channel INTEGER NOT NULL,
            session TEXT NOT NULL, started INTEGER NOT NULL)
        """,
        // In the order in which they ended, which is what every reader of them asks for.
        """
        CREATE TABLE ended_runs (
            id INTEGER PRIMARY KEY, run INTEGER NOT NULL, event INTEGER NOT NULL, handler INTEGER NOT NULL,
            channel INTEGER NOT NULL, session TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER NOT NULL,
            state INTEGER NOT NULL, stops INTEGER NOT NULL, error TEXT)
        """,
        // "outcome" is there when it was known with the step; one that came later has a row of its own, so that the
        // step's is written once.
        """
        CREATE TABLE steps (
            run INTEGER NOT NULL, number INTEGER NOT NULL, site INTEGER NOT NULL, channel INTEGER, session TEXT,
            digest INTEGER NOT NULL, at INTEGER NOT NULL, deadline INTEGER, arguments BLOB NOT NULL, outcome BLOB,
            PRIMARY KEY (run, number)) WITHOUT ROWID
        """,
        """
        CREATE TABLE outcomes (
            run INTEGER NOT NULL, number INTEGER NOT NULL, native TEXT, outcome BLOB NOT NULL,
            PRIMARY KEY (run, number)) WITHOUT ROWID
        """,
        // Few steps are in either of these two, so that they cost the others nothing.
        """
        CREATE TABLE unknown_steps (
            run INTEGER NOT NULL, number INTEGER NOT NULL, event INTEGER NOT NULL, handler INTEGER NOT NULL,
            channel INTEGER NOT NULL, session TEXT NOT NULL, started INTEGER NOT NULL,
            PRIMARY KEY (run, number)) WITHOUT ROWID
        """,
        """
        CREATE TABLE awaited_events (
            event INTEGER NOT NULL, run INTEGER NOT NULL, number INTEGER NOT NULL,
            PRIMARY KEY (event, run, number)) WITHOUT ROWID
        """,
        "CREATE INDEX awaited_events_of_run ON awaited_events (run)",
        """
        CREATE TABLE cursors (
            channel INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (channel, key)) WITHOUT ROWID
        """,
        """
        CREATE TABLE versions (
            id INTEGER PRIMARY KEY, version TEXT NOT NULL UNIQUE, script TEXT NOT NULL, entry TEXT NOT NULL,
            files TEXT NOT NULL, settings BLOB NOT NULL, unused INTEGER)
        """,
        """
        CREATE TABLE kv (
            scope TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, expires INTEGER,
            PRIMARY KEY (scope, key)) WITHOUT ROWID
        """,
        "CREATE INDEX kv_expiring ON kv (expires) WHERE expires IS NOT NULL",
        """
        CREATE TABLE limits (
            scope TEXT NOT NULL, key TEXT NOT NULL, count INTEGER NOT NULL, period INTEGER NOT NULL,
            level INTEGER NOT NULL, at INTEGER NOT NULL, full INTEGER NOT NULL,
            PRIMARY KEY (scope, key)) WITHOUT ROWID
        """,
        """
        CREATE TABLE dead (
            id INTEGER PRIMARY KEY, run INTEGER, event INTEGER, channel INTEGER NOT NULL, session TEXT NOT NULL,
            script TEXT NOT NULL, error TEXT NOT NULL, at INTEGER NOT NULL)
        """,
    ]

    private static let second = [
        // Runs that wait, with the digest of their session. All that is known of a million of them at the start.
        "CREATE TABLE waits (run INTEGER PRIMARY KEY, session INTEGER NOT NULL, deadline INTEGER)",
        "CREATE INDEX waits_of_session ON waits (session)",
        "CREATE INDEX waits_by_deadline ON waits (deadline, run, session) WHERE deadline IS NOT NULL",
        "ALTER TABLE versions ADD COLUMN installed INTEGER",
        // 1 hands the sessions over, 0 only ends the waits.
        "ALTER TABLE versions ADD COLUMN retired INTEGER",
        "CREATE TABLE pins (script TEXT PRIMARY KEY, disk TEXT NOT NULL, version TEXT NOT NULL) WITHOUT ROWID",
    ]

    /// Sessions that people keep the bot out of: few, and read whole at the start.
    private static let paused = """
        CREATE TABLE pauses (
            channel TEXT NOT NULL, session TEXT NOT NULL, at INTEGER NOT NULL, operator TEXT NOT NULL, name TEXT,
            email TEXT, PRIMARY KEY (channel, session)) WITHOUT ROWID
        """

    /// The first release kept no list of waits: they are the last steps without an outcome of these kinds.
    private static func findWaits(_ db: Database) throws {
        let sql = """
            SELECT runs.id, runs.session, channels.name, last.deadline FROM runs
            JOIN channels ON channels.id = runs.channel
            JOIN steps last ON last.run = runs.id
                AND last.number = (SELECT max(number) FROM steps WHERE steps.run = runs.id)
            JOIN sites ON sites.id = last.site AND sites.kind IN ('session:ask (answer)', 'session:wait_for', 'bot.sleep')
            LEFT JOIN outcomes ON outcomes.run = last.run AND outcomes.number = last.number
            WHERE last.outcome IS NULL AND outcomes.outcome IS NULL
            """
        let insert = try db.makeStatement(sql: "INSERT INTO waits (run, session, deadline) VALUES (?, ?, ?)")
        let rows = try Row.fetchCursor(db, sql: sql)
        while let row = try rows.next() {
            let session = SessionID(channel: ChannelID(row["name"] as String), id: row["session"])
            let digest = Int64(bitPattern: SessionDigest(session).rawValue)
            try insert.execute(arguments: [row["id"] as Int64, digest, row["deadline"] as Int64?])
        }
    }
}
