/// Dates as text.
package enum ISO8601 {
    /// Seconds since 1970 of `2026-05-02T08:11:09.120Z`, with or without a fraction, with `Z`, an offset or neither, which
    /// is UTC. Nil for anything else.
    package static func seconds(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        var scanner = DigitScanner(text: text)
        guard let year = scanner.digits(4), scanner.skip("-"), let month = scanner.digits(2), scanner.skip("-"),
            let day = scanner.digits(2), scanner.skip("T") || scanner.skip(" "),
            let hour = scanner.digits(2), scanner.skip(":"), let minute = scanner.digits(2), scanner.skip(":"),
            let second = scanner.digits(2), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
            second < 61
        else { return nil }
        let fraction = scanner.skip(".") ? scanner.fraction() : 0
        guard let offset = scanner.zoneOffset() else { return nil }
        let days = daysSince1970(year: year, month: month, day: day)
        return Double(days * 86_400 + hour * 3600 + minute * 60 + second - offset) + fraction
    }

    /// Seconds since 1970 as `2026-05-02T08:11:09+00:00`, rounded down; nil for times that no clock shows.
    package static func text(secondsSince1970: Double) -> String? {
        guard abs(secondsSince1970) < 1e11, let seconds = Int(exactly: secondsSince1970.rounded(.down)) else {
            return nil
        }
        let secondOfDay = (seconds % 86_400 + 86_400) % 86_400
        let date = date((seconds - secondOfDay) / 86_400)
        let time = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60]
        return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2) + "T"
            + time.map { padded($0, 2) }.joined(separator: ":") + "+00:00"
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    /// The reverse of `daysSince1970`, by the same years.
    private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let sinceEra = days + 719_468
        let era = (sinceEra >= 0 ? sinceEra : sinceEra - 146_096) / 146_097
        let dayOfEra = sinceEra - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    /// Counts days in years that begin in March, so that the leap day is a year's last.
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

private struct DigitScanner {
    let text: UnsafeBufferPointer<UInt8>
    var index = 0

    init(text: UnsafeBufferPointer<UInt8>) {
        self.text = text
    }

    mutating func digits(_ count: Int) -> Int? {
        guard index + count <= text.count else { return nil }
        var value = 0
        for byte in text[index..<index + count] {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        index += count
        return value
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard index < text.count, text[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    mutating func fraction() -> Double {
        var value = 0.0
        var scale = 0.1
        while let digit = digits(1) {
            value += Double(digit) * scale
            scale /= 10
        }
        return value
    }

    /// Seconds east of Greenwich; text without a zone is taken as UTC.
    mutating func zoneOffset() -> Int? {
        if index == text.count { return 0 }
        if skip("Z") { return index == text.count ? 0 : nil }
        let sign = skip("+") ? 1 : skip("-") ? -1 : 0
        guard sign != 0, let hours = digits(2), skip(":") || true, let minutes = digits(2), index == text.count else {
            return nil
        }
        return sign * (hours * 3600 + minutes * 60)
    }
}
