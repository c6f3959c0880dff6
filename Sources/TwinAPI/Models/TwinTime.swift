internal import EventJSON

/// A point in time. The platform writes it as ISO 8601 text, or as seconds or milliseconds since 1970.
public struct TwinTime: Hashable, Comparable, Sendable {
    public let secondsSince1970: Double

    public init(secondsSince1970: Double) {
        self.secondsSince1970 = secondsSince1970
    }

    public static func < (one: TwinTime, other: TwinTime) -> Bool {
        one.secondsSince1970 < other.secondsSince1970
    }

    /// Reads any of the forms, numbers also as text. Zero means never, and is nil.
    init?(_ element: JSONElement) {
        let number = element.double ?? element.string.flatMap { Double($0) }
        if let number {
            guard number.isFinite, number > 0 else { return nil }
            // No date before the year 5000 has as many seconds.
            self.init(secondsSince1970: number > 1e11 ? number / 1000 : number)
        } else if let seconds = element.withUTF8(ISO8601.seconds) ?? nil {
            self.init(secondsSince1970: seconds)
        } else {
            return nil
        }
    }

    /// As requests take it, to the second; nil for times that no clock shows.
    var text: String? { ISO8601.text(secondsSince1970: secondsSince1970) }
}
