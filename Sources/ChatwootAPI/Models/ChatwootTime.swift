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
        guard let seconds = element.double ?? element.withUTF8(ISO8601.seconds) ?? nil, seconds != 0 else {
            return nil
        }
        self.init(secondsSince1970: seconds)
    }

    /// Reads `2026-05-02T08:11:09.120Z`, with or without a fraction, with `Z` or an offset.
    init?(iso8601 text: String) {
        var text = text
        guard let seconds = text.withUTF8(ISO8601.seconds) else { return nil }
        self.init(secondsSince1970: seconds)
    }
}

extension ChatwootTime {
    /// As requests take it; nil for times that no clock shows.
    var wholeSeconds: Int? { Int(exactly: secondsSince1970.rounded(.down)) }
}
