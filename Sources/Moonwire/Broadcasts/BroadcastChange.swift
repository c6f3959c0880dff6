import EventJSON

/// A broadcast's change from one state to another, kept by the ledger until it has been told.
public struct BroadcastChange: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case started, paused, resumed, finished, cancelled
    }

    /// Rises with each change of any broadcast, and is never given twice.
    public let number: Int64
    public let kind: Kind
    /// The broadcast as the change left it.
    public let record: BroadcastRecord

    public init(number: Int64, kind: Kind, record: BroadcastRecord) {
        self.number = number
        self.kind = kind
        self.record = record
    }

    private static let eventPrefix = "broadcast."

    /// What scripts know the change as.
    public var eventName: String { Self.eventPrefix + kind.rawValue }

    /// Whether an event tells such a change: nobody need be listening.
    static func isTold(by event: Event) -> Bool {
        event.channel == .host && event.name.hasPrefix(eventPrefix)
    }

    /// The change as an event of the host's own channel. Those of one broadcast keep their order.
    func event(_ figures: BroadcastFigures, at now: Instant) -> Event {
        let id = record.id.rawValue
        let details: JSON = ["broadcast": figures.details]
        return Event(
            name: eventName, native: eventName, key: "\(eventName):\(id):\(number)", id: "\(id)", at: now,
            channel: .host, platform: .host, role: .operator,
            session: Session(
                id: SessionID(channel: .host, id: "\(Self.eventPrefix)\(id)"), status: "open", owner: .bot),
            raw: RawJSON(validated: details.bytes))
    }
}
