/// A job as the journal keeps it.
public struct JobRecord: Sendable, Hashable {
    public var script: String
    public var declaration: JobDeclaration
    /// When the next tick is due. Stored and moved on with each tick, never worked out from the present time, so that
    /// what was due while the host was down is known. `nil` when there is none to come.
    public var nextDue: Instant?
    public var isPaused: Bool
    /// Whether no script declares it any more.
    public var isRetired: Bool

    public var name: String { declaration.name }

    public init(
        script: String, declaration: JobDeclaration, nextDue: Instant?, isPaused: Bool = false, isRetired: Bool = false
    ) {
        self.script = script
        self.declaration = declaration
        self.nextDue = nextDue
        self.isPaused = isPaused
        self.isRetired = isRetired
    }
}

/// A tick of a job as its history keeps it.
public struct TickRecord: Sendable, Hashable {
    public enum Origin: Int, Sendable, Hashable {
        case schedule = 0
        /// A person asked for it.
        case manual = 1
        /// A person asked for a due time that did not run.
        case backFill = 2
    }

    public enum State: Int, Sendable, Hashable {
        /// Waits for an earlier tick to end.
        case queued = 0
        case running = 1
        case ran = 2
        case failed = 3
        /// The host could not run it in time.
        case missed = 4
        /// An earlier tick was still going on.
        case overlapped = 5

        public var isOpen: Bool { self == .queued || self == .running }
        public var isSkipped: Bool { self == .missed || self == .overlapped }
    }

    public let id: TickID
    public var origin: Origin
    public var state: State
    /// How many due times the record stands for: of a long outage the older ones are kept as one.
    public var count: Int
    public var run: RunID?
    public var startedAt: Instant?
    public var endedAt: Instant?
    /// Why it failed.
    public var note: String?

    public init(
        id: TickID, origin: Origin = .schedule, state: State, count: Int = 1, run: RunID? = nil,
        startedAt: Instant? = nil, endedAt: Instant? = nil, note: String? = nil
    ) {
        self.id = id
        self.origin = origin
        self.state = state
        self.count = count
        self.run = run
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.note = note
    }
}

/// What the journal writes down of jobs.
public enum JobEntry: Sendable {
    /// The job as it is from now on.
    case keep(JobRecord)
    /// A tick that came, or did not. One that runs or has run stays as it is.
    case tick(TickRecord)
    case started(TickID, RunID, at: Instant)
    /// The run of a tick has ended. The first end counts.
    case ended(TickID, TickRecord.State, note: String?, at: Instant)
}

/// A tick that has not ended.
public struct OpenTick: Sendable {
    public let tick: TickRecord
    /// Whether its event or its run is still to be brought to an end.
    public let isAlive: Bool

    public init(tick: TickRecord, isAlive: Bool) {
        self.tick = tick
        self.isAlive = isAlive
    }
}

/// Reads what a journal keeps of jobs.
public protocol JobStore: Sendable {
    /// All jobs by name, retired ones too.
    func jobs() async throws(JournalError) -> [JobRecord]

    /// The ticks that are queued or run, by due time.
    func openTicks() async throws(JournalError) -> [OpenTick]

    /// The ticks of a job with due times before an instant, newest first.
    func ticks(of job: String, before: Instant, limit: Int) async throws(JournalError) -> [TickRecord]

    /// The ticks of a job with due times from one instant to another, both included.
    func ticks(of job: String, from: Instant, through: Instant) async throws(JournalError) -> [TickRecord]
}
