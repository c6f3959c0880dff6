import Foundation

/// The clocks of one IANA zone: which instant a local time is, and which local time an instant.
///
/// Local times are seconds since 1970-01-01T00:00 as the zone's clocks show it. The rule where clocks change: a time that
/// is left out is the first instant after the gap; one that comes twice is the first of the two.
struct ZonedTime: Sendable {
    let zone: TimeZone

    /// How far a change of the clocks may reach: the widest is a whole day, where a date was left out.
    private static let reach: Int64 = 2 * 86_400

    func offset(at second: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
    }

    func local(at second: Int64) -> Int64 { second + offset(at: second) }

    func instant(ofLocal local: Int64) -> Int64 {
        let before = offset(at: local - Self.reach)
        let after = offset(at: local + Self.reach)
        if before == after { return local - before }
        return search(local)
    }

    /// The earliest instant whose local time has reached `local`. Between two changes local time grows with the instant,
    /// so that the stretches in reach are looked at one after the other.
    private func search(_ local: Int64) -> Int64 {
        let end = local + Self.reach
        var start = local - Self.reach
        while start < end {
            let offset = offset(at: start)
            let next = change(after: start, from: offset, before: end)
            let candidate = local - offset
            if candidate < next { return max(candidate, start) }
            start = next
        }
        return end
    }

    /// The first second after `start` with another offset, or `end`.
    func change(after start: Int64, from offset: Int64, before end: Int64) -> Int64 {
        var low = start
        // No zone changes its clocks twice within this time.
        while low < end {
            let high = min(low + 6 * 3600, end)
            if self.offset(at: high) != offset {
                var (same, other) = (low, high)
                while other - same > 1 {
                    let middle = same + (other - same) / 2
                    if self.offset(at: middle) == offset { same = middle } else { other = middle }
                }
                return other
            }
            low = high
        }
        return end
    }
}

extension TimeZone {
    /// The zone of an IANA name.
    ///
    /// - Throws: `ScheduleError`, with the nearest name there is.
    package init(named name: String) throws(ScheduleError) {
        guard let zone = TimeZone(identifier: name) else {
            let known = TimeZone.knownTimeZoneIdentifiers
            let place = known.first { $0.hasSuffix("/" + name.replacing(" ", with: "_")) }
            let hint = place.map { "; did you mean '\($0)'?" } ?? NearestWord.hint(for: name, in: known)
            throw ScheduleError("there is no time zone '\(name)'\(hint)")
        }
        self = zone
    }

    /// As people say it: `Riyadh time`, `UTC`.
    package var spoken: String {
        guard let slash = identifier.lastIndex(of: "/") else {
            return identifier == "GMT" ? "UTC" : identifier
        }
        let place = identifier[identifier.index(after: slash)...].replacing("_", with: " ")
        return place == "UTC" ? "UTC" : place + " time"
    }
}
