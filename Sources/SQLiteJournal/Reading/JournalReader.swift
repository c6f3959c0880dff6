import Foundation
import GRDB
import GRDBSQLite
public import Moonwire
import Synchronization

/// Reads a journal beside its host, or while no host runs: needs no lock, writes nothing and creates no file.
///
/// A journal that a host has open, or left behind in a crash, has a log and an index beside it; it is read through both,
/// as any second process reads an SQLite file. A journal that was closed is one file; opening it in the usual way would
/// create the other two, so it is read as what cannot change, and anew as soon as a host has opened it meanwhile.
public final class JournalReader: JournalHistory {
    private struct Source {
        let queue: DatabaseQueue
        /// Whether the file was taken for one that does not change.
        let isFrozen: Bool
    }

    private let path: String
    private let source: Mutex<Source>

    /// - Throws: `JournalError` with one sentence for a person: `.unreadable`, `.newer` for a file of a later release,
    ///   `.corrupt`.
    public init(path: String) throws(JournalError) {
        self.path = path
        source = Mutex(try Self.open(path))
    }

    /// Reads in one view of the journal.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalError) -> Value {
        do {
            while true {
                let (queue, isFrozen) = source.withLock { ($0.queue, $0.isFrozen) }
                let outcome: Result<Value, any Error>
                do { outcome = .success(try await queue.read(body)) } catch { outcome = .failure(error) }
                guard isFrozen, Self.isOpen(path) else { return try outcome.get() }
                // A host came in between: what was read may be half of one thing and half of another.
                let reopened = try Self.open(path)
                source.withLock { $0 = reopened }
            }
        } catch {
            throw Self.failure(error, path)
        }
    }

    /// Whether a host has the journal open, or went down with it open.
    private static func isOpen(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "-wal") || FileManager.default.fileExists(atPath: path + "-shm")
    }

    private static func open(_ path: String) throws(JournalError) -> Source {
        guard FileManager.default.fileExists(atPath: path) else {
            throw JournalError(.unreadable, "There is no journal at \(path).")
        }
        let isFrozen = !isOpen(path)
        if !isFrozen, !FileManager.default.fileExists(atPath: path + "-shm") {
            throw JournalError(
                .unreadable,
                "The journal \(path) has a log beside it (-wal) but not the log's index (-shm). Copy all three files, or "
                    + "start the host on it once.")
        }
        var configuration = Configuration()
        configuration.label = "moonwire.journal.reader"
        configuration.readonly = true
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(5)
        do {
            let queue = try DatabaseQueue(path: isFrozen ? frozen(path) : path, configuration: configuration)
            try queue.read { db in
                guard try Int32.fetchOne(db, sql: "PRAGMA application_id") == JournalSchema.applicationID else {
                    throw JournalError(.unreadable, "The database \(path) is not a journal. Name another file.")
                }
                try JournalSchema.refuseNewer(db, path: path)
            }
            return Source(queue: queue, isFrozen: isFrozen)
        } catch {
            throw failure(error, path)
        }
    }

    /// The file's name as SQLite takes it for one that does not change.
    private static func frozen(_ path: String) -> String {
        guard sqlite3_compileoption_used("USE_URI") == 1 else { return path }
        let absolute = URL(fileURLWithPath: path).path
        let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "?#"))
        return "file:" + (absolute.addingPercentEncoding(withAllowedCharacters: allowed) ?? absolute) + "?immutable=1"
    }

    private static func failure(_ error: any Error, _ path: String) -> JournalError {
        if let error = error as? JournalError { return error }
        let failure = SQLiteFailure(error)
        if failure.message.contains("no such table") || failure.message.contains("no such column") {
            return JournalError(
                .unreadable,
                "The journal \(path) was written by an earlier release (\(failure.message)). Start the host on it once, "
                    + "which brings it up to date.")
        }
        let refusals = [SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_AUTH]
        if refusals.contains(failure.code & 0xFF) {
            return JournalError(
                .unreadable,
                "The journal \(path) cannot be read (\(failure.message)): this user needs to read the file and the -wal "
                    + "and -shm files beside it. Use the host's user.")
        }
        return failure.journalError(path)
    }
}

extension JournalReader {
    public func events(since: Instant, after: EventID, limit: Int) async throws(JournalError) -> [RecordedEvent] {
        try await read { try Recovery($0).events(since: since, after: after, limit: limit) }
    }

    public func eventsTakenByOlderRuns(since: Instant) async throws(JournalError) -> Set<EventID> {
        try await read { try Recovery($0).eventsTakenByOlderRuns(since: since) }
    }

    public func runs(
        of script: String?, since: Instant, page: RunPage.Next?
    ) async throws(JournalError) -> RunPage {
        try await read { try RunReading($0).page(of: script, since: since, page) }
    }

    public func run(_ id: RunID) async throws(JournalError) -> RunLife? {
        try await read { try RunReading($0).run(id) }
    }

    public func life(of session: SessionID, since: Instant) async throws(JournalError) -> SessionLife {
        try await read { db in
            SessionLife(
                events: try Recovery(db).events(of: session, since: since),
                runs: try RunReading(db).runs(of: session, since: since),
                deadLetters: try Recovery(db).deadLetters(of: session, since: since),
                pause: try PauseReading(db).pause(of: session))
        }
    }

    public func sources(of version: String) async throws(JournalError) -> ScriptSources? {
        try await read { try VersionCoding.find(version, in: $0) }
    }

    public func unknownSteps(limit: Int) async throws(JournalError) -> [StepReport] {
        try await read { try Recovery($0).unknownSteps(limit: limit) }
    }

    public func deadLetters(limit: Int) async throws(JournalError) -> [DeadLetter] {
        try await read { try Recovery($0).deadLetters(limit: limit) }
    }
}
