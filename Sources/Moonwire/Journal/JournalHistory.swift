/// What a journal can tell of the past: for people who look into it, and for rehearsals. Reading changes nothing.
public protocol JournalHistory: Sendable {
    /// Events admitted at or after `since` and behind `after`, in admission order. What retention has emptied is left
    /// out.
    func events(since: Instant, after: EventID, limit: Int) async throws(JournalError) -> [RecordedEvent]

    /// Events admitted at or after `since` that ended a wait of a run begun before.
    func eventsTakenByOlderRuns(since: Instant) async throws(JournalError) -> Set<EventID>

    /// Runs that began at or after `since`, of one script or of all, page by page: `nil` begins. A run that took no step
    /// has left no record; one that ends meanwhile may come twice, and the later one counts.
    func runs(of script: String?, since: Instant, page: RunPage.Next?) async throws(JournalError) -> RunPage

    func run(_ id: RunID) async throws(JournalError) -> RunLife?

    /// All that happened in a session at or after `since`. A run that was still going on then comes with all its steps.
    func life(of session: SessionID, since: Instant) async throws(JournalError) -> SessionLife

    /// The sources of a script version.
    func sources(of version: String) async throws(JournalError) -> ScriptSources?

    /// Steps whose fate could not be known, newest first.
    func unknownSteps(limit: Int) async throws(JournalError) -> [StepReport]

    /// Runs and events that ended badly, newest first.
    func deadLetters(limit: Int) async throws(JournalError) -> [DeadLetter]
}

/// An event with what became of it.
public struct RecordedEvent: Sendable {
    public let admitted: AdmittedEvent
    /// `nil` until it has been handled to its end.
    public let end: EventEnd?

    public init(admitted: AdmittedEvent, end: EventEnd?) {
        self.admitted = admitted
        self.end = end
    }
}

/// A run with everything that the journal keeps of it.
public struct RunLife: Sendable {
    public let record: RunRecord
    /// `nil` when retention has emptied it.
    public let trigger: AdmittedEvent?
    public let steps: [RecordedStep]
    /// `nil` while the run goes on.
    public let end: RunEnd?
    /// Whether the journal still has every event that the run took, so that it can be rebuilt.
    public let isWhole: Bool

    public init(record: RunRecord, trigger: AdmittedEvent?, steps: [RecordedStep], end: RunEnd?, isWhole: Bool) {
        self.record = record
        self.trigger = trigger
        self.steps = steps
        self.end = end
        self.isWhole = isWhole && trigger != nil
    }
}

/// Some runs, and where the next ones begin.
public struct RunPage: Sendable {
    /// Opaque: what a journal needs to go on.
    public struct Next: Sendable, Hashable {
        /// Whether the unfinished runs are through.
        package let isAmongEnded: Bool
        package let after: Int64

        package init(isAmongEnded: Bool, after: Int64) {
            self.isAmongEnded = isAmongEnded
            self.after = after
        }
    }

    public let runs: [RunLife]
    /// `nil` behind the last page.
    public let next: Next?

    public init(runs: [RunLife], next: Next?) {
        self.runs = runs
        self.next = next
    }
}

/// What happened in a session; each list in the order of time.
public struct SessionLife: Sendable {
    public let events: [RecordedEvent]
    public let runs: [RunLife]
    public let deadLetters: [DeadLetter]
    /// Whether a person keeps the bot out now.
    public let pause: SessionPause?

    public init(
        events: [RecordedEvent], runs: [RunLife], deadLetters: [DeadLetter], pause: SessionPause? = nil
    ) {
        self.events = events
        self.runs = runs
        self.deadLetters = deadLetters
        self.pause = pause
    }

    public var isEmpty: Bool { events.isEmpty && runs.isEmpty && deadLetters.isEmpty }
}
