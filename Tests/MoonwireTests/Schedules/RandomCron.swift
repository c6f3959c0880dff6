import Foundation

@testable import Moonwire

/// A cron expression as text and, made beside it, what it means: hours, minutes and a rule for days.
struct RandomCron {
    let text: String
    let minutes: [Int]
    let hours: [Int]
    /// Whether it comes on a day; the day's own components and the length of its month decide.
    let comes: @Sendable (DateComponents, _ length: Int) -> Bool

    /// How many kinds of day fields there are.
    static let features = 20

    /// - Parameter feature: which kind of day fields; counts through all of them.
    init(_ random: inout some RandomNumberGenerator, feature: Int) {
        if feature % Self.features == 0 {
            self = Self.shorthands.randomElement(using: &random) ?? Self.shorthands[0]
            return
        }
        let (minuteText, minutes) = Self.times(0...59, &random)
        let (hourText, hours) = Self.times(0...23, &random)
        let (fields, comes) = Self.days(feature % Self.features, &random)
        self.init(text: "\(minuteText) \(hourText) \(fields)", minutes: minutes, hours: hours, comes: comes)
    }

    init(text: String, minutes: [Int], hours: [Int], comes: @escaping @Sendable (DateComponents, Int) -> Bool) {
        (self.text, self.minutes, self.hours, self.comes) = (text, minutes, hours, comes)
    }

    private static let shorthands = [
        RandomCron(text: "@hourly", minutes: [0], hours: Array(0...23)) { _, _ in true },
        RandomCron(text: "@daily", minutes: [0], hours: [0]) { _, _ in true },
        RandomCron(text: "@midnight", minutes: [0], hours: [0]) { _, _ in true },
        RandomCron(text: "@weekly", minutes: [0], hours: [0]) { date, _ in date.weekday == 1 },
        RandomCron(text: "@monthly", minutes: [0], hours: [0]) { date, _ in date.day == 1 },
        RandomCron(text: "@yearly", minutes: [0], hours: [0]) { date, _ in date.day == 1 && date.month == 1 },
        RandomCron(text: "@Annually", minutes: [0], hours: [0]) { date, _ in date.day == 1 && date.month == 1 },
    ]

