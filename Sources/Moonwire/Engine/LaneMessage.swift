/// What a lane is told.
enum LaneMessage: Sendable {
    case event(PendingEvent)
    /// Typing or presence.
    case ephemeral(Event, EventBody)
    case outcome(StepCompletion)
    /// Makes these the versions that new runs begin on.
    case install([ScriptSources], reply: @Sendable ([ScriptFailure?]) -> Void)
    /// Rebuilds runs that a restart cut short.
    case recover([RecordedRun], older: [ScriptSources])
    /// Tells whether any run is between its steps.
    case inspect(@Sendable (LaneStatus) -> Void)
    /// Begins no run and takes no event any more; what executes goes on to its next outcome.
    case drain
    case stop
}

/// How a step ended, on its way back to its run.
struct StepCompletion: Sendable {
    let run: RunID
    let step: Int
    let outcome: StepOutcome
    var nativeID: String?
    /// Whether the journal has the outcome already, as for a store operation.
    var isRecorded = false
}

/// What a lane has in hand.
public struct LaneStatus: Sendable {
    public var executing = 0
    public var waiting = 0
    public var queued = 0
    public var sessions = 0
    public var scripts = 0
}
