internal import EventJSON

/// A point in time. The platform writes it as whole seconds, as seconds with a fraction, or as ISO 8601 text.
public struct ChatwootTime: Hashable, Comparable, Sendable {
    public let secondsSince1970: Double

    public init(secondsSince1970: Double) {
        self.secondsSince1970 = secondsSince1970
    }

    public static func < (one: ChatwootTime, other: ChatwootTime) -> Bool {
        one.secondsSince1970 < other.secondsSince1970
    }

    /// Reads any of the three forms. Zero means never, and is nil.
    init?(_ element: JSONElement?) {
        guard let element else { return nil }
        guard let seconds = element.double ?? element.withUTF8(Self.seconds(iso8601:)) ?? nil, seconds != 0 else {
            return nil
        }
        self.init(secondsSince1970: seconds)
    }

    /// Reads `2026-05-02T08:11:09.120Z`, with or without a fraction, with `Z` or an offset.
    init?(iso8601 text: String) {
        var text = text
        guard let seconds = text.withUTF8(Self.seconds(iso8601:)) else { return nil }
        self.init(secondsSince1970: seconds)
    }

    private static func seconds(iso8601 text: UnsafeBufferPointer<UInt8>) -> Double? {
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

extension ChatwootTime {
    /// As requests take it; nil for times that no clock shows.
    var wholeSeconds: Int? { Int(exactly: secondsSince1970.rounded(.down)) }
}
