/// Stops calling a platform that keeps failing, and lets one call through from time to time to see whether it is back.
public struct Breaker: Sendable {
    /// Failures in a row that open it.
    public let threshold: Int
    public let backOff: BackOff
    private var failures = 0
    private var opened = 0
    private var closedUntil: Instant?
    private var isProbing = false

    public init(threshold: Int = 8, backOff: BackOff = BackOff(first: .seconds(1), limit: .seconds(60))) {
        self.threshold = max(threshold, 1)
        self.backOff = backOff
    }

    public var isOpen: Bool { closedUntil != nil }

    /// How long to wait before the next call; zero lets it through.
    public mutating func admission(at now: Instant) -> Duration {
        guard let closedUntil else { return .zero }
        if now < closedUntil { return closedUntil - now }
        if isProbing { return .milliseconds(250) }
        isProbing = true
        return .zero
    }

    public mutating func succeeded() {
        failures = 0
        opened = 0
        closedUntil = nil
        isProbing = false
    }

    /// Counts a failure that speaks of the platform's health: no connection, a 5xx, a timeout.
    public mutating func failed(at now: Instant, random: Double) {
        failures += 1
        // Calls that were under way when it opened say nothing new: only the probe's failure keeps it open longer.
        if isOpen, !isProbing { return }
        isProbing = false
        guard failures >= threshold else { return }
        opened += 1
        closedUntil = now + backOff.wait(after: opened, random: random)
    }
}
