import EventJSON
import GRDB
import GRDBSQLite
import Moonwire

/// Writes journal entries inside a transaction that is someone else's.
///
/// Confined to the writer's queue. An entry that repeats what is there already (a run begun twice, an outcome of a step
/// that has one) leaves the first record standing.
final class EntryWriter {
    private struct CursorKey: Hashable {
        let channel: ChannelID
        let key: String
    }

    private let connection: OpaquePointer?
    private let names: Names
    private let store: StoreWriter
    private let ledger: LedgerWriter
    private let parser = JSONParser()
    /// The newest row of `ended_runs`. A rollback takes it back to what the last commit left.
    private var lastEndedRun: Int64
    private var committedEndedRun: Int64
    /// The ids of the events that this transaction admitted: they follow upon each other.
    private var admitted: ClosedRange<Int64>?
    private var finishedEvents: [Int64] = []
    /// Of a group's cursors only the last one of each key is written.
    private var cursors: [CursorKey: [UInt8]] = [:]

    private let insertEvent, insertPending, insertRun, insertStep, insertOutcome, insertUnknown, insertAwaited,
        insertEnded, deleteRun, insertWait, deleteWait, deletePending, updateEvent, insertDead, upsertCursor,
        findOutcome: PreparedStatement
    private let versions: VersionWriter
    private let jobs: JobWriter
    private let pauses: PauseWriter

    init(_ db: Database) throws {
        connection = db.sqliteConnection
        names = try Names(db)
        lastEndedRun = try Int64.fetchOne(db, sql: "SELECT max(id) FROM ended_runs") ?? 0
        committedEndedRun = lastEndedRun
        store = try StoreWriter(db)
        ledger = LedgerWriter(db)
        versions = try VersionWriter(db)
        jobs = try JobWriter(db)
        pauses = try PauseWriter(db)
        insertEvent = try PreparedStatement(
            "INSERT INTO events (channel, key, at, body) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING", db)
        insertPending = try PreparedStatement(
            "INSERT INTO pending (event, mark) SELECT id, ?3 FROM events WHERE id BETWEEN ?1 AND ?2", db)
        insertRun = try PreparedStatement(
            """
            INSERT INTO runs (id, event, handler, channel, session, started) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT DO NOTHING
            """, db)
        insertStep = try PreparedStatement(
            """
            INSERT INTO steps (run, number, site, channel, session, digest, at, deadline, arguments, outcome)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING
            """, db)
        insertOutcome = try PreparedStatement(
            "INSERT INTO outcomes (run, number, native, outcome) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING", db)
        insertUnknown = try PreparedStatement(
            """
            INSERT INTO unknown_steps (run, number, event, handler, channel, session, started)
            SELECT id, ?2, event, handler, channel, session, started FROM runs WHERE id = ?1 ON CONFLICT DO NOTHING
            """, db)
        insertAwaited = try PreparedStatement(
            "INSERT INTO awaited_events (event, run, number) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", db)
        insertEnded = try PreparedStatement(
            """
            INSERT INTO ended_runs (run, event, handler, channel, session, started, ended, state, stops, error)
            SELECT id, event, handler, channel, session, started, ?2, ?3, ?4, ?5 FROM runs WHERE id = ?1
            """, db)
        deleteRun = try PreparedStatement("DELETE FROM runs WHERE id = ?1", db)
        insertWait = try PreparedStatement(
            "INSERT INTO waits (run, session, deadline) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", db)
        deleteWait = try PreparedStatement("DELETE FROM waits WHERE run = ?1", db)
        deletePending = try PreparedStatement("DELETE FROM pending WHERE event BETWEEN ?1 AND ?2", db)
        updateEvent = try PreparedStatement("UPDATE events SET ended = ?2 WHERE id = ?1", db)
        insertDead = try PreparedStatement(
            """
            INSERT INTO dead (run, event, channel, session, script, error, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """, db)
        upsertCursor = try PreparedStatement(
            "INSERT OR REPLACE INTO cursors (channel, key, value) VALUES (?1, ?2, ?3)", db)
        findOutcome = try PreparedStatement(
            """
            SELECT coalesce(steps.outcome, outcomes.outcome) FROM steps LEFT JOIN outcomes USING (run, number)
            WHERE run = ?1 AND number = ?2
            """, db)
    }

