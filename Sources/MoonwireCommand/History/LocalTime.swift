import Foundation
import Moonwire

/// Instants and times between them, as a person at this machine reads them.
struct LocalTime {
    private let calendar: Calendar

    init(zone: TimeZone = .current) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        self.calendar = calendar
    }

    /// `2026-11-21`
    func day(_ instant: Instant) -> String {
        let parts = parts(instant)
        return "\(parts.year ?? 0)-\(padded(parts.month))-\(padded(parts.day))"
    }

    /// `16:35:01.123`
    func time(_ instant: Instant) -> String {
        let parts = parts(instant)
        let thousandths = String(1000 + (instant.rawValue % 1000 + 1000) % 1000).dropFirst()
        return "\(padded(parts.hour)):\(padded(parts.minute)):\(padded(parts.second)).\(thousandths)"
    }

    /// `2026-11-21 16:35:01`
    func moment(_ instant: Instant) -> String { day(instant) + " " + time(instant).dropLast(4) }

    /// `12 ms`, `1.5 s`, `2 min 5 s`, `3 h 20 min`, `4 d 2 h`.
    static func spelled(_ duration: Duration) -> String {
        let milliseconds = duration.milliseconds
        let seconds = milliseconds / 1000
        switch milliseconds {
        case ..<0: return "-" + spelled(.milliseconds(-milliseconds))
        case ..<1000: return "\(milliseconds) ms"
        case ..<60_000: return "\(seconds).\(milliseconds % 1000 / 100) s"
        case ..<3_600_000: return "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400_000: return "\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: return "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
        }
    }

    private func parts(_ instant: Instant) -> DateComponents {
        calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: instant.seconds))
    }

    private func padded(_ number: Int?) -> String { String(String(100 + (number ?? 0)).dropFirst()) }
}
