public import Foundation

/// When a job is due.
public enum Schedule: Sendable, Hashable {
    /// At every multiple of a length of time, counted from 1970-01-01T00:00Z. Whole seconds, at least one.
    case every(Duration)
    /// By the clocks of a zone. A local time that is left out when clocks go forward is due at the first instant after
    /// the gap; one that comes twice is due the first time only.
    case cron(CronExpression, TimeZone)
    /// A stored one that means nothing here: of a later release, or of a zone that this machine does not know. Never due.
    case unreadable(source: String, reason: String)

    /// The first due time after an instant; `nil` where there is none for forty years.
    public func next(after instant: Instant) -> Instant? {
        switch self {
        case .every(let length):
            let period = max(length.milliseconds, 1000)
            return Instant(milliseconds: (instant.rawValue.quotient(period) + 1) * period)
        case .cron(let expression, let zone):
            let clocks = ZonedTime(zone: zone)
            let second = instant.wholeSeconds
            var minute = clocks.local(at: second).quotient(60)
            // In a repeated hour the local times are over already.
            while let next = expression.minute(after: minute) {
                let due = clocks.instant(ofLocal: next * 60)
                if due > second { return Instant(milliseconds: due * 1000) }
                minute = next
            }
            return nil
        case .unreadable: return nil
        }
    }

    /// The shortest time from one due time to the next, changes of the clocks aside.
    public var shortestDistance: Duration {
        switch self {
        case .every(let length): return length
        case .cron(let expression, _): return .seconds(expression.shortestDistance * 60)
        case .unreadable: return .zero
        }
    }

    /// For people: `every weekday at 09:00 Riyadh time`, `every 15 minutes`.
    public var words: String {
        switch self {
        case .every(let length): "every " + Self.spelled(length)
        case .cron(let expression, let zone): expression.words + (expression.isOfClock ? " " + zone.spoken : "")
        case .unreadable(_, let reason): "by a schedule that cannot be read here: \(reason)"
        }
    }

    /// A length of time in words: `15 minutes`.
    package static func spelled(_ length: Duration) -> String {
        var seconds = length.milliseconds / 1000
        var parts: [String] = []
        for (unit, size) in [("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)] as [(String, Int64)] {
            let count = seconds / size
            seconds -= count * size
            if count > 0 { parts.append(count == 1 ? unit : "\(count) \(unit)s") }
        }
        if parts.count > 1, let first = parts.first, first.first?.isNumber == false { parts[0] = "1 " + first }
        return CronWords.joined(parts)
    }
}

extension CronExpression {
    /// Whether it matters whose clocks count: not for what comes every minute of every day.
    var isOfClock: Bool { hours.values.count < 24 || restrictsDay || restrictsWeekday || months.values.count < 12 }
}
