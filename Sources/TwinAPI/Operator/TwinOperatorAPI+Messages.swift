internal import CurlHTTP
internal import EventJSON

extension TwinOperatorAPI {
    /// One page of a session's messages, those from a time on and to a time, in any order.
    public func messages(
        ofSession id: String, from: TwinTime? = nil, to: TwinTime? = nil,
        _ list: TwinListQuery = .init(order: [.ascending("createdAt")])
    ) async throws -> TwinPage<TwinMessage> {
        let query: RequestQuery = [("from", from?.text), ("to", to?.text)]
        return try await page("\(try path(id))/messages", query: query, list) { TwinMessage($0) }
    }

    /// One page of a client's messages, over all sessions.
    public func messages(
        ofClient id: String, from: TwinTime? = nil, to: TwinTime? = nil, companyID: String? = nil,
        _ list: TwinListQuery = .init(order: [.ascending("createdAt")])
    ) async throws -> TwinPage<TwinMessage> {
        let query: RequestQuery = [("from", from?.text), ("to", to?.text), ("companyId", companyID)]
        return try await page("/clients/\(try Self.id(id))/messages", query: query, list) { TwinMessage($0) }
    }

    /// A session's messages from a time on, oldest first, over all pages, `maximum` at most.
    public func allMessages(
        ofSession id: String, from: TwinTime? = nil, maximum: Int = 10_000
    ) async throws -> [TwinMessage] {
        try await all(.init(order: [.ascending("createdAt")]), id: \.id, maximum: maximum) {
            try await messages(ofSession: id, from: from, $0)
        }
    }

    /// A session's newest messages, the newest first, over as many pages as needed.
    public func latestMessages(ofSession id: String, maximum: Int = 1000) async throws -> [TwinMessage] {
        try await all(.init(order: [.descending("createdAt")]), id: \.id, maximum: maximum) {
            try await messages(ofSession: id, $0)
        }
    }

    /// Writes a message as this operator.
    ///
    /// There is no key that makes repeating safe: an error with `isInDoubt` says that the message may be there. It also
    /// comes back as a `chatMessageCreated`, maybe before this call returns.
    public func send(_ draft: TwinMessageDraft, to session: String) async throws -> TwinSentMessage {
        // The vendor's own client writes to the path of the client's messages here, and so speaks as the client.
        try await send(draft, "\(try path(session))/operators/messages")
    }

    /// Writes a message as the client of the session, for tests.
    public func send(_ draft: TwinMessageDraft, asClientTo session: String) async throws -> TwinSentMessage {
        try await send(draft, "\(try path(session))/clients/messages")
    }

    /// Changes a message of this operator.
    public func edit(_ message: String, of session: String, to draft: TwinMessageDraft) async throws {
        try await chat.send(
            TwinCall(.put, "\(try path(session))/operators/messages/\(try Self.id(message))", body: draft.json))
    }

    /// Deletes a message of this operator.
    public func delete(_ message: String, of session: String) async throws {
        try await chat.send(
            TwinCall(.delete, "\(try path(session))/operators/messages/\(try Self.id(message))"))
    }

    /// Shows the client that a message was read.
    public func markRead(_ message: String) async throws {
        try await chat.send(TwinCall(.patch, "/messages/\(try Self.id(message))/read"))
    }

    private func send(_ draft: TwinMessageDraft, _ path: RequestPath) async throws -> TwinSentMessage {
        do {
            return try await chat.send(TwinCall(.post, path, body: draft.json)) { TwinSentMessage($0) }
        } catch let error as TwinError
            where error.code == .badRequest && draft.body.isEmpty && !draft.attachments.isEmpty
        {
            // Whether files may come without a word is not published; nothing was written yet.
            var spaced = draft
            spaced.body = " "
            return try await chat.send(TwinCall(.post, path, body: spaced.json)) { TwinSentMessage($0) }
        }
    }
}
