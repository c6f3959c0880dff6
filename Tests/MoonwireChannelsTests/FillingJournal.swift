import Moonwire
import Synchronization

/// A journal in memory whose disk can be full.
final class FillingJournal: Journal {
    private let journal = MemoryJournal()
    private let full = Mutex(false)

    func setFull(_ isFull: Bool) { full.withLock { $0 = isFull } }

    func append(_ batch: JournalBatch) {
        guard batch.mayFail, !batch.entries.isEmpty, full.withLock({ $0 }) else { return journal.append(batch) }
        journal.append(
            JournalBatch(entries: [], mayFail: true) { _ in
                batch.completion(.failure(JournalError(.full, "The disk is full.")))
            })
    }

    func cursors(of channel: ChannelID) async throws(JournalError) -> [String: [UInt8]] {
        try await journal.cursors(of: channel)
    }
    func pendingEvents(after: EventID, limit: Int) async throws(JournalError) -> [PendingEvent] {
        try await journal.pendingEvents(after: after, limit: limit)
    }
    func interruptedRuns() async throws(JournalError) -> RecoveredRuns { try await journal.interruptedRuns() }
    func waitingSessions(version: String?) async throws(JournalError) -> [SessionDigest] {
        try await journal.waitingSessions(version: version)
    }
    func waitingRuns(of sessions: [SessionDigest]) async throws(JournalError) -> RecoveredRuns {
        try await journal.waitingRuns(of: sessions)
    }
    func deadlines(after: Deadline?, before: Instant, limit: Int) async throws(JournalError) -> [Deadline] {
        try await journal.deadlines(after: after, before: before, limit: limit)
    }
    func recordedNativeIDs(of session: SessionID, since: Instant) async throws(JournalError) -> Set<String> {
        try await journal.recordedNativeIDs(of: session, since: since)
    }
    func sources(of version: String) async throws(JournalError) -> ScriptSources? {
        try await journal.sources(of: version)
    }
    func versions(of script: String?) async throws(JournalError) -> [VersionReport] {
        try await journal.versions(of: script)
    }
    func retirements() async throws(JournalError) -> [String: Retirement] { try await journal.retirements() }
    func pins() async throws(JournalError) -> [String: VersionPin] { try await journal.pins() }
    func pauses() async throws(JournalError) -> [SessionID: SessionPause] { try await journal.pauses() }
    func unknownSteps(limit: Int) async throws(JournalError) -> [StepReport] {
        try await journal.unknownSteps(limit: limit)
    }
    func deadLetters(limit: Int) async throws(JournalError) -> [DeadLetter] {
        try await journal.deadLetters(limit: limit)
    }
    func prune(_ policy: RetentionPolicy, now: Instant) async throws(JournalError) -> Int {
        try await journal.prune(policy, now: now)
    }
    func close() async { await journal.close() }
}
