import ChatwootAPI
import EventJSON
import Moonwire

extension ChatwootOperatorSeat {
    /// One page of conversations, the oldest first, each once.
    func page(of query: ChannelEffect.SessionQuery, _ cursor: String?) async throws -> RawJSON {
        if let client = query.client { return try await sessions(of: client, query) }
        guard let place = cursor.map(ChatwootConversationCursor.init) ?? ChatwootConversationCursor() else {
            throw ChannelError.invalid("'\(cursor ?? "")' is no cursor of this list")
        }
        let wanted = try await platformQuery(query)
        let (fresh, next) = try await place.read(
            pageSize: ChatwootOperatorAPI.conversationPageSize,
            id: { (conversation: ChatwootConversation) in conversation.id }
        ) { page in
            try await self.api.conversations(wanted, page: page).conversations
        }
        return ListPage.encode(fresh.compactMap { matching($0, query) }, next: next?.text)
    }

    /// The platform lists the newest 20 conversations of a contact and no more.
    private func sessions(of client: String, _ query: ChannelEffect.SessionQuery) async throws -> RawJSON {
        guard let contact = Int(client) else {
            throw ChannelError.invalid("'\(client)' is no contact of this platform")
        }
        guard query.text == nil else {
            throw ChannelError.unsupported("sessions of one client cannot be searched by text on this platform")
        }
        let group = try await teamNamed(query.group)
        let found = try await api.conversations(ofContact: contact).sorted { $0.id < $1.id }
        let fitting = found.filter { conversation in
            let status = ChatwootTranslator.status(conversation.status)
            return (query.status ?? status) == status && (group == nil || conversation.team?.id == group?.id)
        }
        return ListPage.encode(fitting.compactMap { matching($0, query) }, next: nil)
    }

    private func teamNamed(_ name: String?) async throws -> ChatwootTeam? {
        guard let name else { return nil }
        return try await directory.team(name)
    }

    private func platformQuery(_ query: ChannelEffect.SessionQuery) async throws -> ChatwootConversationQuery {
        var wanted = ChatwootConversationQuery(order: .createdAscending)
        wanted.status = query.status.map { ChatwootStatus(rawValue: $0 == "closed" ? "resolved" : $0) }
        switch query.owner {
        case .bot: wanted.assignee = .me
        case .queue: wanted.assignee = .unassigned
        case .operator: wanted.assignee = .assigned
        case .platformBot, nil: break
        }
        if let inboxes, inboxes.count == 1 { wanted.inboxID = inboxes.first }
        wanted.teamID = try await teamNamed(query.group)?.id
        wanted.labels = query.labels
        wanted.text = query.text
        return wanted
    }

    /// A conversation in the host's words, where it is one of the seat's inboxes and fits what the platform's own query
    /// cannot say.
    private func matching(_ conversation: ChatwootConversation, _ query: ChannelEffect.SessionQuery) -> Session? {
        guard worksIn(conversation.inboxID) else { return nil }
        let session = translator.session(conversation, known: sessions[conversation.id], ownUser: ownUser)
        if let owner = query.owner, session.owner != owner { return nil }
        // The platform's own search gives conversations with any of the labels.
        return query.labels.allSatisfy(session.labels.contains) ? session : nil
    }

    /// One page of contacts, the oldest first.
    func page(of query: ChannelEffect.ClientQuery, _ cursor: String?) async throws -> RawJSON {
        guard let page = Int(cursor ?? "1"), page > 0 else {
            throw ChannelError.invalid("'\(cursor ?? "")' is no cursor of this list")
        }
        let found: ChatwootContactPage
        switch (query.text, query.labels.isEmpty) {
        case (nil, true): found = try await api.contacts(page: page, order: "created_at")
        case (let text?, true): found = try await api.contacts(matching: text, page: page, order: "created_at")
        case (nil, false):
            found = try await api.contacts(
                where: query.labels.map { ChatwootFilter("labels", .equalTo, [.string($0)]) }, page: page)
        case (_, false):
            throw ChannelError.unsupported("clients can be listed by label or by text on this platform, not by both")
        }
        return ListPage.encode(
            found.contacts.map { translator.client($0) }, next: found.hasMore ? String(page + 1) : nil)
    }
}
