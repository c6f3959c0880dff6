public import EventJSON

/// A conversation as either API, the stream or a webhook shows it; what a view leaves out is nil or empty.
public struct ChatwootConversation: Hashable, Sendable {
    /// The display id, which all calls take.
    public let id: Int
    /// Names the conversation's satisfaction survey.
    public let uuid: String?
    public let accountID: Int?
    public let inboxID: Int?
    public let status: ChatwootStatus
    /// All visible messages in the client API; the last one, or none, elsewhere.
    public internal(set) var messages: [ChatwootMessage]
    public let contact: ChatwootSender?
    /// The session that the conversation belongs to.
    public let session: ChatwootContactInbox?
    public let assignee: ChatwootSender?
    /// `User` or `AgentBot`.
    public let assigneeType: String?
    public let team: ChatwootTeam?
    public let labels: [String]
    public let priority: ChatwootPriority?
    public let customAttributes: JSONObject
    public let additionalAttributes: JSONObject
    /// The channel's type, such as `Channel::Api`.
    public let channel: String?
    /// Whether the platform lets operators answer now.
    public let canReply: Bool?
    public let unreadCount: Int?
    public let isMuted: Bool
    public let snoozedUntil: ChatwootTime?
    public let waitingSince: ChatwootTime?
    public let firstReplyAt: ChatwootTime?
    public let lastActivityAt: ChatwootTime?
    /// Nil when never, as the next two.
    public let contactLastSeenAt: ChatwootTime?
    public let agentLastSeenAt: ChatwootTime?
    public let assigneeLastSeenAt: ChatwootTime?
    public let createdAt: ChatwootTime?
    public let updatedAt: ChatwootTime?

    init?(_ element: JSONElement) {
        guard let id = element["id"]?.id else { return nil }
        let meta = element["meta"]
        self.id = id
        uuid = element.filledText("uuid")
        accountID = (element["account_id"] ?? element["account"]?["id"])?.id
        inboxID = (element["inbox_id"] ?? element["channel_id"])?.id ?? element["contact_inbox"]?["inbox_id"]?.id
        status = element.word("status") ?? .open
        messages = element.list("messages") { ChatwootMessage($0) }
        contact = (meta?["sender"] ?? element["contact"]).flatMap { ChatwootSender($0) }
        session = element["contact_inbox"].flatMap { ChatwootContactInbox($0) }
        assignee = meta?["assignee"].flatMap { ChatwootSender($0) }
        assigneeType = meta?.filledText("assignee_type")
        team = meta?["team"].flatMap { ChatwootTeam($0) }
        labels = element.strings("labels")
        priority = element.word("priority")
        customAttributes = element.tree("custom_attributes")
        additionalAttributes = element.tree("additional_attributes")
        channel = element.filledText("channel") ?? meta?.filledText("channel")
        canReply = element["can_reply"]?.bool
        unreadCount = element["unread_count"]?.int
        isMuted = element.flag("muted")
        snoozedUntil = element.time("snoozed_until")
        waitingSince = element.time("waiting_since")
        firstReplyAt = element.time("first_reply_created_at")
        lastActivityAt = element.time("last_activity_at") ?? element.time("timestamp")
        contactLastSeenAt = element.time("contact_last_seen_at")
        agentLastSeenAt = element.time("agent_last_seen_at")
        assigneeLastSeenAt = element.time("assignee_last_seen_at")
        createdAt = element.time("created_at")
        updatedAt = element.time("updated_at")
    }
}
