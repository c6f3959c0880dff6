/// Where everything that enters a script and everything that leaves it is written down first.
///
/// A journal knows rows and their order, and nothing of platforms or scripts. Nothing here assumes that it is local.
public protocol Journal: Sendable {
    /// Appends a batch. Returns at once; batches commit in the order in which they were appended, each whole or not
    /// at all, and `batch.completion` is called after the commit from a thread of the journal's own.
    func append(_ batch: JournalBatch)

    /// All cursors of a channel.
    func cursors(of channel: ChannelID) async throws(JournalError) -> [String: [UInt8]]

    /// Events that have not been handled to their end, in admission order.
    func pendingEvents(after: EventID, limit: Int) async throws(JournalError) -> [PendingEvent]

    /// Runs that have neither ended nor wait for anything, with all their steps, in the order in which they began: what
    /// the end of a process cut short.
    func interruptedRuns() async throws(JournalError) -> RecoveredRuns

    /// The sessions in which runs wait; one in which several wait may come several times. `version` leaves out the
    /// waits of other versions.
    func waitingSessions(version: String?) async throws(JournalError) -> [SessionDigest]

    /// The runs that wait in sessions, with all their steps, in the order in which they began.
    func waitingRuns(of sessions: [SessionDigest]) async throws(JournalError) -> RecoveredRuns

    /// The deadlines of waits that lie before an instant, earliest first, from a position on.
    func deadlines(after: Deadline?, before: Instant, limit: Int) async throws(JournalError) -> [Deadline]

    /// The platform ids that recorded outcomes of a session name, of steps begun at or after `since`.
    func recordedNativeIDs(of session: SessionID, since: Instant) async throws(JournalError) -> Set<String>

    /// The sources of a script version that unfinished runs may still need.
    func sources(of version: String) async throws(JournalError) -> ScriptSources?

    /// All versions of a script, or of all scripts, that the journal still has, newest first.
    func versions(of script: String?) async throws(JournalError) -> [VersionReport]

    /// The versions out of service, by version.
    func retirements() async throws(JournalError) -> [String: Retirement]

    /// Which scripts run another version than the one on disk, by script.
    func pins() async throws(JournalError) -> [String: VersionPin]

    /// The sessions that people keep the bot out of.
    func pauses() async throws(JournalError) -> [SessionID: SessionPause]

    /// Steps whose fate could not be known, newest first.
    func unknownSteps(limit: Int) async throws(JournalError) -> [StepReport]

    /// Runs and events that ended badly, newest first.
    func deadLetters(limit: Int) async throws(JournalError) -> [DeadLetter]

    /// Removes what is older than the policy allows and no unfinished run needs. Returns the number of rows removed.
    func prune(_ policy: RetentionPolicy, now: Instant) async throws(JournalError) -> Int

    /// Commits what was appended and closes. Appending afterwards fails.
    func close() async
}

/// Entries that commit together.
public struct JournalBatch: Sendable {
    public let entries: [JournalEntry]
    /// What to do when the journal cannot commit now, such as on a full disk: `true` reports the failure at once
    /// (a stream stops, a webhook answers 503); `false` keeps the batch in its place and tries until it succeeds.
    public let mayFail: Bool
    /// One result for each entry, in order.
    public let completion: @Sendable (Result<[JournalEntryResult], JournalError>) -> Void

    public init(
        entries: [JournalEntry], mayFail: Bool,
        completion: @escaping @Sendable (Result<[JournalEntryResult], JournalError>) -> Void
    ) {
        self.entries = entries
        self.mayFail = mayFail
        self.completion = completion
    }
}

public indirect enum JournalEntry: Sendable {
    /// Admits an event unless its channel has admitted the same key before.
    case admit(event: Event, body: EventBody, at: Instant)
    /// Admits an event as `admit` does; with a new one its session's pause begins, or ends. One that was admitted
    /// before changes nothing.
    case admitPause(event: Event, body: EventBody, at: Instant, SessionPause?)
    case cursor(channel: ChannelID, cursor: Cursor)
    case startRun(RunRecord)
    /// Written before an effect is performed.
    case intent(StepRecord)
    /// The step is a wait: from now on the run is one of those that wait in the session it belongs to.
    case wait(StepRecord, in: SessionID)
    case outcome(OutcomeRecord)
    /// A store operation together with its step and its outcome. The result is the operation's value.
    case store(StepRecord, HostEffect.StoreOperation)
    /// A store operation of a channel's own, outside of any run. The result is the operation's value.
    case keep(HostEffect.StoreOperation, at: Instant)
    case finishRun(RunID, RunEnd)
    /// The event has been handled to its end.
    case finishEvent(EventID, EventEnd)
    case deadLetter(DeadLetter)
    /// New runs begin on this version from now on.
    case version(ScriptSources, at: Instant)
    /// The waits of a version are to be ended.
    case retire(version: String, Retirement)
    /// A rollback: while the script on disk is version `disk`, `version` runs in its place. `nil` takes it back.
    case pin(script: String, disk: String, version: String?)
    case job(JobEntry)
    /// A person keeps the bot out of a session; `nil` lets it in again.
    case pause(SessionID, SessionPause?)
    /// A change of the ledger of broadcasts, or a script's question to it.
    case broadcast(LedgerEntry)
}

public enum JournalEntryResult: Sendable {
    case done
    case admitted(EventID)
    case duplicate
    case stored(RawJSON)
    /// The operation was refused (a counter on text, a limit out of range); the step's outcome says so.
    case refused(EffectFailure)
}

/// Why the journal could not do something.
public struct JournalError: Error, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        private enum Value: Hashable { case full, corrupt, locked, unreadable, closed, newer, other }
        private let value: Value

        /// No room on the disk.
        public static let full = Code(value: .full)
        public static let corrupt = Code(value: .corrupt)
        /// Another process holds the journal.
        public static let locked = Code(value: .locked)
        /// The file cannot be opened or written.
        public static let unreadable = Code(value: .unreadable)
        public static let closed = Code(value: .closed)
        /// A later release wrote it.
        public static let newer = Code(value: .newer)
        public static let other = Code(value: .other)
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
