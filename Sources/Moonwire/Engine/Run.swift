/// One execution of one handler, as its lane keeps it in memory.
final class Run {
    enum State {
        /// Between two calls into the script.
        case executing
        /// Asked for an effect; the session waits with it.
        case performing(step: Int)
        /// Waits for an event or the clock; the session goes on.
        case waiting(Wait, step: Int, deadline: Instant?)
    }

    /// How a run ends once its session has been handed over.
    enum Conclusion {
        case finished(stops: Bool)
        case failed(ScriptFailure)
    }

    let record: RunRecord
    /// The session that the run belongs to.
    let home: SessionState
    let script: LoadedScript
    let handler: HandlerDescriptor
    let trigger: AdmittedEvent
    var state = State.executing {
        didSet {
            if isWaiting { script.waitingCount += 1 }
            if case .waiting = oldValue { script.waitingCount -= 1 }
        }
    }
    /// The number of the last step.
    var step = 0
    /// Whether the journal holds the run's row. A handler that asks for nothing leaves none.
    var isJournaled: Bool
    /// What the journal recorded of the run, until all of it has been replayed.
    private(set) var recorded: [RecordedStep]
    /// Set once only the handover is left.
    var conclusion: Conclusion?
    /// Set once a wait of the run has been ended because its version leaves service.
    var retirement: Retirement?
    /// How often that has happened.
    var retiredWaits = 0
    /// What the steps so far hold in the journal.
    var size = RunSize()
    /// The step under way, for a person.
    var asking = (kind: "", location: "")
    /// Whether the script's own error handler has been given the failure.
    var isHandlingFailure = false
    /// When the run last crossed the border: what `bot.now()` gives.
    var lastCrossing: Instant
    /// The latest snapshot that the run has seen.
    private(set) var session: Session?

    init(
        record: RunRecord, home: SessionState, script: LoadedScript, handler: HandlerDescriptor,
        trigger: AdmittedEvent, recorded: [RecordedStep] = []
    ) {
        self.record = record
        self.home = home
        self.script = script
        self.handler = handler
        self.trigger = trigger
        self.recorded = recorded
        isJournaled = !recorded.isEmpty
        lastCrossing = record.startedAt
        session = trigger.event.session
    }

    var id: RunID { record.id }

    /// The tick of a job that the run is for.
    var tick: TickID? { handler.job == nil ? nil : TickID(trigger.event) }

    var isWaiting: Bool { if case .waiting = state { true } else { false } }

    /// Whether the journal lists the run among those that wait: its last recorded step has no outcome. Of any other
    /// kind of step this is harmless.
    var hasOpenWait: Bool {
        if let last = recorded.last { return last.outcome == nil }
        return false
    }

    /// Keeps a snapshot of the run's own session; a run may have asked about any other.
    func take(_ snapshot: Session?) {
        if let snapshot, snapshot.id == record.session { session = snapshot }
    }

    /// The run is where it was; what comes now is new.
    func endReplay() {
        recorded = []
    }

    /// The step that the journal recorded under a number, if it did.
    func recordedStep(_ number: Int) -> RecordedStep? {
        number >= 1 && number <= recorded.count ? recorded[number - 1] : nil
    }
}

/// A version of a script with its state on one lane.
final class LoadedScript {
    let instance: any ScriptInstance
    /// Unfinished runs of this version on this lane.
    var runCount = 0
    /// Those of them that wait.
    var waitingCount = 0
    /// How many more waits may begin before the state's memory is looked at again.
    var waitsUntilMemoryCheck = 0

    init(_ instance: any ScriptInstance) {
        self.instance = instance
    }

    var sources: ScriptSources { instance.sources }
}

/// What a lane knows of a session that has something going on. Confined to the lane's thread.
final class SessionState {
    let key: SessionID
    let digest: SessionDigest
    /// Admitted events that wait for their turn.
    var queue = EventQueue()
    /// Events that wait for the end of a pause.
    var setAside = EventQueue()
    /// The one run that executes.
    var executing: RunID?
    /// Runs that wait, in the order in which they began to.
    var waiting: [RunID] = []
    /// Waits whose end has come while another run executed.
    var due: [DueWait] = []
    /// The event being dispatched and the handlers still to run for it.
    var dispatch: Dispatch?
    var loopGuard: LoopGuard
    /// When its latest wait began.
    var dozingSince: Instant?
    /// As what the ledger of broadcasts knows the client.
    var clientHash: Int?

    init(_ key: SessionID, loopGuardLimit: Int) {
        self.key = key
        digest = SessionDigest(key)
        loopGuard = LoopGuard(limit: loopGuardLimit)
    }

    var isIdle: Bool { queue.isEmpty && setAside.isEmpty && executing == nil && waiting.isEmpty && dispatch == nil }
}

/// A wait that ends without an event.
struct DueWait {
    enum End {
        /// `timeout`, `expired`, `cancelled`, `closed`, `transferred`.
        case reason(String)
        /// The run's version leaves service.
        case retired
        /// The run ends too, and its handler begins anew with the same event.
        case restart
    }

    let run: RunID
    let step: Int
    let end: End
}

/// An event on its way through its handlers.
struct Dispatch {
    let event: AdmittedEvent
    var remaining: ArraySlice<Candidate>
    /// Whether a handler failed, which is recorded as the event's end.
    var hasFailed = false
    /// Typing and presence have no row to finish.
    var isAdmitted: Bool { event.id.rawValue != 0 }
}

/// A handler whose filters let the event through.
struct Candidate {
    let script: LoadedScript
    let handler: HandlerDescriptor
}

/// An event in a session's queue.
struct QueuedEvent {
    let admitted: AdmittedEvent
    var finishedHandlers: Set<HandlerKey> = []
}
