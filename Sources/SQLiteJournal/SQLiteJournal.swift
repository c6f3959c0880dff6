import GRDB
public import Moonwire
import Synchronization

/// The embedded journal: one SQLite file that one process writes.
///
/// This target knows tables and transactions. It knows nothing of platforms, scripts or lanes, and nobody above it sees
/// SQL. Redaction is not its work: what reaches `append` is written as it is, so that a run and its replay see the same
/// bytes; channels remove secrets before they admit.
///
/// Batches that are appended while a transaction is under way commit together in the next one: the cost of an event
/// falls as load grows. Safe to use from any thread. Completions are called on the journal's own queue, in order; they
/// must return at once, because the next group waits for them.
public final class SQLiteJournal: Journal {
    private let file: JournalFile
    private let database: DatabaseQueue
    private let side: DatabaseQueue
    private let writer: GroupWriter
    private let isClosed = Mutex(false)

    /// Opens the journal at a path, or creates it. Waits for the disk; call it once, at the start.
    ///
    /// - Throws: `JournalError` with one sentence for a person: `.locked` when another process (or another object of
    ///   this one) has it open, `.newer` for a file of a later release, `.corrupt`, `.unreadable`, `.full`.
    public init(
        path: String, durability: Durability = .process, metrics: CommitMetrics = CommitMetrics()
    ) throws(JournalError) {
        file = try JournalFile(path: path)
        do {
            database = try Self.open(path, durability, purpose: "writer")
            try database.inDatabase { try JournalSchema.prepare($0, path: path) }
            try JournalSchema.migrate(database, path: path)
            side = try Self.open(path, durability, purpose: "side")
            let checkpointer = Checkpointer(writer: database, side: side, synced: durability == .power ? file : nil)
            writer = try GroupWriter(database, checkpointer: checkpointer, metrics: metrics, path: path)
        } catch {
            throw JournalError(error, path: path)
        }
    }

    public func append(_ batch: JournalBatch) {
        writer.append(batch)
    }

    public func close() async {
        let isFirst = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        await writer.close()
        // The last connection to close copies the log into the file and removes it.
        try? side.close()
        try? database.close()
        file.sync()
        file.release()
    }

    /// Reads on the second connection, so that the writer goes on meanwhile.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(JournalError)
        -> Value
    {
        guard !isClosed.withLock({ $0 }) else { throw GroupWriter.closed(file.path) }
        do {
            return try await side.read(body)
        } catch {
            throw JournalError(error, path: file.path)
        }
    }

    /// Does something on the writer's connection between two groups.
    func between<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalError) -> Value {
        try await writer.between(work)
    }

    private static func open(_ path: String, _ durability: Durability, purpose: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "moonwire.journal.\(purpose)"
        configuration.foreignKeysEnabled = false
        // Only a foreign program can hold the lock: give it a moment, then report and try again later.
        configuration.busyMode = .timeout(0.25)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: "PRAGMA synchronous = \(durability.synchronous)")
            try db.execute(sql: "PRAGMA fullfsync = \(durability == .power ? 1 : 0)")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
            try db.execute(sql: "PRAGMA cache_size = -4000")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}
