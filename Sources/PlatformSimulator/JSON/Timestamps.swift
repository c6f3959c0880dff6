import Foundation

extension Date {
    /// Whole seconds since 1970, the form of most times on the wire.
    var epochSeconds: Int { Int(timeIntervalSince1970.rounded(.down)) }

    /// Seconds since 1970 with milliseconds, the form of `updated_at` of a conversation.
    var epochFraction: Double { (timeIntervalSince1970 * 1000).rounded() / 1000 }

    /// The time as ISO 8601 text in UTC with milliseconds.
    ///
    /// Written by hand because it stands in every message event and a formatter costs more than the rest of it.
    var iso8601: String {
        let milliseconds = Int((timeIntervalSince1970 * 1000).rounded(.down))
        let (seconds, fraction) = (milliseconds.floorDivided(by: 1000), milliseconds.floorRemainder(by: 1000))
        let (days, time) = (seconds.floorDivided(by: 86_400), seconds.floorRemainder(by: 86_400))
        // Days to civil date, counted in eras of 400 years that begin on the first of March.
        let shifted = days + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        var text = ""
        text.reserveCapacity(24)
        text.append(padded: year, width: 4)
        text += "-"
        text.append(padded: month, width: 2)
        text += "-"
        text.append(padded: day, width: 2)
        text += "T"
        text.append(padded: time / 3600, width: 2)
        text += ":"
        text.append(padded: time / 60 % 60, width: 2)
        text += ":"
        text.append(padded: time % 60, width: 2)
        text += "."
        text.append(padded: fraction, width: 3)
        text += "Z"
        return text
    }
}

extension Int {
    fileprivate func floorDivided(by divisor: Int) -> Int {
        self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
    }

    fileprivate func floorRemainder(by divisor: Int) -> Int { self - floorDivided(by: divisor) * divisor }
}

extension String {
    fileprivate mutating func append(padded value: Int, width: Int) {
        let digits = String(value)
        for _ in digits.count..<Swift.max(width, digits.count) { self += "0" }
        self += digits
    }
}
