/// The lane's doors to the world. Each may be called from the lane's thread and must return at once.
struct LanePorts: Sendable {
    let journal: any Journal
    let clock: HostClock
    let loader: any ScriptLoader
    /// Performs an effect whose intent is committed, and posts the completion to the lane.
    let deliver: @Sendable (LaneDelivery) -> Void
    /// Performs a host effect likewise.
    let fetch: @Sendable (LaneFetch) -> Void
    /// Reads the waiting runs of sessions from the journal, behind everything appended so far, and posts them. Versions
    /// that are loaded need not be read.
    let revive: @Sendable (_ sessions: [SessionDigest], _ loaded: Set<String>) -> Void
    /// Reads a page of the timetable likewise.
    let readDeadlines: @Sendable (Timetable.Page) -> Void
    /// Posts to the lane itself.
    let post: @Sendable (LaneMessage) -> Void
    /// Tells that an event has been handled to its end and left the lane.
    let finished: @Sendable (Int) -> Void
    /// Admits an ephemeral event that a handler wants.
    let admitEphemeral: @Sendable (Event) -> Void
    /// Tells that the ledger of broadcasts has changed.
    var wakeBroadcasts: @Sendable () -> Void = {}
    let observer: EngineObserver
    let settings: EngineSettings
    /// The methods of each channel, for the handover after a failure.
    let channels: [ChannelID: ChannelDescriptor]
    /// Tells that the end of a job's tick is committed.
    var tickEnded: @Sendable (TickID) -> Void = { _ in }
    /// Tells that an admitted event has been handled to its end.
    var eventEnded: @Sendable (Event, EventEnd) -> Void = { _, _ in }
    var metrics = EngineMetrics()
}

/// An effect for a channel's queue.
struct LaneDelivery: Sendable {
    let run: RunID
    let step: Int
    let delivery: EffectDelivery
    /// Whether an earlier process may have performed it.
    let isInDoubt: Bool
}

/// A request for the host's HTTP client.
struct LaneFetch: Sendable {
    let run: RunID
    let step: Int
    let request: HostEffect.OutboundRequest
    /// Unique per effect and the same in every attempt.
    let key: String
    let isInDoubt: Bool
}
