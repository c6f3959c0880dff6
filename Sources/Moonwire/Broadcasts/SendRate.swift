/// So many messages per period, such as 20 per second or 2 per week.
public struct SendRate: Sendable, Hashable, Codable {
    public let count: Int64
    /// In milliseconds.
    public let period: Int64

    public init(count: Int64, period: Duration) {
        self.count = max(count, 1)
        self.period = max(period.milliseconds, 1)
    }
}

/// An even pace: what was not used is saved up for half a second at most, so that a rate holds over any stretch of time.
///
/// Whole numbers only: one message is `rate.period` of level, and each millisecond that passes adds `rate.count`. The
/// journal keeps the level, so that a restart neither forgets nor forgives.
package struct SendPace: Sendable, Equatable {
    package let rate: SendRate
    package private(set) var level: Int64
    package private(set) var at: Instant

    /// A pace that begins now: with one message.
    package init(_ rate: SendRate, at now: Instant) {
        self.init(rate, level: rate.period, at: now)
    }

    /// Reads back what a journal kept.
    package init(_ rate: SendRate, level: Int64, at: Instant) {
        self.rate = rate
        self.level = level
        self.at = at
    }

    /// Goes on from what was kept of the same pace. One of another rate keeps its share of messages.
    package init(_ rate: SendRate, from old: SendPace) {
        let messages = Double(old.level) / Double(old.rate.period)
        self.init(rate, level: rate == old.rate ? old.level : Int64(messages * Double(rate.period)), at: old.at)
        level = min(level, capacity)
    }

    /// Lets the time pass. A clock that was set back adds nothing.
    package mutating func advance(to now: Instant) {
        let elapsed = max(0, now.rawValue &- at.rawValue)
        let (gain, overflows) = elapsed.multipliedReportingOverflow(by: rate.count)
        level = overflows || gain >= capacity - level ? capacity : level + gain
        at = now
    }

    package var isOpen: Bool { level >= rate.period }

    package mutating func take() { level -= rate.period }

    /// How long until the next message may go, at the time of the last `advance`.
    package var wait: Duration {
        isOpen ? .zero : .milliseconds((rate.period - level + rate.count - 1) / rate.count)
    }

    /// When nothing more is saved up.
    package var fullAt: Instant { Instant(rawValue: at.rawValue &+ (capacity - level) / rate.count &+ 1) }

    private var capacity: Int64 { max(rate.period, rate.count.multipliedReportingOverflow(by: 500).partialValue) }
}
