/// How a channel's effects are paced, repeated and, when in doubt, settled.
public struct DeliveryPolicy: Sendable {
    /// What to do with an effect whose fate the platform cannot tell.
    public enum InDoubt: String, Sendable {
        /// Never repeat: the script gets an error, an operator sees it.
        case unknown
        /// Do it again: the client may see it twice.
        case `repeat`
    }

    /// Effects per second; zero or less for no limit.
    public var rate: Double
    public var burst: Double
    public var backOff: BackOff
    /// How often an effect that certainly did not happen is tried, the first time included.
    public var attempts: Int
    /// How long after its intent an effect is tried; `nil` for as often as `attempts` says.
    public var patience: Duration?
    public var inDoubt: InDoubt
    /// How long the platform itself works on a request at most; only then is a search for an effect in doubt
    /// conclusive.
    public var requestLimit: Duration
    public var breakerThreshold: Int

    public init(
        rate: Double = 0, burst: Double = 20, backOff: BackOff = BackOff(), attempts: Int = 10,
        inDoubt: InDoubt = .unknown, requestLimit: Duration = .seconds(20), breakerThreshold: Int = 8,
        patience: Duration? = nil
    ) {
        self.rate = rate
        self.burst = burst
        self.backOff = backOff
        self.attempts = max(attempts, 1)
        self.inDoubt = inDoubt
        self.requestLimit = requestLimit
        self.breakerThreshold = breakerThreshold
        self.patience = patience
    }
}

/// Time and chance, as delivery needs them; a test drives both by hand.
public struct DeliveryTiming: Sendable {
    public let clock: HostClock
    public let sleep: @Sendable (Duration) async throws -> Void
    /// In 0..<1.
    public let random: @Sendable () -> Double

    public init(
        clock: HostClock, sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double
    ) {
        self.clock = clock
        self.sleep = sleep
        self.random = random
    }

    public static let system = DeliveryTiming(
        clock: .system, sleep: { try await Task.sleep(for: $0) }, random: { Double.random(in: 0..<1) })
}