    func write(_ entry: JournalEntry) throws(SQLiteFailure) -> JournalEntryResult {
        switch entry {
        case .admit(let event, let body, let at): return try admit(event, body, at)
        case .admitPause(let event, let body, let at, let pause):
            let result = try admit(event, body, at)
            if case .admitted = result { try pauses.write(event.sessionID, pause) }
            return result
        case .cursor(let channel, let cursor):
            cursors[CursorKey(channel: channel, key: cursor.key)] = cursor.value
        case .startRun(let run): try start(run)
        case .intent(let step): try insert(step, outcome: nil)
        case .wait(let step, let session): try begin(step, in: session)
        case .outcome(let record): try settle(record)
        case .store(let step, let operation):
            return try perform(step) { () throws(SQLiteFailure) in
                try store.perform(operation, at: step.at)
            }
        case .keep(let operation, let at):
            switch try store.perform(operation, at: at) {
            case .success(let value): return .stored(value)
            case .failure(let failure): return .refused(failure)
            }
        case .broadcast(let entry): return try perform(entry)
        case .finishRun(let run, let end): try finish(run, end)
        case .finishEvent(let event, let end): try finish(event, end)
        case .deadLetter(let letter): try bury(letter)
        case .version(let sources, let at): try versions.keep(sources, at: at)
        case .retire(let version, let retirement): try versions.retire(version, retirement)
        case .pin(let script, let disk, let version): try versions.pin(script, disk: disk, version: version)
        case .job(let entry): try jobs.write(entry)
        case .pause(let session, let pause): try pauses.write(session, pause)
        }
        return .done
    }

    /// Writes what was held back. The last call of a transaction.
    func flush() throws(SQLiteFailure) {
        if let admitted {
            insertPending.bind(1, admitted.lowerBound)
            insertPending.bind(2, admitted.upperBound)
            // A mark that is too low is safe, as more runs are looked at then.
            insertPending.bind(3, committedEndedRun)
            try insertPending.run()
        }
        try removePending()
        for (key, value) in cursors {
            upsertCursor.bind(1, try names.channel(key.channel))
            upsertCursor.bind(2, key.key)
            upsertCursor.bind(3, value)
            try upsertCursor.run()
        }
        clear()
    }

    /// Events mostly end in the order in which they came: a range of ids costs little more than a single one.
    private func removePending() throws(SQLiteFailure) {
        finishedEvents.sort()
        var rest = finishedEvents[...]
        while let first = rest.popFirst() {
            var last = first
            while let next = rest.first, next <= last + 1 {
                last = next
                rest.removeFirst()
            }
            deletePending.bind(1, first)
            deletePending.bind(2, last)
            try deletePending.run()
        }
    }

    private func clear() {
        admitted = nil
        finishedEvents.removeAll(keepingCapacity: true)
        if !cursors.isEmpty { cursors.removeAll(keepingCapacity: true) }
    }

    /// Takes note that the transaction is committed.
    func keep() {
        committedEndedRun = lastEndedRun
    }

    /// Forgets what belonged to a transaction that was rolled back.
    func forget() {
        lastEndedRun = committedEndedRun
        clear()
        names.forget()
    }
}

extension EntryWriter {
    private func admit(_ event: Event, _ body: EventBody, _ at: Instant) throws(SQLiteFailure) -> JournalEntryResult {
        insertEvent.bind(1, try names.channel(event.channel))
        insertEvent.bind(2, event.key)
        insertEvent.bind(3, at.rawValue)
        try insertEvent.run(binding: 4, to: body.journalBytes)
        guard sqlite3_changes(connection) > 0 else { return .duplicate }
        let id = sqlite3_last_insert_rowid(connection)
        admitted = (admitted?.lowerBound ?? id)...id
        return .admitted(EventID(rawValue: id))
    }

    private func start(_ run: RunRecord) throws(SQLiteFailure) {
        insertRun.bind(1, run.id.rawValue)
        insertRun.bind(2, run.event.rawValue)
        insertRun.bind(3, try names.handler(of: run))
        insertRun.bind(4, try names.channel(run.session.channel))
        insertRun.bind(5, run.session.id)
        insertRun.bind(6, run.startedAt.rawValue)
        try insertRun.run()
    }

    private func insert(_ step: StepRecord, outcome: [UInt8]?) throws(SQLiteFailure) {
        insertStep.bind(1, step.run.rawValue)
        insertStep.bind(2, Int64(step.number))
        insertStep.bind(3, try names.site(of: step))
        if let session = step.session {
            insertStep.bind(4, try names.channel(session.channel))
            insertStep.bind(5, session.id)
        } else {
            insertStep.bindNull(4)
            insertStep.bindNull(5)
        }
        insertStep.bind(6, Int64(bitPattern: step.digest))
        insertStep.bind(7, step.at.rawValue)
        insertStep.bind(8, step.deadline?.rawValue)
        insertStep.bind(9, step.arguments.bytes)
        insertStep.bind(10, outcome)
        try insertStep.run()
    }

    private func begin(_ step: StepRecord, in session: SessionID) throws(SQLiteFailure) {
        try insert(step, outcome: nil)
        guard sqlite3_changes(connection) > 0 else { return }
        insertWait.bind(1, step.run.rawValue)
        insertWait.bind(2, Int64(bitPattern: SessionDigest(session).rawValue))
        insertWait.bind(3, step.deadline?.rawValue)
        try insertWait.run()
    }

    private func endWait(of run: RunID) throws(SQLiteFailure) {
        deleteWait.bind(1, run.rawValue)
        try deleteWait.run()
    }

