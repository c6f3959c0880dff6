public import WebSocketClient

/// Where a cable client connects to, and how patient it is.
public struct CableConfiguration: Sendable {
    /// The socket. `subprotocols` is filled with Action Cable's own when empty.
    public var socket: WebSocketConfiguration

    /// The constants of liveness and retry.
    public var timing: CableTiming

    /// Measures time and sleeps.
    public var clock: any Clock<Duration>

    /// Answers a number from 0 up to but not including 1, for jitter.
    public var random: @Sendable () -> Double

    /// Seconds since 1970, to find the next full minute after a rate limit.
    public var wallClock: @Sendable () -> Double

    /// Frames that may wait for one subscription's consumer before reading from the socket stops.
    public var maxWaitingFrames: Int

    /// Creates a configuration.
    public init(
        socket: WebSocketConfiguration,
        timing: CableTiming = CableTiming(),
        clock: any Clock<Duration> = ContinuousClock(),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        wallClock: @escaping @Sendable () -> Double = secondsSince1970,
        maxWaitingFrames: Int = 16_384
    ) {
        self.socket = socket
        if socket.subprotocols.isEmpty {
            self.socket.subprotocols = ["actioncable-v1-json", "actioncable-unsupported"]
        }
        self.timing = timing
        self.clock = clock
        self.random = random
        self.wallClock = wallClock
        self.maxWaitingFrames = maxWaitingFrames
    }
}
