import GRDB
import Moonwire

/// Writes jobs and their ticks inside a transaction that is someone else's.
final class JobWriter {
    private let upsertJob, upsertTick, startTick, endTick: PreparedStatement

    init(_ db: Database) throws {
        upsertJob = try PreparedStatement(
            """
            INSERT OR REPLACE INTO jobs (name, script, declaration, due, paused, retired)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """, db)
        // What runs or has run stays as it is: states 1 to 3.
        upsertTick = try PreparedStatement(
            """
            INSERT INTO ticks (job, due, origin, state, count) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (job, due) DO UPDATE SET origin = excluded.origin, state = excluded.state, count = excluded.count
            WHERE ticks.state NOT IN (1, 2, 3)
            """, db)
        startTick = try PreparedStatement(
            "UPDATE ticks SET run = ?3, started = ?4 WHERE job = ?1 AND due = ?2 AND state = 1", db)
        endTick = try PreparedStatement(
            "UPDATE ticks SET state = ?3, note = ?4, ended = ?5 WHERE job = ?1 AND due = ?2 AND state < 2", db)
    }

    func write(_ entry: JobEntry) throws(SQLiteFailure) {
        switch entry {
        case .keep(let record): try keep(record)
        case .tick(let tick):
            bind(tick.id, to: upsertTick)
            upsertTick.bind(3, Int64(tick.origin.rawValue))
            upsertTick.bind(4, Int64(tick.state.rawValue))
            upsertTick.bind(5, Int64(tick.count))
            try upsertTick.run()
        case .started(let tick, let run, let at):
            bind(tick, to: startTick)
            startTick.bind(3, run.rawValue)
            startTick.bind(4, at.rawValue)
            try startTick.run()
        case .ended(let tick, let state, let note, let at):
            bind(tick, to: endTick)
            endTick.bind(3, Int64(state.rawValue))
            endTick.bind(4, note)
            endTick.bind(5, at.rawValue)
            try endTick.run()
        }
    }

    private func keep(_ record: JobRecord) throws(SQLiteFailure) {
        upsertJob.bind(1, record.name)
        upsertJob.bind(2, record.script)
        upsertJob.bind(3, record.declaration.journalBytes)
        upsertJob.bind(4, record.nextDue?.rawValue)
        upsertJob.bind(5, record.isPaused ? 1 : 0)
        upsertJob.bind(6, record.isRetired ? 1 : 0)
        try upsertJob.run()
    }

    private func bind(_ tick: TickID, to statement: PreparedStatement) {
        statement.bind(1, tick.job)
        statement.bind(2, tick.due.rawValue)
    }
}
