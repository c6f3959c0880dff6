import Foundation
import Moonwire

/// Why a broadcast that is running sends nothing for the moment.
enum BroadcastWait: Equatable, Sendable {
    /// No host runs that could send.
    case host
    /// A step of its ramp is being watched.
    case ramp(until: Instant)
    /// Quiet hours hold for everybody who is left.
    case quiet(until: Instant)

    /// - Parameter nextDue: When the next pending recipient's time comes.
    init?(_ record: BroadcastRecord, nextDue: Instant?, at now: Instant) {
        guard record.state == .running, record.counts.pending > 0, record.counts.claimed == 0 else { return nil }
        if let since = record.heldSince {
            let until = since + .milliseconds(record.plan.rampWait)
            guard until > now else { return nil }
            self = .ramp(until: until)
        } else if let nextDue, nextDue > now {
            self = .quiet(until: nextDue)
        } else {
            return nil
        }
    }

    var word: String {
        switch self {
        case .host: "host"
        case .ramp: "ramp"
        case .quiet: "quiet"
        }
    }

    var until: Instant? {
        switch self {
        case .host: nil
        case .ramp(let until), .quiet(let until): until
        }
    }

    /// `ramp step watched until 16:35:01`, with the day where that is not today.
    func text(at now: Instant, zone: TimeZone = .current) -> String {
        let what =
            switch self {
            case .host: "no host is running"
            case .ramp: "ramp step watched"
            case .quiet: "quiet hours"
            }
        guard let until else { return what }
        let time = LocalTime(zone: zone)
        let isToday = time.day(until) == time.day(now)
        return "\(what) until \(isToday ? String(time.time(until).dropLast(4)) : time.moment(until))"
    }
}
