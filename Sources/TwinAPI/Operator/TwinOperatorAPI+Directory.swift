internal import CurlHTTP
internal import EventJSON

extension TwinOperatorAPI {
    /// One page of the operators.
    public func operators(_ list: TwinListQuery = .init()) async throws -> TwinPage<TwinUser> {
        try await page("/users", list) { TwinUser($0) }
    }

    /// All operators.
    public func allOperators() async throws -> [TwinUser] {
        try await all(.init(), id: \.id) { try await operators($0) }
    }

    /// One page of the groups.
    public func groups(_ list: TwinListQuery = .init()) async throws -> TwinPage<TwinGroup> {
        try await page("/groups", list) { TwinGroup($0) }
    }

    /// All groups.
    public func allGroups() async throws -> [TwinGroup] {
        try await all(.init(), id: \.id) { try await groups($0) }
    }

    /// One page of the chats: the entry points, and what they allow.
    public func chats(_ list: TwinListQuery = .init()) async throws -> TwinPage<TwinChat> {
        try await page("/chats", list) { TwinChat($0) }
    }

    /// One chat.
    public func chat(_ id: String) async throws -> TwinChat {
        try await chat.send(TwinCall(.get, "/chats/\(try Self.id(id))")) { TwinChat($0) }
    }

    /// Bans a client.
    public func ban(client id: String) async throws {
        try await chat.send(.ban, "/clients/\(try Self.id(id))/ban")
    }

    /// Lets a client in again.
    public func unban(client id: String) async throws {
        try await chat.send(.unban, "/clients/\(try Self.id(id))/unban")
    }
}
