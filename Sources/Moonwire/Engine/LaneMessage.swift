/// What a lane is told.
enum LaneMessage: Sendable {
    case event(PendingEvent)
    /// Typing or presence.
    case ephemeral(Event, EventBody)
    case outcome(StepCompletion)
    /// Loads versions beside those in service. One failure or `nil` for each.
    case prepare([ScriptSources], reply: @Sendable ([ScriptFailure?]) -> Void)
    /// Makes these the versions that new runs begin on. Scripts in `keeping` stay on the version that they have.
    case install([ScriptSources], keeping: Set<String>, reply: @Sendable () -> Void)
    /// What an earlier process left: rebuilds the runs that it cut short, and takes note of those that wait.
    case recover(Recovery)
    /// Sessions that were called are back from the journal, without the sources of versions that were loaded then.
    case revive([SessionDigest], RecoveredRuns, older: [ScriptSources], omitted: Set<String> = [])
    /// A page of the timetable.
    case deadlines(Timetable.Page, [Deadline])
    /// Ends the waits of a version, now and later.
    case retire(version: String, Retirement)
    /// Brings back the waiting runs of a version in these sessions, so that they learn that it has been replaced.
    case summon(version: String, [SessionDigest])
    /// Tells what the versions that new runs begin on have registered.
    case handlers(@Sendable ([RegisteredHandler]) -> Void)
    /// Tells whether any run is between its steps.
    case inspect(@Sendable (LaneStatus) -> Void)
    /// Begins no run and takes no event any more; what executes goes on to its next outcome.
    case drain
    case stop
}

extension LaneMessage {
    struct Recovery: Sendable {
        var interrupted = RecoveredRuns()
        /// Versions of theirs that may not be loaded.
        var older: [ScriptSources] = []
        /// Sessions in which runs wait.
        var asleep: [SessionDigest] = []
        var retired: [String: Retirement] = [:]
        /// Sessions that the bot is kept out of.
        var paused: Set<SessionID> = []
    }
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
    /// Versions that are loaded.
    public var scripts = 0
    /// Sessions whose waiting runs are in the journal only.
    public var asleep = 0
    /// Runs in memory by version.
    public var runs: [String: Int] = [:]

    mutating func add(_ other: LaneStatus) {
        executing += other.executing
        waiting += other.waiting
        queued += other.queued
        sessions += other.sessions
        scripts = max(scripts, other.scripts)
        asleep += other.asleep
        runs.merge(other.runs, uniquingKeysWith: +)
    }
}
