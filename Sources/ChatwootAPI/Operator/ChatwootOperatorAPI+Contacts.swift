internal import CurlHTTP
internal import EventJSON

/// A page of contacts.
public struct ChatwootContactPage: Hashable, Sendable {
    public let contacts: [ChatwootContact]
    public let count: Int?
    public let hasMore: Bool
}

extension ChatwootOperatorAPI {
    /// How many contacts a full page has.
    public static let contactPageSize = 15

    /// One page of all contacts that can be reached; the first is page 1.
    public func contacts(page: Int = 1, order: String? = nil) async throws -> ChatwootContactPage {
        let query: RequestQuery = [
            ("page", String(page)), ("sort", order), ("include_contact_inboxes", "false"),
        ]
        return try await requester.send(.get, "\(accountPath)/contacts", query: query) { Self.page($0) }
    }

    /// Contacts whose name, identifier, e-mail or phone number contains the text. Throttled to 100 a minute.
    public func contacts(
        matching text: String, page: Int = 1, order: String? = nil, includingSessions: Bool = false
    ) async throws -> ChatwootContactPage {
        let query: RequestQuery = [
            ("q", text), ("page", String(page)), ("sort", order),
            ("include_contact_inboxes", includingSessions ? "true" : "false"),
        ]
        return try await requester.send(.get, "\(accountPath)/contacts/search", query: query) { Self.page($0) }
    }

    /// Contacts that meet all conditions, or any.
    public func contacts(
        where filters: [ChatwootFilter], joinedBy joint: ChatwootFilter.Joint = .and, page: Int = 1
    ) async throws -> ChatwootContactPage {
        let body = HTTPBody.object { ChatwootFilter.write(filters, joint, to: &$0) }
        let query: RequestQuery = [("page", String(page))]
        return try await requester.send(.post, "\(accountPath)/contacts/filter", query: query, body: body) {
            Self.page($0)
        }
    }

    /// One contact.
    public func contact(_ id: Int) async throws -> ChatwootContact {
        try await requester.send(.get, "\(accountPath)/contacts/\(id)") { ChatwootContact($0["payload"] ?? $0) }
    }

    /// Makes a contact, with a session when the draft names an inbox.
    public func createContact(_ draft: ChatwootContactDraft) async throws -> ChatwootContact {
        try await requester.send(.post, "\(accountPath)/contacts", body: .object { draft.write(to: &$0) }) { root in
            let payload = root["payload"] ?? root
            return ChatwootContact(payload["contact"] ?? payload)
        }
    }

    /// Changes a contact. What the draft leaves out stays; attributes are merged.
    public func updateContact(_ id: Int, _ draft: ChatwootContactDraft) async throws -> ChatwootContact {
        try await requester.send(.put, "\(accountPath)/contacts/\(id)", body: .object { draft.write(to: &$0) }) {
            root in
            ChatwootContact(root["payload"] ?? root)
        }
    }

    /// Makes a session for a contact on an inbox.
    public func createSession(
        contact: Int, inbox: Int, sourceID: ChatwootSecret? = nil
    ) async throws -> ChatwootContactInbox {
        let body = HTTPBody.object { writer in
            writer.member("inbox_id", inbox)
            writer.member("source_id", sourceID?.exposed)
        }
        return try await requester.send(.post, "\(accountPath)/contacts/\(contact)/contact_inboxes", body: body) {
            ChatwootContactInbox($0)
        }
    }

    /// The newest 20 conversations of a contact.
    public func conversations(ofContact id: Int) async throws -> [ChatwootConversation] {
        try await requester.send(.get, "\(accountPath)/contacts/\(id)/conversations") { root in
            root["payload"].map { $0.elements.compactMap { ChatwootConversation($0) } }
        }
    }

    private static func page(_ root: JSONElement) -> ChatwootContactPage? {
        guard let payload = root["payload"], payload.isArray else { return nil }
        let contacts = payload.elements.compactMap { ChatwootContact($0) }
        return ChatwootContactPage(
            contacts: contacts, count: root["meta"]?["count"]?.id,
            hasMore: root["meta"]?["has_more"]?.bool ?? (contacts.count >= contactPageSize))
    }
}
