import Foundation

/// What Foundation's calendar says of due times.
struct ScheduleOracle {
    private var local = Calendar(identifier: .gregorian)
    private var dates = Calendar(identifier: .gregorian)
    private let days: [Day]

    /// A day of the calendar in the zone.
    private struct Day {
        let parts: DateComponents
        /// The length of its month.
        let length: Int
        /// Midnight, of a day on which no clocks change, nor on the one before or behind it.
        let plainMidnight: Int64?
    }

    /// - Parameter day: Midnight of the first local day, as if its zone were GMT.
    init(_ zone: TimeZone, from day: Date, days count: Int) {
        local.timeZone = zone
        dates.timeZone = .gmt
        let (local, dates) = (local, dates)
        let parts = (-1...count + 1).map { offset in
            dates.dateComponents(
                [.year, .month, .day, .weekday], from: day.addingTimeInterval(Double(offset) * 86_400))
        }
        let midnights = parts.map { parts -> Int64? in
            let midnight = DateComponents(year: parts.year, month: parts.month, day: parts.day, hour: 0)
            return local.date(from: midnight).map { Int64($0.timeIntervalSince1970) }
        }
        days = (1...count).map { index in
            let lengths = (index - 1...index + 1).map { number -> Int64 in
                guard number + 1 < midnights.count, let end = midnights[number + 1], let start = midnights[number]
                else { return 0 }
                return end - start
            }
            let isPlain = lengths.allSatisfy { $0 == 86_400 }
            let date = dates.date(from: parts[index]) ?? day
            return Day(
                parts: parts[index], length: dates.range(of: .day, in: .month, for: date)?.count ?? 0,
                plainMidnight: isPlain ? midnights[index] : nil)
        }
    }

    /// The due times of these days, each once, in order.
    func ticks(of cron: RandomCron) -> [Int64] {
        var ticks: [Int64] = []
        for day in days where cron.comes(day.parts, day.length) {
            for hour in cron.hours {
                for minute in cron.minutes {
                    let tick =
                        day.plainMidnight.map { $0 + Int64(hour * 3600 + minute * 60) }
                        ?? Int64(instant(day.parts, hour, minute).timeIntervalSince1970)
                    // Local times within a gap share an instant.
                    if ticks.last.map({ tick > $0 }) ?? true { ticks.append(tick) }
                }
            }
        }
        return ticks
    }

    /// The first instant at which the clocks show a local time, or the first after the gap that leaves it out.
    private func instant(_ day: DateComponents, _ hour: Int, _ minute: Int) -> Date {
        var wanted = DateComponents(
            year: day.year, month: day.month, day: day.day, hour: hour, minute: minute, second: 0)
        for _ in 0...26 * 60 {
            if let date = local.date(from: wanted), shows(wanted, date) {
                // Where it comes twice, the earlier one counts, whichever the calendar has chosen.
                let earlier = [10_800.0, 7200, 3600, 1800].map { date.addingTimeInterval(-$0) }
                return earlier.first { shows(wanted, $0) } ?? date
            }
            wanted = next(wanted)
        }
        return .distantFuture
    }

    private func shows(_ wanted: DateComponents, _ date: Date) -> Bool {
        let shown = local.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        return shown.day == wanted.day && shown.hour == wanted.hour && shown.minute == wanted.minute
            && shown.second == 0
            && shown.month == wanted.month && shown.year == wanted.year
    }

    /// A minute later on a calendar without gaps.
    private func next(_ parts: DateComponents) -> DateComponents {
        guard let date = dates.date(from: parts) else { return parts }
        return dates.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date.addingTimeInterval(60))
    }
}
