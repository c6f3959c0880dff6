import Foundation

@testable import Moonwire

/// A cron expression as text and, made beside it, what it means: hours, minutes and a rule for days.
struct RandomCron {
    let text: String
    let minutes: [Int]
    let hours: [Int]
    /// Whether it comes on a day; the day's own components and the length of its month decide.
    let comes: @Sendable (DateComponents, _ length: Int) -> Bool

    /// - Parameter feature: which kind of day field; counts through all of them.
    init(_ random: inout some RandomNumberGenerator, feature: Int) {
        let (minuteText, minutes) = Self.times(0...59, &random)
        let (hourText, hours) = Self.times(0...23, &random)
        let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        let weekday = Int.random(in: 0...6, using: &random)
        let day = Int.random(in: 1...31, using: &random)
        let month = [1, 3, 5, 7, 8, 10, 12].randomElement(using: &random) ?? 1
        let place = Int.random(in: 1...5, using: &random)
        let fields: String
        switch feature % 9 {
        case 0:
            fields = "* * *"
            comes = { _, _ in true }
        case 1:
            fields = "* * \(names[weekday])-\(names[(weekday + 2) % 7])"
            comes = { date, _ in [weekday, (weekday + 1) % 7, (weekday + 2) % 7].contains((date.weekday ?? 0) - 1) }
        case 2:
            fields = "L * *"
            comes = { date, length in date.day == length }
        case 3:
            fields = "* * \(weekday)#\(place)"
            comes = { date, _ in (date.weekday ?? 0) - 1 == weekday && ((date.day ?? 0) + 6) / 7 == place }
        case 4:
            fields = "* * \(names[weekday].uppercased())L"
            comes = { date, length in (date.weekday ?? 0) - 1 == weekday && (date.day ?? 0) + 7 > length }
        case 5:
            fields = "\(day) * *"
            comes = { date, _ in date.day == day }
        case 6:
            fields = "\(day),L * \(weekday)"
            comes = { date, length in
                date.day == day || date.day == length || (date.weekday ?? 0) - 1 == weekday
            }
        case 7:
            fields = "*/5 \(month),2 *"
            comes = { date, _ in ((date.day ?? 0) - 1) % 5 == 0 && (date.month == month || date.month == 2) }
        default:
            fields = "1-7 \(CronWords.months[month - 1]) *"
            comes = { date, _ in (1...7).contains(date.day ?? 0) && date.month == month }
        }
        text = "\(minuteText) \(hourText) \(fields)"
        (self.minutes, self.hours) = (minutes, hours)
    }

    /// Few enough values that ten years of them can be compared.
    private static func times(
        _ range: ClosedRange<Int>, _ random: inout some RandomNumberGenerator
    ) -> (String, [Int]) {
        let count = range.upperBound + 1
        switch Int.random(in: 0...3, using: &random) {
        case 0:
            let value = Int.random(in: range, using: &random)
            return ("\(value)", [value])
        case 1:
            let values = [Int.random(in: range, using: &random), Int.random(in: range, using: &random)]
            return ("\(values[0]),\(values[1])", Array(Set(values)).sorted())
        case 2:
            let first = Int.random(in: 0...count - 3, using: &random)
            return ("\(first)-\(first + 1)", [first, first + 1])
        default:
            let step = count / 3 + Int.random(in: 0...count / 6, using: &random)
            return ("*/\(step)", Array(stride(from: 0, to: count, by: step)))
        }
    }
}

/// What Foundation's calendar says of due times.
struct ScheduleOracle {
    private var local = Calendar(identifier: .gregorian)
    private var dates = Calendar(identifier: .gregorian)

    init(_ zone: TimeZone) {
        local.timeZone = zone
        dates.timeZone = .gmt
    }

    /// The due times of a number of local days, each once, in order.
    func ticks(of cron: RandomCron, from day: Date, days: Int) -> [Int64] {
        var ticks: [Int64] = []
        for offset in 0..<days {
            let date = day.addingTimeInterval(Double(offset) * 86_400)
            let parts = dates.dateComponents([.year, .month, .day, .weekday], from: date)
            let length = dates.range(of: .day, in: .month, for: date)?.count ?? 0
            guard cron.comes(parts, length) else { continue }
            for hour in cron.hours {
                for minute in cron.minutes {
                    let tick = Int64(instant(parts, hour, minute).timeIntervalSince1970)
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
