/// What an ops team can tune of the engine.
public struct EngineSettings: Sendable {
    /// Threads that run scripts, 1 to 64.
    public var lanes: Int
    /// How many messages a minute a session may get from the bot before the loop guard looks at the peer's share.
    public var loopGuardLimit: Int
    /// How many admitted events a lane holds in memory; the rest waits in the journal.
    public var window: Int
    /// How many steps a run may take.
    public var maxSteps: Int
    /// How long a shutdown waits for runs between their steps.
    public var drain: Duration

    public init(
        lanes: Int = 1, loopGuardLimit: Int = 20, window: Int = 10_000, maxSteps: Int = 10_000,
        drain: Duration = .seconds(10)
    ) {
        self.lanes = min(max(lanes, 1), 64)
        self.loopGuardLimit = max(loopGuardLimit, 1)
        self.window = max(window, 1)
        self.maxSteps = max(maxSteps, 1)
        self.drain = drain
    }
}
