/// A job as its script declares it.
public struct JobDeclaration: Sendable, Hashable {
    /// Unique among all scripts of a host.
    public let name: String
    public let schedule: Schedule
    public let terms: JobTerms
    /// `file:line` of the declaration.
    public let location: String

    public init(name: String, schedule: Schedule, terms: JobTerms = JobTerms(), location: String) {
        self.name = name
        self.schedule = schedule
        self.terms = terms
        self.location = location
    }

    /// When the tick that is due at an instant begins: later by the same part of the jitter whenever it is asked.
    func start(ofTickDue due: Instant) -> Instant {
        let jitter = terms.jitter.milliseconds
        guard jitter > 0 else { return due }
        var hash = StableHash()
        hash.combine(TickID(job: name, due: due).key.utf8)
        // The low bits alone differ little between due times that differ little.
        let mixed = (hash.value ^ (hash.value >> 29)) &* 0x94D0_49BB_1331_11EB
        return due + .milliseconds(Int64((mixed >> 16) % UInt64(jitter)))
    }
}

/// What becomes of ticks that cannot run when they are due.
public struct JobTerms: Sendable, Hashable {
    /// What becomes of due times that passed while the host could not run them.
    public enum Misfire: String, Sendable, Hashable, CaseIterable {
        /// They do not run.
        case skip
        /// The last of them runs, once.
        case runOnce = "run_once"
        /// Each of them runs, one after the other.
        case catchUp = "catch_up"
    }

    /// What becomes of a tick while an earlier one is still going on.
    public enum Overlap: String, Sendable, Hashable, CaseIterable {
        /// It does not run.
        case skip
        /// It runs when the earlier ones have ended.
        case queue
        /// It runs beside them.
        case allow
    }

    public let misfire: Misfire
    /// How late a tick may still begin; `nil` for any time.
    public let grace: Duration?
    public let overlap: Overlap
    /// By how much ticks are spread: each begins at a time of its own less than this after it is due.
    public let jitter: Duration

    /// - Parameter grace: By default a minute where missed ticks are skipped, and any time where they are made up for.
    public init(
        misfire: Misfire = .skip, grace: Duration? = nil, overlap: Overlap = .skip, jitter: Duration = .zero
    ) {
        self.misfire = misfire
        self.grace = grace ?? (misfire == .skip ? .seconds(60) : nil)
        self.overlap = overlap
        self.jitter = jitter
    }
}

/// Which tick: a job and the time at which it was due.
public struct TickID: Sendable, Hashable {
    public let job: String
    public let due: Instant

    public init(job: String, due: Instant) {
        self.job = job
        self.due = due
    }

    /// The key that lets the journal admit the tick once.
    var key: String { "tick:\(job):\(due.rawValue)" }

    /// The tick that an event of the host's own channel is.
    init?(_ event: Event) {
        guard event.channel == .host, event.name.hasPrefix(Self.eventPrefix) else { return nil }
        self.init(job: String(event.name.dropFirst(Self.eventPrefix.count)), due: event.at)
    }

    private static let eventPrefix = "job:"

    /// What the ticks of a job are called as events.
    public static func eventName(of job: String) -> String { eventPrefix + job }
}
