import GRDB
public import Moonwire

/// Reads jobs and their ticks.
struct JobReading {
    private let db: Database

    init(_ db: Database) {
        self.db = db
    }

    func jobs() throws -> [JobRecord] {
        try Row.fetchAll(db, sql: "SELECT * FROM jobs ORDER BY name").map { row in
            JobRecord(
                script: row["script"],
                declaration: JobDeclaration(name: row["name"], journalBytes: row.bytes("declaration") ?? []),
                nextDue: (row["due"] as Int64?).map(Instant.init(rawValue:)), isPaused: row["paused"],
                isRetired: row["retired"])
        }
    }

    /// A tick whose event has gone from the journal is not alive: events stay as long as their runs.
    func openTicks() throws -> [OpenTick] {
        let sql = """
            SELECT ticks.*, (
                SELECT events.id FROM events WHERE channel = (SELECT id FROM channels WHERE name = ?)
                AND key = 'tick:' || ticks.job || ':' || ticks.due) AS event
            FROM ticks WHERE state < 2 ORDER BY due, job
            """
        let rows = try Row.fetchAll(db, sql: sql, arguments: [ChannelID.host.rawValue])
        let events = rows.compactMap { $0["event"] as Int64? }.map(String.init).joined(separator: ",")
        let alive = try Set(
            Int64.fetchAll(
                db,
                sql: """
                    SELECT event FROM pending WHERE event IN (\(events))
                    UNION SELECT event FROM runs WHERE event IN (\(events))
                    """))
        return rows.map { row in
            OpenTick(tick: tick(row), isAlive: (row["event"] as Int64?).map(alive.contains) ?? false)
        }
    }

    func ticks(of job: String, before: Instant, limit: Int) throws -> [TickRecord] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM ticks WHERE job = ? AND due < ? ORDER BY due DESC LIMIT ?",
            arguments: [job, before.rawValue, max(limit, 0)]
        ).map(tick)
    }

    func ticks(of job: String, from: Instant, through: Instant) throws -> [TickRecord] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM ticks WHERE job = ? AND due BETWEEN ? AND ? ORDER BY due",
            arguments: [job, from.rawValue, through.rawValue]
        ).map(tick)
    }

    private func tick(_ row: Row) -> TickRecord {
        TickRecord(
            id: TickID(job: row["job"], due: Instant(rawValue: row["due"])),
            origin: TickRecord.Origin(rawValue: row["origin"]) ?? .schedule,
            state: TickRecord.State(rawValue: row["state"]) ?? .failed, count: row["count"],
            run: (row["run"] as Int64?).map(RunID.init(rawValue:)),
            startedAt: (row["started"] as Int64?).map(Instant.init(rawValue:)),
            endedAt: (row["ended"] as Int64?).map(Instant.init(rawValue:)), note: row["note"])
    }
}

extension SQLiteJournal: JobStore {
    public func jobs() async throws(JournalError) -> [JobRecord] {
        try await read { try JobReading($0).jobs() }
    }

    public func openTicks() async throws(JournalError) -> [OpenTick] {
        try await read { try JobReading($0).openTicks() }
    }

    public func ticks(of job: String, before: Instant, limit: Int) async throws(JournalError) -> [TickRecord] {
        try await read { try JobReading($0).ticks(of: job, before: before, limit: limit) }
    }

    public func ticks(of job: String, from: Instant, through: Instant) async throws(JournalError) -> [TickRecord] {
        try await read { try JobReading($0).ticks(of: job, from: from, through: through) }
    }
}

extension JournalReader: JobStore {
    public func jobs() async throws(JournalError) -> [JobRecord] {
        try await read { try JobReading($0).jobs() }
    }

    public func openTicks() async throws(JournalError) -> [OpenTick] {
        try await read { try JobReading($0).openTicks() }
    }

    public func ticks(of job: String, before: Instant, limit: Int) async throws(JournalError) -> [TickRecord] {
        try await read { try JobReading($0).ticks(of: job, before: before, limit: limit) }
    }

    public func ticks(of job: String, from: Instant, through: Instant) async throws(JournalError) -> [TickRecord] {
        try await read { try JobReading($0).ticks(of: job, from: from, through: through) }
    }
}
