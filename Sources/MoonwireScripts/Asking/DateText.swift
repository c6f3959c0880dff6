import Moonwire

/// Reads dates as people write them.
///
/// `2026-12-31`, `31.12.2026`, `31/12/26`, `31 December 2026`, `٣١ ديسمبر ٢٠٢٦`, `tomorrow`, `Friday`. A weekday is the
/// next such day after today, and a date without its year the next such day from today on. Years of two digits lie
/// between 80 years ago and 19 years ahead. Days that do not exist are refused, and so are years before 1850, which
/// most often belong to another calendar.
struct DateText {
    enum Order: String {
        case dayFirst = "dmy"
        case monthFirst = "mdy"
    }

    private static let mostWords = 10
    private static let earliestYear = 1850

    /// Which of day and month comes first, unless only the other way gives a day.
    let order: Order
    let today: CalendarDate

    func read(_ said: String) -> CalendarDate? {
        let text = TypedText.plain(said)
        let words = FoldedText.words(of: text)
        guard !words.isEmpty, words.count <= Self.mostWords else { return nil }
        if let distance = DateWords.distance(words.joined(separator: " ")) { return today.adding(days: distance) }
        if text.allSatisfy({ $0.isASCIIDigit || Self.separators.contains($0) }) { return numeric(text) }
        return named(words)
    }

    private static let separators = " .-/\\"

    private func numeric(_ text: String) -> CalendarDate? {
        let parts = text.split { Self.separators.contains($0) }.map(String.init)
        switch parts.count {
        case 3 where parts[0].count == 4: return date(year: parts[0], month: parts[1], day: parts[2])
        case 3: return ordered(parts[0], parts[1]) { date(year: parts[2], month: $1, day: $0) }
        case 2 where text.contains(where: { $0 != " " && !$0.isASCIIDigit }):
            return ordered(parts[0], parts[1]) { comingDate(month: $1, day: $0) }
        case 1 where text.count == 8 && text == parts[0]:
            return date(
                year: String(text.prefix(4)), month: String(text.dropFirst(4).prefix(2)), day: String(text.suffix(2)))
        default: return nil
        }
    }

    /// Reads two numbers as day and month in the rule's order, then in the other one.
    private func ordered(
        _ first: String, _ second: String, _ read: (_ day: String, _ month: String) -> CalendarDate?
    ) -> CalendarDate? {
        switch order {
        case .dayFirst: read(first, second) ?? read(second, first)
        case .monthFirst: read(second, first) ?? read(first, second)
        }
    }

    private func named(_ words: [String]) -> CalendarDate? {
        var weekdays: [Int] = []
        var months: [Int] = []
        var numbers: [String] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            if let next = rest.first, let month = DateWords.month(word + " " + next) {
                rest.removeFirst()
                months.append(month)
            } else if let number = Self.number(word) {
                numbers.append(number)
            } else if let weekday = DateWords.weekday(word) {
                weekdays.append(weekday)
            } else if DateWords.fillers.contains(word) {
                continue
            } else if let month = DateWords.month(word) {
                months.append(month)
            } else {
                return nil
            }
        }
        if months.isEmpty, numbers.isEmpty, weekdays.count == 1, let weekday = weekdays.first {
            return today.adding(days: (weekday - today.weekday + 6) % 7 + 1)
        }
        guard months.count == 1, let month = months.first, let first = numbers.first else { return nil }
        let spelled = String(month)
        switch numbers.count {
        case 1: return comingDate(month: spelled, day: first)
        case 2 where first.count == 4: return date(year: first, month: spelled, day: numbers[1])
        case 2: return date(year: numbers[1], month: spelled, day: first)
        default: return nil
        }
    }

    /// Digits, also of `1st`, `22nd` and `2026г`.
    private static func number(_ word: String) -> String? {
        let digits = word.prefix(while: \.isASCIIDigit)
        guard !digits.isEmpty else { return nil }
        switch word.dropFirst(digits.count) {
        case "", "st", "nd", "rd", "th", "o", "го", "е", "г": return String(digits)
        default: return nil
        }
    }

    private func date(year: String, month: String, day: String) -> CalendarDate? {
        guard let month = short(month), let day = short(day), let number = Int(year) else { return nil }
        switch year.count {
        case 4:
            guard number >= Self.earliestYear else { return nil }
            return CalendarDate(year: number, month: month, day: day)
        case 2:
            let latest = today.year + 19
            let full = latest - latest % 100 + number
            return CalendarDate(year: full > latest ? full - 100 : full, month: month, day: day)
        default: return nil
        }
    }

    /// The next such day, today included. A leap day can be eight years away.
    private func comingDate(month: String, day: String) -> CalendarDate? {
        guard let month = short(month), let day = short(day) else { return nil }
        return (0...8).lazy.compactMap { CalendarDate(year: today.year + $0, month: month, day: day) }
            .first { $0 >= today }
    }

    private func short(_ digits: String) -> Int? { digits.count <= 2 ? Int(digits) : nil }
}
