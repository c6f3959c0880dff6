internal import CurlHTTP
internal import EventJSON

extension ChatwootOperatorAPI {
    /// All operators of the account.
    public func agents() async throws -> [ChatwootAgent] {
        try await list("\(accountPath)/agents") { ChatwootAgent($0) }
    }

    /// The operators that conversations of all these inboxes can be given to.
    public func assignableAgents(inboxes ids: [Int]) async throws -> [ChatwootAgent] {
        var query: RequestQuery = []
        for id in ids { query.append("inbox_ids[]", id) }
        return try await list("\(accountPath)/assignable_agents", query: query) { ChatwootAgent($0) }
    }

    /// All teams of the account.
    public func teams() async throws -> [ChatwootTeam] {
        try await list("\(accountPath)/teams") { ChatwootTeam($0) }
    }

    /// The operators in a team.
    public func members(ofTeam id: Int) async throws -> [ChatwootAgent] {
        try await list("\(accountPath)/teams/\(id)/team_members") { ChatwootAgent($0) }
    }

    /// The inboxes that the user sees.
    public func inboxes() async throws -> [ChatwootInbox] {
        try await list("\(accountPath)/inboxes") { ChatwootInbox($0) }
    }

    /// One inbox.
    public func inbox(_ id: Int) async throws -> ChatwootInbox {
        try await requester.send(.get, "\(accountPath)/inboxes/\(id)") { ChatwootInbox($0) }
    }

    /// The labels that the account defines.
    public func labels() async throws -> [ChatwootLabel] {
        try await list("\(accountPath)/labels") { ChatwootLabel($0) }
    }

    /// Prepared answers, all or those that match.
    public func cannedResponses(matching text: String? = nil) async throws -> [ChatwootCannedResponse] {
        try await list("\(accountPath)/canned_responses", query: [("search", text)]) { ChatwootCannedResponse($0) }
    }

    /// Reads a bare list, or one inside `payload`.
    func list<Value>(
        _ path: RequestPath, query: RequestQuery = [], _ decode: (JSONElement) -> Value?
    ) async throws -> [Value] {
        try await requester.send(.get, path, query: query) { root in
            let list = root["payload"] ?? root
            return list.isArray ? list.elements.compactMap(decode) : nil
        }
    }
}
