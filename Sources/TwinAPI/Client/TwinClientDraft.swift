internal import CurlHTTP
public import EventJSON

/// What a client begins a session with.
public struct TwinClientDraft: Hashable, Sendable {
    /// The session's name; required.
    public var name: String
    public var clientID: String?
    public var clientExternalID: String?
    public var clientName: String?
    public var clientPhone: String?
    public var clientEmail: String?
    public var clientMetadata: JSONObject?
    /// The first message.
    public var messageBody: String?
    public var messageAttachments: [String]
    /// Further members, by the platform's names: `botId`, `messengerType`, `variables`, …
    public var more: JSONObject

    public init(
        name: String, clientID: String? = nil, clientName: String? = nil, messageBody: String? = nil,
        more: JSONObject = [:]
    ) {
        self.name = name
        self.clientID = clientID
        self.clientName = clientName
        self.messageBody = messageBody
        self.more = more
        messageAttachments = []
    }

    var json: HTTPBody {
        .object { writer in
            writer.member("name", name)
            writer.member("clientId", clientID)
            writer.member("clientExternalId", clientExternalID)
            writer.member("clientName", clientName)
            writer.member("clientPhone", clientPhone)
            writer.member("clientEmail", clientEmail)
            writer.member("clientMetadata", clientMetadata)
            writer.member("messageBody", messageBody)
            writer.member("messageAttachments", messageAttachments.isEmpty ? nil : messageAttachments)
            for member in more {
                writer.key(name: member.key)
                writer.value(member.value)
            }
        }
    }
}

/// A session as its client sees it.
public struct TwinClientSession: Hashable, Sendable {
    public let id: String
    public let clientID: String?
    public let startedAt: TwinTime?
    public let ttl: Duration?
    /// Of the client's first message.
    public let messageID: String?
    /// What was answered at once.
    public let messages: [TwinMessageExcerpt]

    init?(_ element: JSONElement) {
        guard let id = element.id("id") else { return nil }
        self.id = id
        clientID = element.id("clientId", "client_id")
        startedAt = element.time("startedAt", "started_at")
        ttl = element.duration("ttl")
        messageID = element.id("messageId", "message_id")
        messages = element.list("messages") { $0.isObject ? TwinMessageExcerpt($0) : nil }
    }
}
