import Dispatch
import Synchronization

/// A journal that forgets everything with its process: for tests and for playing with a script.
///
/// Keeps every promise of `Journal` but the one that gives it its name. Nothing in it can fail, so that `mayFail` makes
/// no difference. Completions and reads come in the order of the calls.
public final class MemoryJournal: Journal {
    private let tables = Mutex(MemoryTables())
    private let isClosed = Mutex(false)
    private let queue = DispatchQueue(label: "moonwire.journal.memory")

    public init() {}

    public func append(_ batch: JournalBatch) {
        // Under the lock, so that nothing is appended behind the block that `close` waits for.
        isClosed.withLock { isClosed in
            if isClosed {
                queue.async { batch.completion(.failure(Self.closed)) }
            } else {
                queue.async { [self] in
                    let results = tables.withLock { tables in batch.entries.map { tables.write($0) } }
                    batch.completion(.success(results))
                }
            }
        }
    }

    public func cursors(of channel: ChannelID) async throws(JournalError) -> [String: [UInt8]] {
        try await read { $0.cursors[channel] ?? [:] }
    }

    public func pendingEvents(after: EventID, limit: Int) async throws(JournalError) -> [PendingEvent] {
        try await read { $0.pendingEvents(after: after, limit: limit) }
    }

    public func interruptedRuns() async throws(JournalError) -> RecoveredRuns {
        try await read { $0.interruptedRuns() }
    }

    public func waitingSessions(version: String?) async throws(JournalError) -> [SessionDigest] {
        try await read { $0.waitingSessions(version: version) }
    }

    public func waitingRuns(of sessions: [SessionDigest]) async throws(JournalError) -> RecoveredRuns {
        try await read { $0.waitingRuns(of: sessions) }
    }

    public func deadlines(after: Deadline?, before: Instant, limit: Int) async throws(JournalError) -> [Deadline] {
        try await read { $0.deadlines(after: after, before: before, limit: limit) }
    }

    public func versions(of script: String?) async throws(JournalError) -> [VersionReport] {
        try await read { $0.versionReports(of: script) }
    }

    public func retirements() async throws(JournalError) -> [String: Retirement] {
        try await read { $0.versions.compactMapValues(\.retirement) }
    }

    public func pins() async throws(JournalError) -> [String: VersionPin] {
        try await read { $0.pins }
    }

    public func pauses() async throws(JournalError) -> [SessionID: SessionPause] {
        try await read { $0.pauses }
    }

    public func recordedNativeIDs(of session: SessionID, since: Instant) async throws(JournalError) -> Set<String> {
        try await read { $0.nativeIDs(of: session, since: since) }
    }

    public func sources(of version: String) async throws(JournalError) -> ScriptSources? {
        try await read { $0.versions[version]?.sources }
    }

    public func unknownSteps(limit: Int) async throws(JournalError) -> [StepReport] {
        try await read { $0.unknownSteps(limit: limit) }
    }

    public func deadLetters(limit: Int) async throws(JournalError) -> [DeadLetter] {
        try await read { Array($0.dead.reversed().prefix(max(limit, 0))) }
    }

    public func prune(_ policy: RetentionPolicy, now: Instant) async throws(JournalError) -> Int {
        try await read { $0.prune(policy, now: now) }
    }

    public func close() async {
        isClosed.withLock { $0 = true }
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume() }
        }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (inout MemoryTables) -> Value
    ) async throws(JournalError) -> Value {
        guard !isClosed.withLock({ $0 }) else { throw Self.closed }
        return await withCheckedContinuation { continuation in
            queue.async { [self] in continuation.resume(returning: tables.withLock { body(&$0) }) }
        }
    }

    private static let closed = JournalError(.closed, "The journal in memory has been closed.")
}
