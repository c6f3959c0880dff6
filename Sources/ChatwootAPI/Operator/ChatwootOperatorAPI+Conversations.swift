internal import CurlHTTP
internal import EventJSON

/// A page of conversations, and how many there are.
public struct ChatwootConversationPage: Hashable, Sendable {
    public let conversations: [ChatwootConversation]
    public let counts: ChatwootConversationCounts
}

/// How many conversations match, by assignment.
public struct ChatwootConversationCounts: Hashable, Sendable {
    public let mine: Int
    public let assigned: Int
    public let unassigned: Int
    public let all: Int

    init(_ meta: JSONElement?) {
        mine = meta?["mine_count"]?.int ?? 0
        assigned = meta?["assigned_count"]?.int ?? 0
        unassigned = meta?["unassigned_count"]?.int ?? 0
        all = meta?["all_count"]?.int ?? 0
    }
}

extension ChatwootOperatorAPI {
    /// How many conversations a full page has.
    public static let conversationPageSize = 25

    /// One page of conversations; the first is page 1.
    public func conversations(
        _ query: ChatwootConversationQuery = .init(), page: Int = 1
    ) async throws -> ChatwootConversationPage {
        var items = query.items
        items.append("page", page)
        return try await requester.send(.get, "\(accountPath)/conversations", query: items) { Self.page($0) }
    }

    /// How many conversations match. Throttled to 30 a minute.
    public func conversationCounts(
        _ query: ChatwootConversationQuery = .init()
    ) async throws -> ChatwootConversationCounts {
        try await requester.send(.get, "\(accountPath)/conversations/meta", query: query.items) { root in
            root["meta"].map { ChatwootConversationCounts($0) }
        }
    }

    /// One page of the conversations that meet all conditions, or any.
    public func conversations(
        where filters: [ChatwootFilter], joinedBy joint: ChatwootFilter.Joint = .and, page: Int = 1
    ) async throws -> ChatwootConversationPage {
        let body = HTTPBody.object { ChatwootFilter.write(filters, joint, to: &$0) }
        let query: RequestQuery = [("page", String(page))]
        return try await requester.send(
            .post, "\(accountPath)/conversations/filter", query: query, body: body
        ) { Self.page($0) }
    }

    /// One conversation.
    public func conversation(_ id: Int) async throws -> ChatwootConversation {
        try await requester.send(.get, conversationPath(id)) { ChatwootConversation($0) }
    }

    /// Begins a conversation on a session, or on a contact and an inbox.
    public func createConversation(_ draft: ChatwootConversationDraft) async throws -> ChatwootConversation {
        try await requester.send(
            .post, "\(accountPath)/conversations", body: .object { draft.write(to: &$0) }
        ) { ChatwootConversation($0) }
    }

    /// Reads a listing, with or without its `data` wrapper.
    private static func page(_ root: JSONElement) -> ChatwootConversationPage? {
        let data = root["data"] ?? root
        guard let payload = data["payload"], payload.isArray else { return nil }
        return ChatwootConversationPage(
            conversations: payload.elements.compactMap { ChatwootConversation($0) },
            counts: ChatwootConversationCounts(data["meta"]))
    }
}
