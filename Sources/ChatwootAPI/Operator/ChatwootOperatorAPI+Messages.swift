internal import CurlHTTP
internal import EventJSON

extension ChatwootOperatorAPI {
    /// How many messages a full page after an id has.
    public static let messagePageSizeAfter = 100
    /// How many messages a full page has otherwise.
    public static let messagePageSize = 20

    /// The newest 20 messages; the 20 before an id; up to 100 after an id; or, with both, up to 1000 between.
    /// With growing ids.
    public func messages(
        _ conversation: Int, after: Int? = nil, before: Int? = nil
    ) async throws -> ChatwootMessagePage {
        var query: RequestQuery = []
        query.append("after", after)
        query.append("before", before)
        let fullSize = after == nil ? Self.messagePageSize : before == nil ? Self.messagePageSizeAfter : 1000
        return try await requester.send(.get, "\(conversationPath(conversation))/messages", query: query) {
            ChatwootMessagePage($0, fullSize: fullSize)
        }
    }

    /// Writes a message.
    public func sendMessage(_ conversation: Int, _ draft: ChatwootMessageDraft) async throws -> ChatwootMessage {
        try await requester.send(.post, "\(conversationPath(conversation))/messages", body: draft.body) {
            ChatwootMessage($0)
        }
    }

    /// Tells how far a message got. On API inboxes, whose messages the operator's side delivers by itself.
    public func setDelivery(
        _ conversation: Int, message: Int, _ delivery: ChatwootDelivery, externalError: String? = nil
    ) async throws -> ChatwootMessage {
        guard capabilities.supports(.messageStatus) != false else { throw ChatwootError.unsupported(.messageStatus) }
        let body = HTTPBody.object { writer in
            writer.member("status", delivery.rawValue)
            writer.member("external_error", externalError)
        }
        return try await requester.send(.patch, messagePath(conversation, message), body: body) { ChatwootMessage($0) }
    }

    /// Replaces a message by a notice that it was deleted.
    public func deleteMessage(_ conversation: Int, message: Int) async throws -> ChatwootMessage {
        try await requester.send(.delete, messagePath(conversation, message)) { ChatwootMessage($0) }
    }

    /// Sends a failed message again. On API inboxes this sends nothing.
    public func retryMessage(_ conversation: Int, message: Int) async throws -> ChatwootMessage {
        try await requester.send(.post, "\(messagePath(conversation, message))/retry") { ChatwootMessage($0) }
    }

    private func messagePath(_ conversation: Int, _ message: Int) -> RequestPath {
        "\(conversationPath(conversation))/messages/\(message)"
    }
}
