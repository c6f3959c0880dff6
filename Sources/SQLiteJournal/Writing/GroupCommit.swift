import GRDB
import GRDBSQLite
import Moonwire

/// Commits batches: all of a group in one transaction, and when that fails one by one, so that a batch that cannot be
/// written takes no other one with it.
///
/// Confined to the writer's queue, which is also why `GroupWriter` may hand it from thread to thread.
final class GroupCommit {
    enum Fate {
        case committed([JournalEntryResult])
        /// This batch alone was refused.
        case failed(SQLiteFailure)
    }

    struct Report {
        /// Of the group's first batches, in order.
        var fates: [Fate] = []
        /// Why the batch behind those, and all behind it, are still to be written.
        var obstacle: SQLiteFailure?
    }

    private let connection: OpaquePointer?
    private let writer: EntryWriter
    private let begin, commit, rollback: PreparedStatement

    init(_ db: Database) throws {
        connection = db.sqliteConnection
        writer = try EntryWriter(db)
        begin = try PreparedStatement("BEGIN IMMEDIATE", db)
        commit = try PreparedStatement("COMMIT", db)
        rollback = try PreparedStatement("ROLLBACK", db)
    }

    func commit(_ group: [JournalBatch]) -> Report {
        var report = Report()
        report.fates.reserveCapacity(group.count)
        do {
            try transaction {
                () throws(SQLiteFailure) in
                for batch in group { report.fates.append(.committed(try write(batch))) }
            }
        } catch {
            report.fates.removeAll(keepingCapacity: true)
            commitOneByOne(group, &report)
        }
        return report
    }

    private func commitOneByOne(_ group: [JournalBatch], _ report: inout Report) {
        for batch in group {
            do {
                var results: [JournalEntryResult] = []
                try transaction { () throws(SQLiteFailure) in results = try write(batch) }
                report.fates.append(.committed(results))
            } catch {
                if batch.mayFail || error.isPermanent {
                    report.fates.append(.failed(error))
                } else {
                    report.obstacle = error
                    return
                }
            }
        }
    }

    private func write(_ batch: JournalBatch) throws(SQLiteFailure) -> [JournalEntryResult] {
        var results: [JournalEntryResult] = []
        results.reserveCapacity(batch.entries.count)
        for entry in batch.entries { results.append(try writer.write(entry)) }
        return results
    }

    private func transaction(_ body: () throws(SQLiteFailure) -> Void) throws(SQLiteFailure) {
        do {
            try begin.run()
            try body()
            try writer.flush()
            try commit.run()
            writer.keep()
        } catch {
            writer.forget()
            // Some errors, a full disk among them, have rolled back already.
            if sqlite3_get_autocommit(connection) == 0 { try? rollback.run() }
            throw error
        }
    }
}
