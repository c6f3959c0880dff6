/// The words that schedules are told in.
enum CronWords {
    static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// `a`, `a and b`, `a, b and c`.
    static func joined(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }

    static func ordinal(_ number: Int) -> String {
        let suffix =
            switch (number % 10, number % 100) {
            case (_, 11...13): "th"
            case (1, _): "st"
            case (2, _): "nd"
            case (3, _): "rd"
            default: "th"
            }
        return "\(number)\(suffix)"
    }

    static func clock(_ hour: Int, _ minute: Int) -> String {
        String(String(100 + hour).dropFirst()) + ":" + String(String(100 + minute).dropFirst())
    }

    /// The lowest and the highest of values without a hole; `nil` for fewer than three.
    static func range(_ values: [Int]) -> ClosedRange<Int>? {
        guard let first = values.first, let last = values.last, values.count > 2, last - first == values.count - 1
        else { return nil }
        return first...last
    }

    /// The step of values that begin low and go on to the end of the field.
    static func step(_ values: [Int], to end: Int) -> Int? {
        guard values.count > 1, values[0] == 0 else { return nil }
        let step = values[1]
        guard values == Array(stride(from: 0, through: end, by: step)) else { return nil }
        return step
    }
}

extension CronExpression {
    private static let mostTimes = 6

    /// For people, without the zone: `every weekday at 09:00`.
    public var words: String {
        let days = dayWords
        let time = timeWords
        guard time.isClock else {
            return [time.text, days].compactMap { $0 }.joined(separator: " ")
        }
        return (days ?? "every day") + " at " + time.text
    }

    /// The times of a day: clock times, or how often.
    private var timeWords: (text: String, isClock: Bool) {
        let (minutes, hours) = (minutes.values, hours.values)
        if minutes.count * hours.count <= Self.mostTimes {
            let times = hours.flatMap { hour in minutes.map { CronWords.clock(hour, $0) } }
            return (CronWords.joined(times), true)
        }
        return (minuteWords(minutes, hours) + hourWords(hours, minutes), false)
    }

    private func minuteWords(_ minutes: [Int], _ hours: [Int]) -> String {
        if minutes.count == 60 { return "every minute" }
        if let step = CronWords.step(minutes, to: 59), 60 % step == 0 { return "every \(step) minutes" }
        if minutes == [0] {
            if let step = CronWords.step(hours, to: 23), step > 1 { return "every \(step) hours" }
            return "every hour"
        }
        let every = CronWords.step(hours, to: 23).map { $0 > 1 ? "every \($0) hours" : "every hour" } ?? "every hour"
        let marks = minutes.map { ":" + String(String(100 + $0).dropFirst()) }
        return every + " at " + CronWords.joined(marks)
    }

    private func hourWords(_ hours: [Int], _ minutes: [Int]) -> String {
        if hours.count == 24 { return "" }
        let isStepped = CronWords.step(hours, to: 23) != nil
        if isStepped, minutes.count < 60, CronWords.step(minutes, to: 59) == nil || minutes == [0] { return "" }
        if let range = CronWords.range(hours), let first = minutes.first, let last = minutes.last {
            return " from " + CronWords.clock(range.lowerBound, first) + " to "
                + CronWords.clock(range.upperBound, last)
        }
        return " in the hours of " + CronWords.joined(hours.map { CronWords.clock($0, 0) })
    }

    /// On which days; `nil` for every day.
    private var dayWords: String? {
        let isEveryMonth = months.values.count == 12
        let names = months.values.map { CronWords.months[$0 - 1] }
        let inMonths =
            CronWords.range(months.values).map { range in
                "from \(CronWords.months[range.lowerBound - 1]) to \(CronWords.months[range.upperBound - 1])"
            } ?? "in " + CronWords.joined(names)
        let ofMonths = isEveryMonth ? "of the month" : "of " + CronWords.joined(names)
        let day = days.values.count == 31 ? nil : "on the \(dayNumbers) \(ofMonths)"
        let isPlaced = weekdays == 0
        let weekday = weekdays.values.count == 7 ? nil : isPlaced ? placedWords + " " + ofMonths : weekdayWords
        switch (day, weekday) {
        case (nil, nil): return isEveryMonth ? nil : "every day " + inMonths
        case (let day?, nil): return day
        case (nil, let weekday?): return isEveryMonth || isPlaced ? weekday : weekday + " " + inMonths
        case (let day?, let weekday?):
            guard restrictsDay, restrictsWeekday else { return weekday + " that falls " + day }
            return day + " and " + weekday + (isEveryMonth || isPlaced ? "" : " " + inMonths)
        }
    }

    private var dayNumbers: String {
        let values = days.values
        let range = CronWords.range(values).map { range in
            CronWords.ordinal(range.lowerBound) + " to " + CronWords.ordinal(range.upperBound)
        }
        let numbers = range.map { [$0] } ?? values.map(CronWords.ordinal)
        return CronWords.joined(numbers + (isLastDay ? ["last day"] : []))
    }

    private var weekdayWords: String {
        let values = weekdays.values
        let extra = placed.isEmpty ? "" : " and " + placedWords + " of the month"
        switch values {
        case [1, 2, 3, 4, 5]: return "every weekday" + extra
        case [0, 6]: return "every Saturday and Sunday" + extra
        default: break
        }
        if let range = CronWords.range(values) {
            return "every " + CronWords.weekdays[range.lowerBound] + " to " + CronWords.weekdays[range.upperBound]
                + extra
        }
        // A week begins on Monday where it is told.
        let ordered = values.sorted { ($0 + 6) % 7 < ($1 + 6) % 7 }
        return "every " + CronWords.joined(ordered.map { CronWords.weekdays[$0] }) + extra
    }

    private var placedWords: String {
        let sorted = placed.sorted {
            ($0.place == 0 ? 9 : $0.place, $0.weekday) < ($1.place == 0 ? 9 : $1.place, $1.weekday)
        }
        return CronWords.joined(
            sorted.map { place in
                "on the \(place.place == 0 ? "last" : CronWords.ordinal(place.place)) \(CronWords.weekdays[place.weekday])"
            })
    }
}
