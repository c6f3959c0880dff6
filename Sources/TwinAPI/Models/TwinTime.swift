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

    /// The seconds of the year 5138. What is read stays below it, so that no conversion of it can fail.
    private static let limit = 1e11

    /// Reads any of the forms, numbers also as text. Zero means never, and is nil.
    init?(_ element: JSONElement) {
        let number = element.double ?? element.string.flatMap { Double($0) }
        if let number {
            // No date before the year 5000 has as many seconds; what has as many milliseconds is no date.
            let seconds = number > Self.limit ? number / 1000 : number
            guard seconds > 0, seconds < Self.limit else { return nil }
            self.init(secondsSince1970: seconds)
        } else if let seconds = element.withUTF8(ISO8601.seconds) ?? nil, seconds < Self.limit {
            self.init(secondsSince1970: seconds)
        } else {
            return nil
        }
    }

    /// As requests take it, to the second; nil for times that no clock shows.
    var text: String? { ISO8601.text(secondsSince1970: secondsSince1970) }
}
