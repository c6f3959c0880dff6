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
        let clocks = ZonedTime(zone: zone)
        var second = now.rawValue / 1000
        guard isQuiet(atLocal: clocks.local(at: second)) else { return nil }
        // Where the clocks change on the way, it is looked again from there: an hour that is left out may have held the
        // end, and one that comes twice is quiet twice.
        repeat {
            let offset = clocks.offset(at: second)
            let next = second + Self.secondsOfDay(Int64(end) * 60 - second - offset)
            second = clocks.change(after: second, from: offset, before: next)
        } while isQuiet(atLocal: clocks.local(at: second))
        return Instant(milliseconds: second * 1000)
    }

    private func isQuiet(atLocal second: Int64) -> Bool {
        let minute = Int(Self.secondsOfDay(second) / 60)
        return start < end ? (start..<end).contains(minute) : minute >= start || minute < end
    }

    private static func secondsOfDay(_ seconds: Int64) -> Int64 {
        let rest = seconds % 86_400
        return rest < 0 ? rest + 86_400 : rest
    }
}
