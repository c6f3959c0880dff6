internal import CurlHTTP

extension ChatwootClientAPI {
    /// Finds out what the installation supports, by asking for what must be there. Costs up to three requests; what
    /// is known already is not asked again.
    ///
    /// The inbox of this API, and the conversation, must be known to exist: only then a 404 means an old release.
    public func probe(_ session: ChatwootSecret, conversation id: Int) async throws {
        try await probe(.inboxDetails) { _ = try await requester.send(.get, inboxPath) { ChatwootInbox($0) } }
        try await probe(.clientConversation) {
            _ = try await requester.send(.get, conversationPath(session, id)) { ChatwootConversation($0) }
        }
        try await probe(.clientTyping) { try await setTyping(session, id, false) }
    }

    private func probe(_ feature: ChatwootFeature, _ call: () async throws -> Void) async throws {
        guard capabilities.supports(feature) == nil else { return }
        do {
            try await call()
            capabilities.observe(feature, supported: true)
        } catch let error as ChatwootError where error.code == .notFound {
            capabilities.observe(feature, supported: false)
        }
    }
}
