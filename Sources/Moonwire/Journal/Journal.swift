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

    /// Runs that have not ended, with all their steps, in the order in which they began.
    func unfinishedRuns() async throws(JournalError) -> [RecordedRun]

    /// The platform ids that recorded outcomes of a session name, of steps begun at or after `since`.
    func recordedNativeIDs(of session: SessionID, since: Instant) async throws(JournalError) -> Set<String>

    /// The sources of a script version that unfinished runs may still need.
    func sources(of version: String) async throws(JournalError) -> ScriptSources?

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
    case cursor(channel: ChannelID, cursor: Cursor)
    case startRun(RunRecord)
    /// Written before an effect is performed, or when a wait begins.
    case intent(StepRecord)
    case outcome(OutcomeRecord)
    /// A store operation together with its step and its outcome. The result is the operation's value.
    case store(StepRecord, HostEffect.StoreOperation)
    case finishRun(RunID, RunEnd)
    /// The event has been handled to its end.
    case finishEvent(EventID, EventEnd)
    case deadLetter(DeadLetter)
    case version(ScriptSources)
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
