import EventJSON
import GRDB
import GRDBSQLite
import Moonwire

/// Reads rows back into the words of the core, within one read of the database.
struct Recovery {
    let db: Database
    /// Stands in for an event that retention has emptied; `nil` makes it damage.
    let emptied: ((EventID) -> AdmittedEvent)?
    private let parser = JSONParser()

    init(_ db: Database, emptied: ((EventID) -> AdmittedEvent)? = nil) {
        self.db = db
        self.emptied = emptied
    }

    /// The columns of a run, whichever table it stands in.
    static func runColumns(_ table: String) -> String {
        """
        \(table).event, \(table).session, \(table).started, run_channels.name AS run_channel, handlers.script,
        handlers.version, handlers.handler
        """
    }

    static func runTables(_ table: String) -> String {
        """
        \(table) JOIN handlers ON handlers.id = \(table).handler
        JOIN channels run_channels ON run_channels.id = \(table).channel
        """
    }

    private static let stepColumns = """
        steps.number, steps.digest, steps.at, steps.deadline, steps.arguments,
        coalesce(steps.outcome, outcomes.outcome) AS outcome,
        steps.session AS step_session, sites.kind, sites.location, channels.name AS step_channel
        """
    private static let stepJoins = """
        JOIN sites ON sites.id = steps.site LEFT JOIN channels ON channels.id = steps.channel
        LEFT JOIN outcomes ON outcomes.run = steps.run AND outcomes.number = steps.number
        """

