import EventJSON

/// How the host asks a script for the rows of an audience: by an event in a session of the host's own, once for each
/// attempt.
package enum AudienceRequest {
    private static let prefix = "broadcast:"

    /// The event that a script's audience function handles.
    package static func eventName(of broadcast: String) -> String { prefix + broadcast }

    /// Whether events of a session ask for rows, so that their end is a broadcast's business.
    static func isSession(_ session: SessionID) -> Bool { session.channel == .host && session.id.hasPrefix(prefix) }

    /// The journal admits the same key once, however often a host begins with it.
    static func key(of record: BroadcastRecord) -> String {
        let key = "\(eventName(of: record.plan.name)):\(record.id):audience"
        return record.asked == 0 ? key : "\(key):\(record.asked)"
    }

    static func event(of record: BroadcastRecord, at now: Instant) -> Event {
        let name = eventName(of: record.plan.name)
        let raw: JSON = [
            "id": .int(record.id.rawValue), "broadcast": .string(record.plan.name), "key": .string(record.key),
        ]
        return Event(
            name: name, native: name, key: key(of: record), id: record.key, at: now, channel: .host, platform: .host,
            role: .operator,
            session: Session(id: SessionID(channel: .host, id: name), status: "open", owner: .bot),
            raw: RawJSON(validated: raw.bytes))
    }

    /// What a person does about an audience that could not be had.
    package static func advice(_ name: String, key: String) -> String {
        let word = key.allSatisfy { $0.isLetter || $0.isNumber || "-_.:".contains($0) } ? key : "'\(key)'"
        return "mend that, then: moonwire broadcast resume \(name) --key \(word)"
    }
}

/// How the asking for an audience came to its end.
public enum AudienceEnd: Sendable, Hashable {
    /// No script handles the event.
    case unmatched
    /// The first line of the dead letter, where there is one.
    case failed(String?)
    case handled

    /// Why the rows of a broadcast are not there, for a person.
    func reason(of record: BroadcastRecord) -> String {
        let plan = record.plan
        let place = plan.location.isEmpty ? "" : " (registered at \(plan.location))"
        let what =
            switch self {
            case .unmatched:
                "no script registers the broadcast '\(plan.name)' any more\(place), so that nobody brings its audience"
            case .failed(let error): "the audience function\(place) failed: \(error ?? "its run was lost")"
            case .handled:
                "the audience function\(place) did not bring its rows to an end; another handler of "
                    + "\(AudienceRequest.eventName(of: plan.name)) may have stopped the event"
            }
        return "\(what); \(AudienceRequest.advice(plan.name, key: record.key))"
    }
}
