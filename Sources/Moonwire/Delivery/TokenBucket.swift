/// An allowance that refills steadily: `rate` per second, saving up at most `burst`.
public struct TokenBucket: Sendable {
    public let rate: Double
    public let burst: Double
    private var tokens: Double
    private var refilledAt: Instant?

    /// A rate of zero or less means no limit.
    public init(rate: Double, burst: Double) {
        self.rate = rate
        self.burst = max(burst, 1)
        tokens = max(burst, 1)
    }

    /// Takes one token. Returns how long to wait before using it: callers are served in the order in which they ask.
    public mutating func take(at now: Instant) -> Duration {
        guard rate > 0 else { return .zero }
        if let refilledAt {
            let elapsed = max(0, now.seconds - refilledAt.seconds)
            tokens = min(burst, tokens + elapsed * rate)
        }
        refilledAt = now
        tokens -= 1
        return tokens >= 0 ? .zero : .milliseconds(Int64((-tokens / rate * 1000).rounded(.up)))
    }
}
