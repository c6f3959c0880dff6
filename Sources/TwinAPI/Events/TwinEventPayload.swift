internal import EventJSON

/// Looks for what an event is about in every place where it may stand.
struct TwinEventPayload {
    let sessionID: String?
    let messageID: String?
    let operatorID: String?
    let clientID: String?
    let content: TwinEvent.Content

    /// `data` is the envelope's `data`, or the envelope itself. Data that are text or a number are "the id".
    init(_ name: TwinEvent.Name, _ data: JSONElement?) {
        let message = data?.object("message")
        let session = data?.object("session") ?? data?.object("chatSession", "chat_session")
        let ownID = data.flatMap { $0.isObject ? $0.id("id") : $0.id }

        var sessionID =
            data?.id("sessionId", "session_id") ?? data?.object("session")?.id("id")
            ?? data?.id("chatSessionId", "chat_session_id") ?? data?.object("chatSession", "chat_session")?.id("id")
            ?? data?.id("session") ?? message?.id("sessionId", "session_id")
        var messageID = data?.id("messageId", "message_id") ?? message?.id("id")
        var operatorID =
            data?.id("operatorId", "operator_id") ?? data?.id("userId", "user_id")
            ?? data?.object("operator")?.id("id") ?? data?.object("user")?.id("id")
        let clientID = data?.id("clientId", "client_id") ?? data?.object("client")?.id("id")

        switch name.subject {
        case .session, .presence: sessionID = sessionID ?? ownID
        case .message, .read: messageID = messageID ?? ownID
        case .seat: operatorID = operatorID ?? ownID
        case .typing, .unknown: break
        }

        content = Self.content(name, data, session: session, message: message, sessionID, messageID)
        if case .session(let session) = content { operatorID = operatorID ?? session.operatorID }
        self.sessionID = sessionID
        self.messageID = messageID
        self.operatorID = operatorID
        self.clientID = clientID ?? session?.id("clientId", "client_id")
    }

    private static func content(
        _ name: TwinEvent.Name, _ data: JSONElement?, session: JSONElement?, message: JSONElement?,
        _ sessionID: String?, _ messageID: String?
    ) -> TwinEvent.Content {
        switch (name.subject, data) {
        case (.session, let data?): sessionID.map { .session(TwinSession(session ?? data, id: $0)) } ?? .other
        case (.message, let data?):
            messageID.map { .message(TwinMessage(message ?? data, id: $0, sessionID: sessionID)) } ?? .other
        case (.read, let data?):
            .read(at: data.time("readAt", "read_at") ?? message?.time("readAt", "read_at"))
        case (.typing, let data?): .typing(TwinTyping(data))
        case (.seat, _): .seat
        case (.presence, _): .presence
        default: .other
        }
    }
}

/// Somebody is writing.
public struct TwinTyping: Hashable, Sendable {
    /// Nil where the platform does not say who; then it is the client.
    public let authorType: TwinWord?
    /// What has been written so far, where the platform tells.
    public let text: String?

    init(_ element: JSONElement) {
        authorType = element.word("authorType", "author_type")
        text = element.text("text") ?? element.text("body")
    }
}
