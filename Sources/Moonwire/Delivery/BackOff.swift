/// Growing waits between attempts, with full jitter so that many hosts do not come back at once.
public struct BackOff: Sendable {
    public var first: Duration
    public var limit: Duration

    public init(first: Duration = .milliseconds(500), limit: Duration = .seconds(60)) {
        self.first = first
        self.limit = limit
    }

    /// The wait before attempt `attempt + 1`, where `attempt` counts from 1; `random` is in 0..<1.
    /// At least a quarter of the full wait, so that a jitter near zero does not hammer the platform.
    public func wait(after attempt: Int, random: Double) -> Duration {
        let doublings = min(max(attempt, 1) - 1, 30)
        let full = min(Double(first.milliseconds) * Double(1 << doublings), Double(limit.milliseconds))
        return .milliseconds(Int64(full * (0.25 + 0.75 * min(max(random, 0), 1))))
    }
}
