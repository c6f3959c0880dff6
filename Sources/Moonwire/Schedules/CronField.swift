/// One of the five fields of a cron expression: what it is called, its range and its names.
struct CronField: Sendable {
    let name: String
    let range: ClosedRange<Int>
    /// The words for its values, from the lowest on.
    var names: [String] = []

    static let minute = CronField(name: "minute", range: 0...59)
    static let hour = CronField(name: "hour", range: 0...23)
    static let day = CronField(name: "day of the month", range: 1...31)
    static let month = CronField(
        name: "month", range: 1...12,
        names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
    static let weekday = CronField(
        name: "day of the week", range: 0...6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

    static let all = [minute, hour, day, month, weekday]

    /// What a field says.
    struct Content {
        var values: UInt64 = 0
        var isEvery = false
        var isLast = false
        var placed: Set<CronExpression.PlacedWeekday> = []
    }

    private var isWeekday: Bool { range.upperBound == 6 }
    private var isDay: Bool { range.upperBound == 31 }

    func parse(_ text: Substring) throws(ScheduleError) -> Content {
        var content = Content()
        content.isEvery = text.hasPrefix("*")
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard !item.isEmpty else {
                throw problem("'\(text)' has an empty entry; write its values with single commas between them")
            }
            try read(item, into: &content)
        }
        return content
    }

    private func read(_ item: Substring, into content: inout Content) throws(ScheduleError) {
        if item.uppercased() == "L" {
            guard isDay else { throw problem("'L' stands for the last day of the month; here write \(lastHint)") }
            content.isLast = true
            return
        }
        if isWeekday, let place = try placed(item) {
            content.placed.insert(place)
            return
        }
        let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let step = parts.count == 2 ? try self.step(parts[1], in: item) : 1
        var (first, last) = try bounds(parts[0], hasStep: parts.count == 2)
        if last < first {
            guard isWeekday else {
                throw problem(
                    "'\(parts[0])' runs backwards; write \(last)-\(first), or "
                        + "\(first)-\(range.upperBound),\(range.lowerBound)-\(last)")
            }
            last += 7
        }
        while first <= last {
            content.values |= 1 << UInt64(isWeekday ? first % 7 : first)
            first += step
        }
    }

    private func bounds(_ text: Substring, hasStep: Bool) throws(ScheduleError) -> (Int, Int) {
        if text == "*" { return (range.lowerBound, range.upperBound) }
        if text == "?" { throw problem("'?' is not known; write *") }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        switch ends.count {
        case 1:
            let value = try value(ends[0])
            return (value, hasStep ? range.upperBound : value)
        case 2:
            let (first, last) = (try value(ends[0]), try value(ends[1]))
            // A 7 behind the dash is the Sunday at the end of the week.
            return (first, isWeekday && ends[1] == "7" && ends[0] != "7" && first == 0 ? 7 : last)
        default:
            throw problem(
                "'\(text)' is no range; a range has two ends, such as \(range.lowerBound)-\(range.upperBound)")
        }
    }

    private func step(_ text: Substring, in item: Substring) throws(ScheduleError) -> Int {
        guard let step = Int(text), step > 0, text.first?.isNumber == true else {
            throw problem("the step of '\(item)' must be a whole number from 1 on, got '\(text)'")
        }
        let count = range.upperBound - range.lowerBound + 1
        guard step <= count else {
            throw problem(
                "the step of '\(item)' is longer than the field, which has \(count) values; use `every` instead")
        }
        return step
    }

    private func value(_ text: Substring) throws(ScheduleError) -> Int {
        if let index = names.firstIndex(of: text.lowercased()) { return range.lowerBound + index }
        if let long = names.firstIndex(where: { text.count > 3 && Self.longName(of: $0).hasPrefix(text.lowercased()) })
        {
            return range.lowerBound + long
        }
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(text) else {
            let hint = names.isEmpty ? "" : NearestWord.hint(for: String(text), in: names)
            throw problem("'\(text)' is not \(expectation)\(hint)")
        }
        if isWeekday, number == 7 { return 0 }
        guard range.contains(number) else {
            let nearest = number < range.lowerBound ? range.lowerBound : range.upperBound
            throw problem("\(number) is not \(expectation); the nearest is \(nearest)")
        }
        return number
    }

    /// `fri#2`, `5L`; `nil` for anything else.
    private func placed(_ item: Substring) throws(ScheduleError) -> CronExpression.PlacedWeekday? {
        if let mark = item.firstIndex(of: "#") {
            let place = item[item.index(after: mark)...]
            guard let number = Int(place), (1...5).contains(number) else {
                throw problem(
                    "'\(item)' must name a place from 1 to 5, got '\(place)'; the last one is \(item[..<mark])L")
            }
            return CronExpression.PlacedWeekday(weekday: try value(item[..<mark]), place: number)
        }
        guard item.count > 1, item.last == "L" || item.last == "l" else { return nil }
        return CronExpression.PlacedWeekday(weekday: try value(item.dropLast()), place: 0)
    }

    private static func longName(of short: String) -> String {
        (CronWords.weekdays + CronWords.months).map { $0.lowercased() }.first { $0.hasPrefix(short) } ?? short
    }

    private var lastHint: String { isWeekday ? "friL for the last Friday" : "\(range.upperBound)" }

    private var expectation: String {
        let numbers = "\(range.lowerBound) to \(isWeekday ? 7 : range.upperBound)"
        guard let first = names.first, let last = names.last else { return "a number from \(numbers)" }
        return "a number from \(numbers) or a name from \(first) to \(last)"
    }

    private func problem(_ text: String) -> ScheduleError { ScheduleError("\(name): \(text)") }
}

extension CronExpression {
    private static let shorthands = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]

    /// The five fields, of a shorthand too.
    static func fields(of text: String) throws(ScheduleError) -> [Substring] {
        var text = text
        if text.hasPrefix("@") {
            guard let meaning = shorthands[text.lowercased()] else {
                let known = shorthands.keys.sorted()
                throw ScheduleError(
                    "'\(text)' is no schedule\(NearestWord.hint(for: text, in: known)); known are "
                        + known.joined(separator: ", "))
            }
            text = meaning
        }
        let fields = text.split(separator: " ")
        guard fields.count == 5 else {
            let six = fields.count == 6 ? "; there is no field for seconds or years" : ""
            throw ScheduleError(
                "'\(text)' has \(fields.count) fields; cron has five: "
                    + CronField.all.map(\.name).joined(separator: ", ") + six)
        }
        return fields
    }
}
