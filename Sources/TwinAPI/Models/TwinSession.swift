public import EventJSON

/// A conversation of one client, as the REST API or a live event shows it; what a view leaves out is nil or empty.
public struct TwinSession: Hashable, Sendable {
    public let id: String
    public let chatID: String?
    public let name: String?
    public let status: TwinWord?
    public let botStatus: TwinWord?
    public let channel: TwinWord?
    /// `WHATSAPP`, `TELEGRAM`, …
    public let messengerType: TwinWord?
    public let isMarkedAsSpam: Bool?
    /// Whose the session is; nil when nobody's, or when this view does not say: see `saysOperator`.
    public let operatorID: String?
    /// Whether this view says whose the session is, be it nobody's.
    public let saysOperator: Bool
    public let operatorName: String?
    public let operatorType: TwinWord?
    public let operatorAssignedAt: TwinTime?
    public let previousOperator: TwinSessionOperator?
    public let operators: [TwinSessionOperator]
    public let client: TwinSessionClient
    public let startedAt: TwinTime?
    /// How long the session lives.
    public let ttl: Duration?
    public let lastMessageCreatedAt: TwinTime?
    public let unreadClientMessageCount: Int?
    public let hasUnreadClientMessages: Bool?
    /// The wished times to the first and to the next answers.
    public let timerFirstAnswer: Duration?
    public let timerNextAnswers: Duration?
    public let lastMessage: TwinMessageExcerpt?
    /// Text or an object, as the next.
    public let lastOperatorMessage: JSON?
    public let firstClientMessageAfterLastOperatorMessage: JSON?
    public let tags: [String]
    public let closedAt: TwinTime?
    public let closedByUserID: String?
    public let operatorNotFoundAt: TwinTime?
    public let takenByOperatorAt: TwinTime?
    public let rating: JSON?
    /// The session as the platform sent it, secrets replaced; empty inside an event, which keeps its own.
    public let raw: [UInt8]

    init?(_ element: JSONElement) {
        guard let id = element.id("id") else { return nil }
        self.init(element, id: id, raw: element.redacted)
    }

    /// A session whose id may stand elsewhere.
    init(_ element: JSONElement, id: String, raw: [UInt8] = []) {
        self.id = id
        self.raw = raw
        chatID = element.id("chatId", "chat_id")
        name = element.filledText("name", nil)
        status = element.word("status")
        botStatus = element.word("botStatus", "bot_status")
        channel = element.word("channel")
        messengerType = element.word("messengerType", "messenger_type")
        isMarkedAsSpam = element.flag("markedAsSpam", "marked_as_spam")
        operatorID = element.id("operatorId", "operator_id")
        saysOperator = element.field("operatorId", "operator_id") != nil
        operatorName = element.filledText("operatorName", "operator_name")
        operatorType = element.word("operatorType", "operator_type")
        operatorAssignedAt = element.time("operatorAssignedAt", "operator_assigned_at")
        previousOperator = element.object("previousOperator", "previous_operator").map { TwinSessionOperator($0) }
        operators = element.list("operators") { $0.isObject ? TwinSessionOperator($0) : nil }
        client = TwinSessionClient(element)
        startedAt = element.time("startedAt", "started_at")
        ttl = element.duration("ttl")
        lastMessageCreatedAt = element.time("lastMessageCreatedAt", "last_message_created_at")
        unreadClientMessageCount = element.int("unreadClientMessageCount", "unread_client_message_count")
        hasUnreadClientMessages = element.flag("unreadClientMessageExists", "unread_client_message_exists")
        timerFirstAnswer = element.duration("timerFirstAnswer", "timer_first_answer")
        timerNextAnswers = element.duration("timerNextAnswers", "timer_next_answers")
        lastMessage = element.object("lastMessage", "last_message").map { TwinMessageExcerpt($0) }
        lastOperatorMessage = element.tree("lastOperatorMessage", "last_operator_message")
        firstClientMessageAfterLastOperatorMessage = element.tree(
            "firstClientMessageAfterLastOperatorMessage", "first_client_message_after_last_operator_message")
        tags = Self.tags(element["tags"])
        closedAt = element.time("closedAt", "closed_at")
        closedByUserID = element.id("closedByUserId", "closed_by_user_id")
        operatorNotFoundAt = element.time("operatorNotFoundAt", "operator_not_found_at")
        takenByOperatorAt = element.time("takenByOperatorAt", "taken_by_operator_at")
        rating = element.tree("rating")
    }

    /// Whether an operator holds the session, alone or with others.
    public func isHeld(by operatorID: String) -> Bool {
        self.operatorID == operatorID || operators.contains { $0.id == operatorID }
    }

    /// Text with commas, or a list.
    private static func tags(_ element: JSONElement?) -> [String] {
        if let text = element?.string {
            return text.split(separator: ",").map { String($0.drop { $0 == " " }) }.filter { !$0.isEmpty }
        }
        return element?.elements.compactMap { $0.string ?? $0.filledText("name", nil) } ?? []
    }
}

/// An operator of a session, or the one before.
public struct TwinSessionOperator: Hashable, Sendable {
    public let id: String?
    public let name: String?
    public let type: TwinWord?
    public let assignedAt: TwinTime?

    init(_ element: JSONElement) {
        id = element.id("id")
        name = element.filledText("name", nil)
        type = element.word("type")
        assignedAt = element.time("assigned_at", "assignedAt")
    }
}