    private func settle(_ record: OutcomeRecord) throws(SQLiteFailure) {
        if record.endsWait { try endWait(of: record.run) }
        try insert(OutcomeCoding.encode(record.outcome), run: record.run, number: record.number, record.nativeID)
        switch record.outcome.result {
        case .failure(let failure) where failure.code == "unknown":
            guard sqlite3_changes(connection) > 0 else { return }
            insertUnknown.bind(1, record.run.rawValue)
            insertUnknown.bind(2, Int64(record.number))
            try insertUnknown.run()
        case .event(let event) where event.id.rawValue != 0:
            guard sqlite3_changes(connection) > 0 else { return }
            insertAwaited.bind(1, event.id.rawValue)
            insertAwaited.bind(2, record.run.rawValue)
            insertAwaited.bind(3, Int64(record.number))
            try insertAwaited.run()
        default: return
        }
    }

    private func insert(_ outcome: [UInt8], run: RunID, number: Int, _ nativeID: String?) throws(SQLiteFailure) {
        insertOutcome.bind(1, run.rawValue)
        insertOutcome.bind(2, Int64(number))
        insertOutcome.bind(3, nativeID)
        try insertOutcome.run(binding: 4, to: outcome)
    }

    private func perform(_ entry: LedgerEntry) throws(SQLiteFailure) -> JournalEntryResult {
        func change() throws(SQLiteFailure) -> Result<RawJSON, EffectFailure> {
            try ledger.perform(entry.operation, at: entry.at)
        }
        if let step = entry.step { return try perform(step, change) }
        switch try change() {
        case .success(let value): return .stored(value)
        case .failure(let failure): return .refused(failure)
        }
    }

    /// Commits what a step asks for together with the step and its outcome.
    private func perform(
        _ step: StepRecord, _ operation: () throws(SQLiteFailure) -> Result<RawJSON, EffectFailure>
    ) throws(SQLiteFailure) -> JournalEntryResult {
        if let recorded = try recordedAnswer(of: step) { return recorded }
        let answer = try operation()
        let result: StepOutcome.Result
        switch answer {
        case .success(let value): result = .value(value)
        case .failure(let failure): result = .failure(failure)
        }
        let outcome = OutcomeCoding.encode(StepOutcome(result: result, at: step.at))
        try insert(step, outcome: outcome)
        // The step may be there as an intent without an outcome.
        if sqlite3_changes(connection) == 0 {
            try insert(outcome, run: step.run, number: step.number, nil)
        }
        switch answer {
        case .success(let value): return .stored(value)
        case .failure(let failure): return .refused(failure)
        }
    }

    /// What a step that is there already answered: it is never performed a second time.
    private func recordedAnswer(of step: StepRecord) throws(SQLiteFailure) -> JournalEntryResult? {
        findOutcome.bind(1, step.run.rawValue)
        findOutcome.bind(2, Int64(step.number))
        guard try findOutcome.next() else { return nil }
        let bytes = findOutcome.bytes(0)
        findOutcome.reset()
        guard let bytes else { return nil }
        let outcome: StepOutcome
        do {
            outcome = try OutcomeCoding.decode(bytes, parser: parser) { _ in
                throw SQLiteFailure(code: SQLITE_CORRUPT, message: "a store step with an event as its outcome")
            }
        } catch {
            throw SQLiteFailure(code: SQLITE_CORRUPT, message: "an outcome that cannot be read: \(error)")
        }
        switch outcome.result {
        case .value(let value): return .stored(value)
        case .failure(let failure): return .refused(failure)
        default: return .stored(.null)
        }
    }

    private func finish(_ run: RunID, _ end: RunEnd) throws(SQLiteFailure) {
        insertEnded.bind(1, run.rawValue)
        insertEnded.bind(2, end.at.rawValue)
        insertEnded.bind(3, end.state.code)
        insertEnded.bind(4, end.stops ? 1 : 0)
        insertEnded.bind(5, end.error)
        try insertEnded.run()
        guard sqlite3_changes(connection) > 0 else { return }
        lastEndedRun = sqlite3_last_insert_rowid(connection)
        deleteRun.bind(1, run.rawValue)
        try deleteRun.run()
        if end.endsWait { try endWait(of: run) }
    }

    private func finish(_ event: EventID, _ end: EventEnd) throws(SQLiteFailure) {
        finishedEvents.append(event.rawValue)
        // The row of a handled event stays as it is: a second touch of it would cost as much as the first.
        guard end != .handled else { return }
        updateEvent.bind(1, event.rawValue)
        updateEvent.bind(2, Int64(end.rawValue))
        try updateEvent.run()
    }

    private func bury(_ letter: DeadLetter) throws(SQLiteFailure) {
        insertDead.bind(1, letter.run?.rawValue)
        insertDead.bind(2, letter.event?.rawValue)
        insertDead.bind(3, try names.channel(letter.session.channel))
        insertDead.bind(4, letter.session.id)
        insertDead.bind(5, letter.script)
        insertDead.bind(6, letter.error)
        insertDead.bind(7, letter.at.rawValue)
        try insertDead.run()
    }
}

extension RunEnd.State {
    /// As the column holds it.
    var code: Int64 {
        switch self {
        case .done: 1
        case .failed: 2
        case .dead: 3
        }
    }
}
