/// A run as the journal keeps it.
public struct RunRecord: Sendable {
    public let id: RunID
    /// The event that triggered it.
    public let event: EventID
    public let session: SessionID
    public let script: String
    /// The version's content hash; the run stays on it.
    public let version: String
    /// The handler's name, or its event and ordinal.
    public let handler: String
    public let startedAt: Instant

    public init(
        id: RunID, event: EventID, session: SessionID, script: String, version: String, handler: String,
        startedAt: Instant
    ) {
        self.id = id
        self.event = event
        self.session = session
        self.script = script
        self.version = version
        self.handler = handler
        self.startedAt = startedAt
    }
}

/// A step's intent.
public struct StepRecord: Sendable {
    public let run: RunID
    /// From 1, without gaps.
    public let number: Int
    public let kind: String
    public let session: SessionID?
    public let digest: UInt64
    public let arguments: RawJSON
    public let location: String
    public let at: Instant
    /// When a wait ends by itself.
    public let deadline: Instant?

    public init(
        run: RunID, number: Int, kind: String, session: SessionID?, digest: UInt64, arguments: RawJSON,
        location: String, at: Instant, deadline: Instant? = nil
    ) {
        self.run = run
        self.number = number
        self.kind = kind
        self.session = session
        self.digest = digest
        self.arguments = arguments
        self.location = location
        self.at = at
        self.deadline = deadline
    }
}

/// A step's outcome.
public struct OutcomeRecord: Sendable {
    public let run: RunID
    public let number: Int
    public let outcome: StepOutcome
    /// The platform's id of what the effect made.
    public let nativeID: String?
    /// Whether the step was a wait.
    public let endsWait: Bool

    public init(run: RunID, number: Int, outcome: StepOutcome, nativeID: String? = nil, endsWait: Bool = false) {
        self.run = run
        self.number = number
        self.outcome = outcome
        self.nativeID = nativeID
        self.endsWait = endsWait
    }
}

/// How a run ended.
public struct RunEnd: Sendable {
    public enum State: String, Sendable {
        case done
        case failed
        /// The host could not continue it: a replay that differs, a version that is gone.
        case dead
    }

    public let state: State
    /// Whether the handler asked that no further handler sees the event (`bot.stop`).
    public let stops: Bool
    public let error: String?
    public let at: Instant
    /// Whether the run ends in the middle of a wait.
    public let endsWait: Bool

    public init(state: State, stops: Bool = false, error: String? = nil, at: Instant, endsWait: Bool = false) {
        self.state = state
        self.stops = stops
        self.error = error
        self.at = at
        self.endsWait = endsWait
    }
}

/// How an event ended.
public enum EventEnd: Int, Sendable {
    case handled = 1
    /// No handler wanted it.
    case unmatched = 2
    case failed = 3
}

/// What an ops team must look at.
public struct DeadLetter: Sendable {
    public let run: RunID?
    public let event: EventID?
    public let session: SessionID
    public let script: String
    /// For a person, with the script's file and line and traceback where there is one.
    public let error: String
    public let at: Instant

    public init(run: RunID?, event: EventID?, session: SessionID, script: String, error: String, at: Instant) {
        self.run = run
        self.event = event
        self.session = session
        self.script = script
        self.error = error
        self.at = at
    }
}

/// A run that the journal gives back after a restart.
public struct RecordedRun: Sendable {
    public let record: RunRecord
    public let trigger: AdmittedEvent
    /// Whether the trigger has been handled to its end, as it is for a run that has begun to wait.
    public let triggerIsFinished: Bool
    public let steps: [RecordedStep]

    public init(record: RunRecord, trigger: AdmittedEvent, triggerIsFinished: Bool, steps: [RecordedStep]) {
        self.record = record
        self.trigger = trigger
        self.triggerIsFinished = triggerIsFinished
        self.steps = steps
    }
}

public struct RecordedStep: Sendable {
    public let step: StepRecord
    public let outcome: StepOutcome?

    public init(step: StepRecord, outcome: StepOutcome?) {
        self.step = step
        self.outcome = outcome
    }
}

/// What a journal can tell of unfinished runs.
public struct RecoveredRuns: Sendable {
    public var runs: [RecordedRun]
    /// Runs that the journal has, but cannot read to their end.
    public var damaged: [DamagedRun]

    public init(runs: [RecordedRun] = [], damaged: [DamagedRun] = []) {
        self.runs = runs
        self.damaged = damaged
    }
}

/// A run of which a row is missing or makes no sense.
public struct DamagedRun: Sendable {
    public let record: RunRecord
    public let triggerIsFinished: Bool
    /// What cannot be read, for a person.
    public let reason: String

    public init(record: RunRecord, triggerIsFinished: Bool, reason: String) {
        self.record = record
        self.triggerIsFinished = triggerIsFinished
        self.reason = reason
    }
}

/// When a run's wait ends by itself. In the order of time, then of the runs.
public struct Deadline: Sendable, Hashable, Comparable {
    public let at: Instant
    public let run: RunID
    public let session: SessionDigest

    public init(at: Instant, run: RunID, session: SessionDigest) {
        self.at = at
        self.run = run
        self.session = session
    }

    public static func < (left: Deadline, right: Deadline) -> Bool {
        (left.at, left.run.rawValue) < (right.at, right.run.rawValue)
    }
}

/// An event that has not been handled to its end.
public struct PendingEvent: Sendable {
    public let admitted: AdmittedEvent
    /// Handlers (script and identity) whose runs for this event have ended; they do not run again.
    public let finishedHandlers: Set<HandlerKey>
    /// Whether one of them asked to stop.
    public let isStopped: Bool

    public init(admitted: AdmittedEvent, finishedHandlers: Set<HandlerKey> = [], isStopped: Bool = false) {
        self.admitted = admitted
        self.finishedHandlers = finishedHandlers
        self.isStopped = isStopped
    }
}

/// A handler across versions of its script.
public struct HandlerKey: Hashable, Sendable {
    public let script: String
    public let handler: String

    public init(script: String, handler: String) {
        self.script = script
        self.handler = handler
    }
}

/// One step for an operator's eyes.
public struct StepReport: Sendable {
    public let run: RunRecord
    public let step: RecordedStep

    public init(run: RunRecord, step: RecordedStep) {
        self.run = run
        self.step = step
    }
}

/// How long the journal keeps what nobody waits for.
public struct RetentionPolicy: Sendable {
    /// Payloads, runs and steps.
    public var payloads: Duration
    /// Admission keys, so that a late repeat is still known. At least as long as payloads.
    public var keys: Duration
    /// Who got what of a broadcast, from its end on. Its key is known for ever.
    public var broadcasts: Duration

    public init(
        payloads: Duration = .seconds(14 * 86_400), keys: Duration = .seconds(30 * 86_400),
        broadcasts: Duration = .seconds(90 * 86_400)
    ) {
        self.payloads = payloads
        self.keys = max(keys, payloads)
        self.broadcasts = broadcasts
    }
}
