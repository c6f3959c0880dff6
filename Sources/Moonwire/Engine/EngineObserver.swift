/// What the engine tells to whoever watches: logs, metrics, a terminal.
public enum EngineNotice: Sendable {
    case runStarted(RunRecord, Event)
    case stepped(RunRecord, StepRequest, number: Int)
    case stepEnded(RunRecord, number: Int, StepOutcome)
    case runEnded(RunRecord, RunEnd)
    /// Nothing wanted the event.
    case unmatched(Event)
    /// A script failed; its run has been recorded as a dead letter.
    case scriptFailed(RunRecord, ScriptFailure)
    /// A run could not be continued as recorded.
    case replayDiffered(RunRecord, String)
    /// A step's fate cannot be known.
    case fateUnknown(RunRecord, number: Int, String)
    /// A step or a run comes near its limit of bytes.
    case runGrows(RunRecord, String)
    /// The loop guard stopped a session.
    case loopStopped(RunRecord)
    /// The journal can never take what a lane recorded. The effects that depend on it are not performed; the runs
    /// concerned stand still until the next start.
    case journalRefused(JournalError)
    /// Waiting runs or deadlines cannot be read now.
    case journalUnreadable(JournalError)
    case channelFailed(ChannelID, any Error)
    /// Where a broadcast stands: told when its state changes, and now and then while it runs.
    case broadcast(BroadcastRecord)
    case broadcastFailed(BroadcastRecord, any Error)
    case handlerSkipped(script: String, ScriptFailure)
}

/// Called from the engine's threads; must return at once.
public struct EngineObserver: Sendable {
    let notify: @Sendable (EngineNotice) -> Void
    /// Whether anyone listens to what happens for every event; failures are told in any case.
    let isDetailed: Bool

    public init(isDetailed: Bool = true, _ notify: @escaping @Sendable (EngineNotice) -> Void) {
        self.notify = notify
        self.isDetailed = isDetailed
    }

    public static let silent = EngineObserver(isDetailed: false) { _ in }

    func detail(_ notice: @autoclosure () -> EngineNotice) {
        if isDetailed { notify(notice()) }
    }
}
