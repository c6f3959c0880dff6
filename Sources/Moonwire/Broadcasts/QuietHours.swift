import Foundation

/// The hours in which nobody wants a message.
public struct QuietHours: Sendable, Hashable, Codable {
    /// In minutes of the day; `end` lies behind `start`, on the next day where it is smaller.
    public let start: Int
    public let end: Int
    /// An IANA zone, or `nil` for the recipient's own.
    public let zone: String?

    public init(start: Int, end: Int, zone: String?) {
        self.start = start
        self.end = end
        self.zone = zone
    }

    /// Reads `"21:00-09:00 client"`, `"21:00-09:00 Asia/Riyadh"` or `"21:00-09:00"`, which is meant in `zone`.
    public init?(_ text: String, zone: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: true)
        guard let hours = parts.first?.split(separator: "-", omittingEmptySubsequences: false), hours.count == 2,
            parts.count <= 2, let start = Self.minutes(hours[0]), let end = Self.minutes(hours[1]), start != end
        else { return nil }
        switch parts.dropFirst().first.map(String.init) {
        case nil: self.init(start: start, end: end, zone: zone)
        case "client"?: self.init(start: start, end: end, zone: nil)
        case let name?:
            guard TimeZone(identifier: name) != nil else { return nil }
            self.init(start: start, end: end, zone: name)
        }
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.count) && $0.allSatisfy(\.isNumber) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), (0...24).contains(hour), (0...59).contains(minute),
            hour < 24 || minute == 0
        else { return nil }
        return hour % 24 * 60 + minute
    }

    /// When the quiet that holds at `now` ends; `nil` when there is none.
    ///
    /// - Parameters:
    ///   - client: The recipient's zone, where it is known.
    ///   - fallback: The zone that counts where it is not.
    public func end(at now: Instant, client: String?, fallback: String) -> Instant? {
        let name = zone ?? client
        let zone =
            name.flatMap { TimeZone(identifier: $0) } ?? TimeZone(identifier: fallback) ?? TimeZone(secondsFromGMT: 0)
        guard let zone else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let date = Date(timeIntervalSince1970: now.seconds)
        let parts = calendar.dateComponents([.hour, .minute], from: date)
        let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
        let isQuiet = start < end ? (start..<end).contains(minute) : minute >= start || minute < end
        guard isQuiet else { return nil }
        let next = calendar.nextDate(
            after: date, matching: DateComponents(hour: end / 60, minute: end % 60, second: 0),
            matchingPolicy: .nextTime)
        return next.map { Instant(seconds: $0.timeIntervalSince1970) }
    }
}