    func pendingEvents(after: EventID, limit: Int) throws -> [PendingEvent] {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT events.id, events.key, events.at, events.body FROM pending JOIN events ON events.id = pending.event
                WHERE pending.event > ? ORDER BY pending.event LIMIT ?
                """, arguments: [after.rawValue, max(limit, 0)])
        var pending: [PendingEvent] = []
        let finished = try finishedHandlers()
        while let row = try rows.next() {
            let admitted = try event(row)
            let (handlers, isStopped) = finished[admitted.id] ?? ([], false)
            pending.append(PendingEvent(admitted: admitted, finishedHandlers: handlers, isStopped: isStopped))
        }
        return pending
    }

    /// The handlers whose runs have ended although their event is still pending.
    private func finishedHandlers() throws -> [EventID: (Set<HandlerKey>, isStopped: Bool)] {
        let sql = """
            SELECT ended_runs.event, ended_runs.stops, handlers.script, handlers.handler
            FROM ended_runs JOIN handlers ON handlers.id = ended_runs.handler
            WHERE ended_runs.id > (SELECT min(mark) FROM pending) AND ended_runs.event IN (SELECT event FROM pending)
            """
        var finished: [EventID: (Set<HandlerKey>, isStopped: Bool)] = [:]
        let rows = try Row.fetchCursor(db, sql: sql)
        while let row = try rows.next() {
            var (handlers, isStopped) = finished[EventID(rawValue: row["event"])] ?? ([], false)
            handlers.insert(HandlerKey(script: row["script"], handler: row["handler"]))
            isStopped = isStopped || row["stops"]
            finished[EventID(rawValue: row["event"])] = (handlers, isStopped)
        }
        return finished
    }

    func interruptedRuns() throws -> RecoveredRuns {
        try unfinishedRuns("WHERE runs.id NOT IN (SELECT run FROM waits)")
    }

    func waitingRuns(of sessions: [SessionDigest]) throws -> RecoveredRuns {
        // Numbers only, so that the list may stand in the text.
        let list = sessions.map { String(Int64(bitPattern: $0.rawValue)) }.joined(separator: ",")
        return try unfinishedRuns("WHERE runs.id IN (SELECT run FROM waits WHERE waits.session IN (\(list)))")
    }

    /// One run that cannot be read keeps none of the others from being read.
    private func unfinishedRuns(_ condition: String) throws -> RecoveredRuns {
        let sql = """
            SELECT runs.id, \(Self.runColumns("runs")),
            EXISTS (SELECT 1 FROM pending WHERE pending.event = runs.event) AS is_pending
            FROM \(Self.runTables("runs")) \(condition) ORDER BY runs.id
            """
        var recovered = RecoveredRuns()
        for row in try Row.fetchAll(db, sql: sql) {
            let record = run(row, id: RunID(rawValue: row["id"]))
            let isFinished = !(row["is_pending"] as Bool)
            do {
                recovered.runs.append(
                    RecordedRun(
                        record: record, trigger: try event(record.event), triggerIsFinished: isFinished,
                        steps: try steps(of: record.id)))
            } catch let failure as SQLiteFailure where failure.code == SQLITE_CORRUPT {
                recovered.damaged.append(
                    DamagedRun(record: record, triggerIsFinished: isFinished, reason: failure.message))
            }
        }
        return recovered
    }

    func waitingSessions(version: String?) throws -> [SessionDigest] {
        var sql = "SELECT waits.session FROM waits"
        if version != nil {
            sql += """
                 JOIN runs ON runs.id = waits.run
                WHERE runs.handler IN (SELECT id FROM handlers WHERE version = ?)
                """
        }
        let digests = try Int64.fetchCursor(db, sql: sql, arguments: version.map { [$0] } ?? [])
        var sessions: [SessionDigest] = []
        while let digest = try digests.next() { sessions.append(SessionDigest(rawValue: UInt64(bitPattern: digest))) }
        return sessions
    }

    func deadlines(after: Deadline?, before: Instant, limit: Int) throws -> [Deadline] {
        let sql = """
            SELECT deadline, run, session FROM waits
            WHERE deadline < :before AND (deadline, run) > (:at, :run) ORDER BY deadline, run LIMIT :limit
            """
        let arguments: StatementArguments = [
            "before": before.rawValue, "at": after?.at.rawValue ?? .min, "run": after?.run.rawValue ?? .min,
            "limit": max(limit, 0),
        ]
        return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
            Deadline(
                at: Instant(rawValue: row["deadline"]), run: RunID(rawValue: row["run"]),
                session: SessionDigest(rawValue: UInt64(bitPattern: row["session"] as Int64)))
        }
    }

    func versionReports(of script: String?) throws -> [VersionReport] {
        let sql = """
            SELECT version, script, installed, retired, coalesce(waiting, 0) AS waiting FROM versions
            LEFT JOIN (
                SELECT handlers.version AS used, count(*) AS waiting FROM waits
                JOIN runs ON runs.id = waits.run JOIN handlers ON handlers.id = runs.handler GROUP BY handlers.version
            ) ON used = version
            WHERE :script IS NULL OR script = :script ORDER BY id DESC
            """
        return try Row.fetchAll(db, sql: sql, arguments: ["script": script]).map { row in
            VersionReport(
                version: row["version"], script: row["script"],
                installedAt: (row["installed"] as Int64?).map(Instant.init(rawValue:)), waiting: row["waiting"],
                retirement: (row["retired"] as Bool?).map { $0 ? .handsOver : .cancels })
        }
    }

    func unknownSteps(limit: Int) throws -> [StepReport] {
        let sql = """
            SELECT steps.run, \(Self.stepColumns), \(Self.runColumns("unknown_steps"))
            FROM \(Self.runTables("unknown_steps"))
            JOIN steps ON steps.run = unknown_steps.run AND steps.number = unknown_steps.number
            \(Self.stepJoins)
            ORDER BY steps.at DESC, steps.run DESC, steps.number DESC LIMIT ?
            """
        return try Row.fetchAll(db, sql: sql, arguments: [max(limit, 0)]).map { row in
            let id = RunID(rawValue: row["run"])
            return StepReport(run: run(row, id: id), step: try step(row, of: id))
        }
    }

    func run(_ row: Row, id: RunID) -> RunRecord {
        RunRecord(
            id: id, event: EventID(rawValue: row["event"]),
            session: SessionID(channel: ChannelID(row["run_channel"] as String), id: row["session"]),
            script: row["script"], version: row["version"], handler: row["handler"],
            startedAt: Instant(rawValue: row["started"]))
    }

    func steps(of run: RunID) throws -> [RecordedStep] {
        let sql = "SELECT \(Self.stepColumns) FROM steps \(Self.stepJoins) WHERE steps.run = ? ORDER BY steps.number"
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [run.rawValue]).map { try step($0, of: run) }
    }

    private func step(_ row: Row, of run: RunID) throws -> RecordedStep {
        let channel: String? = row["step_channel"]
        let session: String? = row["step_session"]
        let record = StepRecord(
            run: run, number: row["number"], kind: row["kind"],
            session: channel.map { SessionID(channel: ChannelID($0), id: session ?? "") },
            digest: UInt64(bitPattern: row["digest"]), arguments: RawJSON(validated: row.bytes("arguments") ?? []),
            location: row["location"], at: Instant(rawValue: row["at"]),
            deadline: (row["deadline"] as Int64?).map(Instant.init(rawValue:)))
        guard let bytes = row.bytes("outcome") else { return RecordedStep(step: record, outcome: nil) }
        do {
            let outcome = try OutcomeCoding.decode(bytes, parser: parser) { try event($0) }
            return RecordedStep(step: record, outcome: outcome)
        } catch let error as JSONError {
            throw damage("the outcome of step \(record.number) of run \(run): \(error)")
        } catch let error as EventBodyError {
            throw damage("the outcome of step \(record.number) of run \(run): \(error)")
        }
    }

    func event(_ id: EventID) throws -> AdmittedEvent {
        let sql = "SELECT id, key, at, body FROM events WHERE id = ?"
        guard let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [id.rawValue]) else {
            if let emptied { return emptied(id) }
            throw damage("event \(id.rawValue) is missing")
        }
        return try event(row)
    }

    func event(_ row: Row) throws -> AdmittedEvent {
        let id = EventID(rawValue: row["id"])
        guard let body = row.bytes("body") else {
            if let emptied { return emptied(id) }
            throw damage("event \(id.rawValue) has lost its body")
        }
        do {
            let event = try Event(journalBytes: body, key: row["key"], parser: parser)
            return AdmittedEvent(
                id: id, event: event, body: EventBody(event), admittedAt: Instant(rawValue: row["at"]))
        } catch {
            throw damage("event \(id.rawValue): \(error)")
        }
    }

    func damage(_ what: String) -> SQLiteFailure {
        SQLiteFailure(code: SQLITE_CORRUPT, message: what)
    }
}

extension Row {
    func bytes(_ column: String) -> [UInt8]? {
        (try? withUnsafeData(named: column) { $0.map(Array.init) }) ?? nil
    }
}
