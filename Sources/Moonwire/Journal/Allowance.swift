import EventJSON

/// A token bucket: `count` at once, then one each `period / count`, never more than `count` saved up.
///
/// Whole numbers only, so that the same times give the same answers everywhere: one token is `period` milliseconds of
/// level, and each millisecond that passes adds `count`.
package struct Allowance: Sendable, Equatable {
    package let count: Int64
    /// In milliseconds.
    package let period: Int64
    package private(set) var level: Int64
    package private(set) var at: Instant

    /// Reads back what a journal kept.
    package init(count: Int64, period: Int64, level: Int64, at: Instant) {
        self.count = max(count, 1)
        self.period = max(period, 1)
        self.level = level
        self.at = at
    }

    /// A full bucket, or the reason why there is none of this size.
    package static func full(count: Int, period: Duration, at now: Instant) -> Result<Allowance, EffectFailure> {
        let milliseconds = period.milliseconds
        guard (1...maximumCount).contains(count), (1...maximumPeriod).contains(milliseconds) else {
            return .failure(
                EffectFailure(
                    code: "invalid",
                    message: "a limit allows from 1 to \(maximumCount) per period of a millisecond to 366 days"))
        }
        return .success(
            Allowance(count: Int64(count), period: milliseconds, level: Int64(count) * milliseconds, at: now))
    }

    /// Goes on from what was kept under the same key. An allowance of another size keeps its share of tokens.
    package mutating func resume(from old: Allowance) {
        at = old.at
        if old.count == count, old.period == period {
            level = old.level
        } else {
            let tokens = Double(old.level) / Double(old.period)
            level = min(capacity, Int64(min(tokens, Double(count)) * Double(period)))
        }
    }

    /// Takes one, if there is one. Answers `{ok, wait}` with the wait in seconds.
    package mutating func take(at now: Instant) -> RawJSON {
        let elapsed = max(0, now.rawValue &- at.rawValue)
        let (gain, overflows) = elapsed.multipliedReportingOverflow(by: count)
        level = overflows || gain >= capacity - level ? capacity : level + gain
        at = now
        if level >= period {
            level -= period
            return Self.answer(isAllowed: true, wait: 0)
        }
        return Self.answer(isAllowed: false, wait: (period - level + count - 1) / count)
    }

    /// When the bucket is full again, so that forgetting it changes nothing.
    package var fullAt: Instant {
        Instant(rawValue: at.rawValue &+ (capacity - level) / count &+ 1)
    }

    private var capacity: Int64 { count * period }
    private static let maximumCount = 1_000_000
    private static let maximumPeriod: Int64 = 366 * 86_400_000

    private static func answer(isAllowed: Bool, wait: Int64) -> RawJSON {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("ok")
        writer.value(isAllowed)
        writer.key("wait")
        writer.value(Double(wait) / 1000)
        writer.endObject()
        return RawJSON(validated: writer.bytes)
    }
}
