public import EventJSON

/// One event of the realtime stream, or of a webhook.
public struct ChatwootEvent: Sendable {
    public let name: Name
    /// A user's token streams all accounts of the user: drop what is for another account.
    public let accountID: Int?
    public let content: Content
    /// The names of the fields that changed, where the event says so. For `messageUpdated` act only on `content`,
    /// `content_attributes` and `attachments`: reading a chat updates the status of every message in it.
    public let changedFields: [String]
    /// The user or bot that caused the event, where the platform says so.
    public let performerID: Int?
    /// The event as the platform sent it, `{"event":…,"data":{…}}`, with `"***"` in place of every token and source id.
    public let redactedPayload: [UInt8]

    /// What happened, by the stream's own names.
    public struct Name: ChatwootWord {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let messageCreated = Self(rawValue: "message.created")
        public static let messageUpdated = Self(rawValue: "message.updated")
        public static let firstReplyCreated = Self(rawValue: "first.reply.created")
        public static let conversationCreated = Self(rawValue: "conversation.created")
        public static let conversationUpdated = Self(rawValue: "conversation.updated")
        public static let conversationStatusChanged = Self(rawValue: "conversation.status_changed")
        public static let conversationRead = Self(rawValue: "conversation.read")
        public static let conversationContactChanged = Self(rawValue: "conversation.contact_changed")
        public static let conversationMentioned = Self(rawValue: "conversation.mentioned")
        /// Before release 2.0, in place of `conversationStatusChanged`.
        public static let conversationOpened = Self(rawValue: "conversation.opened")
        public static let conversationResolved = Self(rawValue: "conversation.resolved")
        public static let assigneeChanged = Self(rawValue: "assignee.changed")
        public static let teamChanged = Self(rawValue: "team.changed")
        public static let typingOn = Self(rawValue: "conversation.typing_on")
        public static let typingOff = Self(rawValue: "conversation.typing_off")
        public static let presenceUpdate = Self(rawValue: "presence.update")
        public static let contactCreated = Self(rawValue: "contact.created")
        public static let contactUpdated = Self(rawValue: "contact.updated")
        public static let contactMerged = Self(rawValue: "contact.merged")
        public static let contactDeleted = Self(rawValue: "contact.deleted")
    }

    /// What the event is about.
    public enum Content: Sendable {
        case message(ChatwootMessage)
        case conversation(ChatwootConversation)
        case typing(ChatwootTyping)
        case presence(ChatwootPresence)
        case contact(ChatwootContact)
        /// Of a name that is not known here, or with data that make no sense for the name.
        case other
    }

    /// Reads a data frame of the realtime stream, whole and as received, in one parse.
    ///
    /// Throws `JSONError` when the frame is not JSON. Returns nil for a frame that holds no event, such as a ping.
    public init?(frame: [UInt8], parser: JSONParser) throws {
        let event: ChatwootEvent? = try parser.parse(frame) { root in
            guard let message = root["message"], message.isObject, let name = message.text("event"),
                let data = message["data"]
            else { return nil }
            return ChatwootEvent(
                name: name, data: data,
                redactedPayload: ChatwootRedaction.message(of: frame, root: root, message: message))
        }
        guard let event else { return nil }
        self = event
    }

    /// Reads the body of a webhook, where the data stand beside the event's name.
    ///
    /// Throws `JSONError` when the body is not JSON. Returns nil when it holds no event.
    public init?(webhook body: [UInt8], parser: JSONParser) throws {
        let event: ChatwootEvent? = try parser.parse(body) { root in
            guard let name = root.text("event") else { return nil }
            return ChatwootEvent(name: name, data: root, redactedPayload: ChatwootRedaction.payload(root))
        }
        guard let event else { return nil }
        self = event
    }

    private init(name: String, data: JSONElement, redactedPayload: [UInt8]) {
        self.name = Name(rawValue: Self.streamName(name))
        self.redactedPayload = redactedPayload
        content = Content(self.name, data)
        performerID = data["performer"]?["id"]?.id
        changedFields = Self.changedFields(data)
        accountID = (data["account_id"] ?? data["account"]?["id"] ?? data["conversation"]?["account_id"])?.id
    }

    /// Webhooks, and one fork, write an underscore where the stream has its first dot.
    private static func streamName(_ name: String) -> String {
        guard !name.utf8.contains(UInt8(ascii: ".")), let place = name.firstIndex(of: "_") else { return name }
        return name[..<place] + "." + name[name.index(after: place)...]
    }

    private static func changedFields(_ data: JSONElement) -> [String] {
        var fields: [String] = []
        data["previous_changes"]?.forEachMember { key, _ in if let key = key.string { fields.append(key) } }
        data["changed_attributes"]?.elements.forEach { change in
            change.forEachMember { key, _ in if let key = key.string { fields.append(key) } }
        }
        return fields
    }
}

extension ChatwootEvent.Content {
    init(_ name: ChatwootEvent.Name, _ data: JSONElement) {
        self =
            switch name {
            case .messageCreated, .messageUpdated, .firstReplyCreated:
                ChatwootMessage(data).map(Self.message) ?? .other
            case .conversationCreated, .conversationUpdated, .conversationStatusChanged, .conversationRead,
                .conversationContactChanged, .conversationMentioned, .conversationOpened, .conversationResolved,
                .assigneeChanged, .teamChanged:
                ChatwootConversation(data).map(Self.conversation) ?? .other
            case .typingOn, .typingOff: ChatwootTyping(data).map(Self.typing) ?? .other
            case .presenceUpdate: .presence(ChatwootPresence(data))
            case .contactCreated, .contactUpdated, .contactMerged, .contactDeleted:
                ChatwootContact(data).map(Self.contact) ?? .other
            default: .other
            }
    }
}
