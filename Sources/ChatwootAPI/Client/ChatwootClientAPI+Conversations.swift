internal import CurlHTTP
public import EventJSON

extension ChatwootClientAPI {
    /// Begins a conversation. Where the inbox is locked to a single one, this is the last one, even a resolved one.
    public func createConversation(
        _ session: ChatwootSecret, customAttributes: JSONObject? = nil
    ) async throws -> ChatwootConversation {
        let body = HTTPBody.object { $0.member("custom_attributes", customAttributes) }
        return try await requester.send(.post, "\(contactPath(session))/conversations", body: body) {
            ChatwootConversation(clientView: $0)
        }
    }

    /// All conversations of the session, in no certain order, with all their messages.
    ///
    /// Before release 4.7 the server crashes here for a verified session. Give the ids of the conversations that are
    /// known: they are then read one by one.
    public func conversations(
        _ session: ChatwootSecret, known ids: [Int] = []
    ) async throws -> [ChatwootConversation] {
        do {
            guard capabilities.supports(.verifiedListing) != false || ids.isEmpty else {
                return try await conversationsOneByOne(session, ids)
            }
            return try await listing(session)
        } catch let error as ChatwootError where error.code == .server && !ids.isEmpty {
            let conversations = try await conversationsOneByOne(session, ids)
            capabilities.observe(.verifiedListing, supported: false)
            return conversations
        }
    }

    /// One conversation. Where the installation cannot show one, it is found in the listing.
    public func conversation(_ session: ChatwootSecret, _ id: Int) async throws -> ChatwootConversation {
        if capabilities.supports(.clientConversation) != false {
            do {
                let conversation = try await requester.send(.get, conversationPath(session, id)) {
                    ChatwootConversation(clientView: $0)
                }
                capabilities.observe(.clientConversation, supported: true)
                return conversation
            } catch let error as ChatwootError
                where error.code == .notFound && capabilities.supports(.clientConversation) == nil
            {
                guard let found = try await listing(session).first(where: { $0.id == id }) else { throw error }
                capabilities.observe(.clientConversation, supported: false)
                return found
            }
        }
        guard let found = try await listing(session).first(where: { $0.id == id }) else {
            throw ChatwootError(
                .notFound, message: "Conversation \(id) does not belong to this session.", mayHaveBeenSent: false)
        }
        return found
    }

    /// Resolves a conversation. Does nothing to one that is resolved; to reopen it, write a message.
    public func resolve(_ session: ChatwootSecret, _ id: Int) async throws -> ChatwootConversation {
        guard capabilities.supports(.clientConversation) != false else {
            throw ChatwootError.unsupported(.clientConversation)
        }
        return try await requester.send(.post, "\(conversationPath(session, id))/toggle_status") {
            ChatwootConversation(clientView: $0)
        }
    }

    /// Shows the operators whether the contact types. Repeat `true` every few seconds, and say `false` when done.
    public func setTyping(_ session: ChatwootSecret, _ id: Int, _ isTyping: Bool) async throws {
        guard capabilities.supports(.clientTyping) != false else { throw ChatwootError.unsupported(.clientTyping) }
        let body = HTTPBody.object { $0.member("typing_status", isTyping ? "on" : "off") }
        try await requester.send(.post, "\(conversationPath(session, id))/toggle_typing", body: body)
    }

    /// Tells that the contact has read everything.
    public func markRead(_ session: ChatwootSecret, _ id: Int) async throws {
        guard capabilities.supports(.clientTyping) != false else { throw ChatwootError.unsupported(.clientTyping) }
        try await requester.send(.post, "\(conversationPath(session, id))/update_last_seen")
    }

    private func listing(_ session: ChatwootSecret) async throws -> [ChatwootConversation] {
        try await requester.send(.get, "\(contactPath(session))/conversations") { root in
            root.isArray ? root.elements.compactMap { ChatwootConversation(clientView: $0) } : nil
        }
    }

    private func conversationsOneByOne(_ session: ChatwootSecret, _ ids: [Int]) async throws -> [ChatwootConversation] {
        var conversations: [ChatwootConversation] = []
        for id in ids { conversations.append(try await conversation(session, id)) }
        return conversations
    }
}

extension ChatwootConversation {
    /// Old installations show notices and notes among operators to contacts: these are left out.
    init?(clientView element: JSONElement) {
        self.init(element)
        messages = messages.filter(\.isVisibleToContact)
    }
}
