/// Something that came in from a platform, in the host's own words.
public struct Event: Hashable, Sendable {
    /// The event's name as scripts know it: `message.created`, or `platform:native_name` for one without a name of ours.
    public var name: String
    /// The platform's own name.
    public var native: String
    /// Unique per channel for what must be handled once; `nil` for typing and presence, which are not admitted.
    public var key: String?
    /// The platform's id of what the event is about, such as the message id.
    public var id: String
    /// When it happened, by the platform's clock where it says so.
    public var at: Instant
    public var channel: ChannelID
    public var platform: Platform
    public var role: Role
    /// Who caused it.
    public var from: Speaker?
    public var session: Session?
    /// The client, for an event that belongs to no session.
    public var client: Client?
    public var message: Message?
    /// For a back-filled event: how many seconds late it reached the host.
    public var late: Int?
    /// The platform's payload with secrets removed; `null` when there is none.
    public var raw: RawJSON

    public init(
        name: String, native: String, key: String?, id: String, at: Instant, channel: ChannelID, platform: Platform,
        role: Role, from: Speaker? = nil, session: Session? = nil, client: Client? = nil, message: Message? = nil,
        late: Int? = nil, raw: RawJSON = .null
    ) {
        self.name = name
        self.native = native
        self.key = key
        self.id = id
        self.at = at
        self.channel = channel
        self.platform = platform
        self.role = role
        self.from = from
        self.session = session
        self.client = client
        self.message = message
        self.late = late
        self.raw = raw
    }

    /// The session that orders the event; the channel itself when it belongs to none.
    public var sessionID: SessionID { session?.id ?? SessionID(channel: channel, id: "") }
}

/// An event that the journal has accepted.
///
/// A class, because it is handed on from room to room and a copy of all its parts each time is not free.
public final class AdmittedEvent: Sendable {
    public let id: EventID
    public let event: Event
    public let body: EventBody
    /// When the journal accepted it.
    public let admittedAt: Instant

    public init(id: EventID, event: Event, body: EventBody, admittedAt: Instant) {
        self.id = id
        self.event = event
        self.body = body
        self.admittedAt = admittedAt
    }
}
