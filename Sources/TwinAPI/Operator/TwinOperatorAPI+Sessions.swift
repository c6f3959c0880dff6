internal import CurlHTTP
internal import EventJSON

extension TwinOperatorAPI {
    /// One page of sessions, by default the newest, the finished ones too.
    ///
    /// Can be ordered by `name`, `status`, `markedAsSpam`, `startedAt`, `lastMessageCreatedAt` and `operatorAssignedAt`.
    public func sessions(
        _ query: TwinSessionQuery = .init(), _ list: TwinListQuery = .init(order: [.descending("startedAt")])
    ) async throws -> TwinPage<TwinSession> {
        try await page("/sessions", query: query.items, list) { TwinSession($0) }
    }

    /// The sessions of all pages, `maximum` at most.
    public func allSessions(
        _ query: TwinSessionQuery = .init(), order: [TwinListQuery.Order] = [.descending("startedAt")],
        maximum: Int = 10_000
    ) async throws -> [TwinSession] {
        try await all(.init(order: order), id: \.id, maximum: maximum) { try await sessions(query, $0) }
    }

    /// One session.
    public func session(_ id: String) async throws -> TwinSession {
        try await chat.send(TwinCall(.get, try path(id))) { TwinSession($0) }
    }

    /// Hands a session to an operator.
    public func transfer(_ session: String, toOperator id: String) async throws {
        try await chat.send(TwinCall(.patch, "\(try path(session))/operators/\(try Self.id(id))"))
    }

    /// Hands a session to a group: to its operator online with the smallest load.
    public func transfer(_ session: String, toGroup id: String) async throws {
        try await chat.send(TwinCall(.patch, "\(try path(session))/groupoperators/\(try Self.id(id))"))
    }

    /// Takes a session out of help, for this operator's id. `forbidden`, `notFound` and `wrongState` mean that somebody
    /// else was faster. Success is a `chatSessionAdded` that follows: wait for it, or read the session.
    public func take(_ session: String, as id: String) async throws {
        try await chat.send(.take, "\(try path(session))/operators/\(try Self.id(id))")
    }

    /// Adds an operator to a session.
    public func addOperator(_ id: String, to session: String) async throws {
        try await chat.send(TwinCall(.put, "\(try path(session))/operators/\(try Self.id(id))"))
    }

    /// Takes an operator out of a session.
    public func removeOperator(_ id: String, from session: String) async throws {
        try await chat.send(TwinCall(.delete, "\(try path(session))/operators/\(try Self.id(id))"))
    }

    /// Gives a session a name.
    public func rename(_ session: String, to name: String) async throws {
        let name = try Self.segment("A session's name", name)
        try await chat.send(TwinCall(.patch, "\(try path(session))/names/\(secret: name)"))
    }

    /// Finishes a session, with one of the results of its chat if that has any. `notFound` and `wrongState` mean that it
    /// is over already.
    public func finish(_ session: String, result: String? = nil) async throws {
        let body = result.map { result in HTTPBody.object { $0.member("result", result) } }
        try await chat.send(TwinCall(.delete, try path(session), body: body ?? .none))
    }

    /// Marks a session as spam, or takes the mark away.
    public func mark(_ session: String, asSpam isSpam: Bool) async throws {
        let path = try path(session)
        try await chat.send(TwinCall(.patch, isSpam ? "\(path)/spam" : "\(path)/notSpam"))
    }

    func path(_ session: String) throws -> RequestPath { "/sessions/\(try Self.id(session))" }
}
