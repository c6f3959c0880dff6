public import EventJSON

/// A message of a session.
public struct TwinMessage: Hashable, Sendable {
    /// Dedupe by it.
    public let id: String
    public let sessionID: String?
    /// The operator's id as text; a UUID for clients and bots.
    public let authorID: String?
    /// `TwinWord.client`, `.operator`, `.bot`, or a word that is not known here.
    public let authorType: TwinWord?
    public let authorName: String?
    public let type: TwinWord?
    public let body: String?
    public let createdAt: TwinTime?
    public let updatedAt: TwinTime?
    public let readAt: TwinTime?
    /// Quick answers and buttons of a bot's message, as the platform writes them.
    public let answers: [JSON]
    public let keyboard: [JSON]
    public let actions: JSON?
    public let attachments: [TwinStoredFile]
    public let replyTo: TwinMessageExcerpt?
    /// The message as the platform sent it, secrets replaced; empty inside an event, which keeps its own.
    public let raw: [UInt8]

    init?(_ element: JSONElement) {
        guard let id = element.id("id") else { return nil }
        self.init(element, id: id, sessionID: element.id("sessionId", "session_id"), raw: element.redacted)
    }

    /// A message whose ids stand elsewhere.
    init(_ element: JSONElement, id: String, sessionID: String?, raw: [UInt8] = []) {
        self.id = id
        self.sessionID = sessionID
        self.raw = raw
        let excerpt = TwinMessageExcerpt(element)
        authorID = excerpt.authorID
        authorType = excerpt.authorType
        authorName = excerpt.authorName
        type = excerpt.type
        body = excerpt.body
        createdAt = excerpt.createdAt
        readAt = excerpt.readAt
        answers = excerpt.answers
        keyboard = excerpt.keyboard
        actions = excerpt.actions
        attachments = excerpt.attachments
        updatedAt = element.time("updatedAt", "updated_at")
        replyTo = element.object("replyTo", "reply_to").map { TwinMessageExcerpt($0) }
    }
}

/// A message as another thing shows it: the one that is answered, or a session's last. Anything may be missing.
public struct TwinMessageExcerpt: Hashable, Sendable {
    public let id: String?
    public let sessionID: String?
    public let authorID: String?
    public let userID: String?
    public let botID: String?
    public let clientID: String?
    public let authorType: TwinWord?
    public let authorName: String?
    public let type: TwinWord?
    public let body: String?
    public let createdAt: TwinTime?
    public let readAt: TwinTime?
    public let answers: [JSON]
    public let keyboard: [JSON]
    public let actions: JSON?
    public let attachments: [TwinStoredFile]

    init(_ element: JSONElement) {
        id = element.id("id")
        sessionID = element.id("sessionId", "session_id")
        authorID = element.id("authorId", "author_id")
        userID = element.id("userId", "user_id")
        botID = element.id("botId", "bot_id")
        clientID = element.id("clientId", "client_id")
        authorType = element.word("authorType", "author_type")
        authorName = element.filledText("authorName", "author_name")
        type = element.word("type")
        body = element.text("body")
        createdAt = element.time("createdAt", "created_at")
        readAt = element.time("readAt", "read_at")
        answers = element.list("answers") { $0.owned }
        keyboard = element.list("keyboard") { $0.owned }
        actions = element.tree("actions")
        attachments = element.list("attachments") { TwinStoredFile($0) }
    }
}
