/// Who is in charge of a session.
public enum Owner: String, Hashable, Sendable, Codable {
    /// This host's seat.
    case bot
    /// A human agent.
    case `operator`
    /// Nobody: unassigned and open.
    case queue
    /// A bot of the platform.
    case platformBot = "platform_bot"
}

/// A session as it was at one moment. Scripts read these fields; fresh ones come with the next recorded outcome.
public struct Session: Hashable, Sendable {
    public var id: SessionID
    /// `open`, `pending`, `snoozed` or `closed`.
    public var status: String
    public var owner: Owner
    public var client: Client?
    public var `operator`: Operator?
    /// The group (on Chatwoot: the team) that the session belongs to.
    public var group: String?
    public var labels: [String]
    /// A JSON object.
    public var attrs: RawJSON

    public init(
        id: SessionID, status: String, owner: Owner, client: Client? = nil, operator: Operator? = nil,
        group: String? = nil, labels: [String] = [], attrs: RawJSON = .emptyObject
    ) {
        self.id = id
        self.status = status
        self.owner = owner
        self.client = client
        self.operator = `operator`
        self.group = group
        self.labels = labels
        self.attrs = attrs
    }
}

/// The customer.
public struct Client: Hashable, Sendable {
    public var id: String
    public var name: String?
    public var phone: String?
    public var email: String?
    /// The business's own id of the person.
    public var identifier: String?
    public var language: String?
    /// An IANA zone name.
    public var tz: String?
    /// A JSON object.
    public var attrs: RawJSON
    public var isOnline: Bool?

    public init(
        id: String, name: String? = nil, phone: String? = nil, email: String? = nil, identifier: String? = nil,
        language: String? = nil, tz: String? = nil, attrs: RawJSON = .emptyObject, isOnline: Bool? = nil
    ) {
        self.id = id
        self.name = name
        self.phone = phone
        self.email = email
        self.identifier = identifier
        self.language = language
        self.tz = tz
        self.attrs = attrs
        self.isOnline = isOnline
    }
}

/// An agent's seat, taken by a human or by a bot.
public struct Operator: Hashable, Sendable {
    public var id: String
    public var name: String?
    public var email: String?

    public init(id: String, name: String? = nil, email: String? = nil) {
        self.id = id
        self.name = name
        self.email = email
    }
}
