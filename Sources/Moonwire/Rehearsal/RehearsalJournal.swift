/// Commits at once and keeps nothing. Store operations are answered by the stage, because nobody knows what a store
/// held at the time.
struct RehearsalJournal: Journal {
    let stage: RehearsalStage

    func append(_ batch: JournalBatch) {
        batch.completion(
            .success(
                batch.entries.map { entry in
                    switch entry {
                    case .store(let step, let operation): return stage.perform(operation, step)
                    case .broadcast(let entry): return entry.step.map { stage.perform(entry.operation, $0) } ?? .done
                    default: return .done
                    }
                }))
    }

    func cursors(of channel: ChannelID) async throws(JournalError) -> [String: [UInt8]] { [:] }
    func pendingEvents(after: EventID, limit: Int) async throws(JournalError) -> [PendingEvent] { [] }
    func interruptedRuns() async throws(JournalError) -> RecoveredRuns { RecoveredRuns() }
    func waitingSessions(version: String?) async throws(JournalError) -> [SessionDigest] { [] }
    func waitingRuns(of sessions: [SessionDigest]) async throws(JournalError) -> RecoveredRuns { RecoveredRuns() }
    func deadlines(after: Deadline?, before: Instant, limit: Int) async throws(JournalError) -> [Deadline] { [] }
    func recordedNativeIDs(of session: SessionID, since: Instant) async throws(JournalError) -> Set<String> { [] }
    func sources(of version: String) async throws(JournalError) -> ScriptSources? { nil }
    func versions(of script: String?) async throws(JournalError) -> [VersionReport] { [] }
    func retirements() async throws(JournalError) -> [String: Retirement] { [:] }
    func pins() async throws(JournalError) -> [String: VersionPin] { [:] }
    func pauses() async throws(JournalError) -> [SessionID: SessionPause] { [:] }
    func unknownSteps(limit: Int) async throws(JournalError) -> [StepReport] { [] }
    func deadLetters(limit: Int) async throws(JournalError) -> [DeadLetter] { [] }
    func prune(_ policy: RetentionPolicy, now: Instant) async throws(JournalError) -> Int { 0 }
    func close() async {}
}
