internal import CurlHTTP
internal import EventJSON

extension ChatwootOperatorAPI {
    /// The conversations in which something happened within the last `seconds`, those of every status and assignee.
    ///
    /// Where the installation cannot say so, or cannot be trusted to, pages are read until they are older. Give a
    /// generous time: that of the last frame received and a minute more.
    public func conversations(updatedWithin seconds: Int) async throws -> [ChatwootConversation] {
        let query = ChatwootConversationQuery(order: .lastActivityDescending)
        if capabilities.supports(.updatedWithin) == true {
            return try await conversations(query, updatedWithin: seconds)
        }
        let since = requester.wallClock() - Double(seconds)
        let first = try await conversations(query, updatedWithin: seconds)
        // An installation that does not know the parameter answers with an ordinary page.
        let isOrdinaryPage = first.contains { $0.lastChange ?? since < since - 300 }
        guard isOrdinaryPage || first.count == Self.conversationPageSize else {
            if first.count > Self.conversationPageSize { capabilities.observe(.updatedWithin, supported: true) }
            return first
        }
        if isOrdinaryPage { capabilities.observe(.updatedWithin, supported: false) }
        return try await pagedConversations(query, since: since)
    }

    private func conversations(
        _ query: ChatwootConversationQuery, updatedWithin seconds: Int
    ) async throws -> [ChatwootConversation] {
        var items = query.items
        items.append("updated_within", seconds)
        return try await requester.send(.get, "\(accountPath)/conversations", query: items) { root in
            let payload = (root["data"] ?? root)["payload"]
            return payload.map { $0.elements.compactMap { ChatwootConversation($0) } }
        }
    }

    private func pagedConversations(
        _ query: ChatwootConversationQuery, since: Double
    ) async throws -> [ChatwootConversation] {
        var found: [ChatwootConversation] = []
        var seen: Set<Int> = []
        for page in 1...1000 {
            let conversations = try await conversations(query, page: page).conversations
            let recent = conversations.filter { $0.lastActivityAt?.secondsSince1970 ?? since >= since }
            // Activity moves conversations between pages while they are read.
            found += recent.filter { seen.insert($0.id).inserted }
            if recent.count < conversations.count || conversations.count < Self.conversationPageSize { break }
        }
        return found
    }

    /// All messages after an id, oldest first; without one, the newest 20.
    ///
    /// Reads page after page up to `limit` messages.
    public func messages(
        _ conversation: Int, allAfter id: Int, limit: Int = 10_000
    ) async throws -> [ChatwootMessage] {
        var found: [ChatwootMessage] = []
        var last = id
        while found.count < limit {
            let page = try await messages(conversation, after: last)
            let fresh = page.messages.filter { $0.id > last }
            found += fresh
            guard let largest = fresh.last?.id, page.isFull else { break }
            last = largest
        }
        return found
    }
}

extension ChatwootConversation {
    /// The listing goes by `updated_at`, which moves without activity too.
    fileprivate var lastChange: Double? {
        [updatedAt, lastActivityAt].compactMap(\.?.secondsSince1970).max()
    }
}
