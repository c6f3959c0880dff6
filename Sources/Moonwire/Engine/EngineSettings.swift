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
    /// When waiting runs leave memory.
    public var passivation: Passivation
    /// How many bytes one step may bring into a run. A reply of the platform beyond it becomes the failure `too_large`.
    public var outcomeLimit: Int
    /// How many bytes all steps of a run may hold together. A run beyond it is ended.
    public var runLimit: Int
    /// How long a shutdown waits for runs between their steps.
    public var drain: Duration
    public var broadcasts: BroadcastSettings

    public init(
        lanes: Int = 1, loopGuardLimit: Int = 20, window: Int = 10_000, maxSteps: Int = 10_000,
        passivation: Passivation = Passivation(), outcomeLimit: Int = 1 << 20, runLimit: Int = 16 << 20,
        drain: Duration = .seconds(10), broadcasts: BroadcastSettings = BroadcastSettings()
    ) {
        self.lanes = min(max(lanes, 1), 64)
        self.loopGuardLimit = max(loopGuardLimit, 1)
        self.window = max(window, 1)
        self.maxSteps = max(maxSteps, 1)
        self.passivation = passivation
        self.outcomeLimit = max(outcomeLimit, 1024)
        self.runLimit = max(runLimit, 4096)
        self.drain = drain
        self.broadcasts = broadcasts
    }

    /// A waiting run needs no memory: it is rebuilt from the journal when its event or its time comes.
    public struct Passivation: Sendable, Hashable {
        /// How long a session's runs stay in memory although nothing happens.
        public var idle: Duration
        /// How many waiting runs of one version a lane keeps in memory; beyond it the oldest go first.
        public var ceiling: Int

        public init(idle: Duration = .seconds(60), ceiling: Int = 2000) {
            self.idle = max(idle, .zero)
            self.ceiling = max(ceiling, 0)
        }
    }
}
