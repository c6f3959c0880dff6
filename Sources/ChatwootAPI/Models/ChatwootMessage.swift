public import EventJSON

/// A message as either API, the stream or a webhook shows it; what a view leaves out is nil or empty.
public struct ChatwootMessage: Hashable, Sendable {
    /// Global, grows with time: dedupe and order by it.
    public let id: Int
    public let content: String?
    public let direction: ChatwootDirection
    public let contentType: ChatwootContentType
    /// Quick replies, forms, answers and flags; see the properties that read it.
    public let contentAttributes: JSONObject
    /// The display id.
    public let conversationID: Int?
    public let accountID: Int?
    public let inboxID: Int?
    public let createdAt: ChatwootTime?
    public let updatedAt: ChatwootTime?
    /// A note among operators. The client view never says so.
    public let isPrivate: Bool
    public let delivery: ChatwootDelivery?
    /// Given by the creator; only in its own `message.created` or create response.
    public let echoID: String?
    /// The message's id on the platform that it came from, if it came from one.
    public let sourceID: String?
    public let sender: ChatwootSender?
    /// `Contact`, `User`, `AgentBot`, …; nil for the system. In events only.
    public let senderType: String?
    public let senderID: Int?
    public let attachments: [ChatwootAttachment]
    /// What an event tells about the conversation around the message.
    public let conversation: ConversationSummary?

    /// The conversation of a message, in short.
    public struct ConversationSummary: Hashable, Sendable {
        public let assigneeID: Int?
        public let unreadCount: Int?
        public let lastActivityAt: ChatwootTime?
        /// The session. A credential.
        public let contactSourceID: ChatwootSecret?
        /// In webhooks, and in events of forks that put the whole conversation here.
        public let status: ChatwootStatus?
    }

    init?(_ element: JSONElement) {
        guard let id = element["id"]?.id, let direction = ChatwootDirection(element["message_type"]) else { return nil }
        let summary = element["conversation"].flatMap { $0.isObject ? $0 : nil }
        let sender = element["sender"].flatMap { ChatwootSender($0) }
        self.id = id
        self.direction = direction
        self.sender = sender
        content = element.text("content")
        contentType = element.word("content_type") ?? .text
        contentAttributes = element.tree("content_attributes")
        conversationID = element["conversation_id"]?.id ?? summary?["id"]?.id
        accountID = element["account_id"]?.id ?? element["account"]?["id"]?.id
        inboxID = (element["inbox_id"] ?? element["channel_id"])?.id ?? element["inbox"]?["id"]?.id
        createdAt = element.time("created_at")
        updatedAt = element.time("updated_at")
        isPrivate = element.flag("private")
        delivery = element.word("status")
        echoID = element.filledText("echo_id")
        sourceID = element.filledText("source_id")
        senderType = element.filledText("sender_type")
        senderID = element["sender_id"]?.id ?? sender?.id
        attachments = element.list("attachments") { ChatwootAttachment($0) }
        conversation = summary.map { ConversationSummary($0) }
    }
}

extension ChatwootMessage.ConversationSummary {
    init(_ element: JSONElement) {
        assigneeID = element["assignee_id"]?.id ?? element["meta"]?["assignee"]?["id"]?.id
        unreadCount = element["unread_count"]?.int
        lastActivityAt = element.time("last_activity_at")
        contactSourceID = element["contact_inbox"]?.secret("source_id")
        status = element.word("status")
    }
}

extension ChatwootMessage {
    /// Whether a contact may see the message. Old installations show notices, and even notes, to contacts.
    public var isVisibleToContact: Bool { !isPrivate && direction != .activity }

    /// Whether the message was deleted; its content is then a placeholder.
    public var isDeleted: Bool { contentAttributes["deleted"]?.bool ?? false }

    /// The id of the message that this one answers.
    public var inReplyTo: Int? { contentAttributes["in_reply_to"]?.int }

    /// Why the message did not get through, where the platform knows.
    public var externalError: String? { contentAttributes["external_error"]?.string }
}