    private static func days(
        _ feature: Int, _ random: inout some RandomNumberGenerator
    ) -> (String, @Sendable (DateComponents, _ length: Int) -> Bool) {
        let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        let weekday = Int.random(in: 0...6, using: &random)
        let day = Int.random(in: 1...31, using: &random)
        let month = [1, 3, 5, 7, 8, 10, 12].randomElement(using: &random) ?? 1
        let place = Int.random(in: 1...5, using: &random)
        let step = Int.random(in: 2...6, using: &random)
        switch feature {
        case 1:
            return (
                "* * \(names[weekday])-\(names[(weekday + 2) % 7])",
                { date, _ in [0, 1, 2].contains((date.dayOfWeek - weekday + 7) % 7) }
            )
        case 2: return ("L * *", { date, length in date.day == length })
        case 3:
            return ("* * \(weekday)#\(place)", { date, _ in date.dayOfWeek == weekday && date.place == place })
        case 4:
            return (
                "* * \(names[weekday].uppercased())L",
                { date, length in date.dayOfWeek == weekday && date.dayOfMonth + 7 > length }
            )
        case 5: return ("\(day) * *", { date, _ in date.day == day })
        case 6:
            // Either day counts where both fields say something.
            return (
                "\(day),L * \(weekday)",
                { date, length in date.day == day || date.day == length || date.dayOfWeek == weekday }
            )
        case 7:
            return (
                "*/\(step) \(month),2 *",
                { date, _ in (date.dayOfMonth - 1) % step == 0 && (date.month == month || date.month == 2) }
            )
        case 8:
            return (
                "1-7 \(CronWords.months[month - 1]) *",
                { date, _ in (1...7).contains(date.dayOfMonth) && date.month == month }
            )
        case 9:
            // A field that begins with * says nothing, so that both days must fit.
            return (
                "*/\(step) * \(weekday)",
                { date, _ in (date.dayOfMonth - 1) % step == 0 && date.dayOfWeek == weekday }
            )
        case 10:
            return ("\(day) * */2", { date, _ in date.day == day && date.dayOfWeek % 2 == 0 })
        case 11:
            return (
                "15 * \(names[weekday])#\(place)",
                { date, _ in date.day == 15 || (date.dayOfWeek == weekday && date.place == place) }
            )
        case 12:
            return (
                "* * \(names[weekday]),\(names[(weekday + 3) % 7])#1,\((weekday + 4) % 7)L",
                { date, length in
                    date.dayOfWeek == weekday || (date.dayOfWeek == (weekday + 3) % 7 && date.place == 1)
                        || (date.dayOfWeek == (weekday + 4) % 7 && date.dayOfMonth + 7 > length)
                }
            )
        case 13: return ("* * 7", { date, _ in date.dayOfWeek == 0 })
        case 14: return ("* * 5-7", { date, _ in [5, 6, 0].contains(date.dayOfWeek) })
        case 15: return ("* * mon-fri/2", { date, _ in [1, 3, 5].contains(date.dayOfWeek) })
        case 16:
            return (
                "\(day),\(day % 31 + 1),5-25/\(step * 2) * *",
                { date, _ in
                    date.day == day || date.day == day % 31 + 1
                        || ((5...25).contains(date.dayOfMonth) && (date.dayOfMonth - 5) % (step * 2) == 0)
                }
            )
        case 17:
            return (
                "* \(months[1])-\(months[6].uppercased())/\(step),12 \(weekday)",
                { date, _ in
                    let isMonth = (2...7).contains(date.monthOfYear) && (date.monthOfYear - 2) % step == 0
                    return (isMonth || date.month == 12) && date.dayOfWeek == weekday
                }
            )
        case 18: return ("29 2 *", { date, _ in date.day == 29 && date.month == 2 })
        default:
            return (
                "10/\(step) */3 *",
                { date, _ in
                    date.dayOfMonth >= 10 && (date.dayOfMonth - 10) % step == 0 && (date.monthOfYear - 1) % 3 == 0
                }
            )
        }
    }

    /// Few enough values that ten years of them can be compared.
    private static func times(
        _ range: ClosedRange<Int>, _ random: inout some RandomNumberGenerator
    ) -> (String, [Int]) {
        let count = range.upperBound + 1
        switch Int.random(in: 0...5, using: &random) {
        case 0:
            let value = Int.random(in: range, using: &random)
            return ("\(value)", [value])
        case 1:
            let values = [Int.random(in: range, using: &random), Int.random(in: range, using: &random)]
            return ("\(values[0]),\(values[1])", Array(Set(values)).sorted())
        case 2:
            let first = Int.random(in: 0...count - 3, using: &random)
            return ("\(first)-\(first + 1)", [first, first + 1])
        case 3:
            let step = count / 4
            return ("\(step)/\(step)", Array(stride(from: step, to: count, by: step)))
        case 4:
            let first = Int.random(in: 0...count / 2, using: &random)
            let step = count / 8
            return ("\(first)-\(first + 2 * step)/\(step),\(first)", [first, first + step, first + 2 * step])
        default:
            let step = count / 3 + Int.random(in: 0...count / 6, using: &random)
            return ("*/\(step)", Array(stride(from: 0, to: count, by: step)))
        }
    }
}

extension DateComponents {
    /// From 0, Sunday.
    fileprivate var dayOfWeek: Int { (weekday ?? 0) - 1 }
    fileprivate var dayOfMonth: Int { day ?? 0 }
    fileprivate var monthOfYear: Int { month ?? 0 }
    /// Which of its weekdays in the month.
    fileprivate var place: Int { (dayOfMonth + 6) / 7 }
}
