/// Who wrote a message, or caused an event.
public enum Speaker: String, Hashable, Sendable, Codable {
    /// The customer.
    case client
    /// A human agent other than the host's own seat.
    case `operator`
    /// A bot or automation of the platform, or the platform itself.
    case bot
    /// This host, on this channel.
    case own = "self"
}

/// One message of a session.
public struct Message: Hashable, Sendable {
    public var id: String
    /// Empty when the message has no text.
    public var text: String
    public var at: Instant
    public var from: Speaker
    /// The platform's own name of the kind of content (`text`, `input_select`, `form`, …).
    public var contentType: String
    public var attachments: [Attachment]
    /// Buttons that the message offers.
    public var quickReplies: [QuickReply]
    /// What a person answered to buttons or a form, as the platform sent it.
    public var submittedValues: RawJSON?
    public var replyTo: String?
    /// A note that only agents see.
    public var isPrivate: Bool
    public var isDeleted: Bool

    public init(
        id: String, text: String, at: Instant, from: Speaker, contentType: String = "text",
        attachments: [Attachment] = [], quickReplies: [QuickReply] = [], submittedValues: RawJSON? = nil,
        replyTo: String? = nil, isPrivate: Bool = false, isDeleted: Bool = false
    ) {
        self.id = id
        self.text = text
        self.at = at
        self.from = from
        self.contentType = contentType
        self.attachments = attachments
        self.quickReplies = quickReplies
        self.submittedValues = submittedValues
        self.replyTo = replyTo
        self.isPrivate = isPrivate
        self.isDeleted = isDeleted
    }
}

/// A button of a message: what it shows and what it answers.
public struct QuickReply: Hashable, Sendable {
    public var title: String
    public var value: String

    public init(title: String, value: String) {
        self.title = title
        self.value = value
    }
}

/// A file, a place or a card that came with a message.
public struct Attachment: Hashable, Sendable {
    public var id: String
    /// `image`, `audio`, `video`, `file`, `location`, `contact`, or the platform's own word.
    public var kind: String
    public var url: String?
    public var name: String?
    public var mime: String?
    /// In bytes.
    public var size: Int64?
    public var latitude: Double?
    public var longitude: Double?

    public init(
        id: String, kind: String, url: String? = nil, name: String? = nil, mime: String? = nil, size: Int64? = nil,
        latitude: Double? = nil, longitude: Double? = nil
    ) {
        self.id = id
        self.kind = kind
        self.url = url
        self.name = name
        self.mime = mime
        self.size = size
        self.latitude = latitude
        self.longitude = longitude
    }
}
