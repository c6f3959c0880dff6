import ChatwootAPI
import Moonwire

extension ChatwootOperatorSeat {
    /// How many messages of a conversation are looked through at most; a gap that swallowed more is told in the log.
    private static let messagesPerConversation = 1000

    func backFill(_ gap: Gap, now: Instant) async throws -> [Event] {
        if gap.isFirstStart { return try await unread(now: now) }
        let seconds = max(0, (now - gap.since).milliseconds / 1000) + 60
        let conversations = try await api.conversations(updatedWithin: Int(min(seconds, 10 * 365 * 86_400)))
        let since = Instant(rawValue: gap.since.rawValue - 60_000)
        var events: [Event] = []
        for conversation in conversations where worksIn(conversation.inboxID) {
            events += statusEvents(of: conversation, now: now)
            events += try await missed(in: conversation, since: since, firstStart: gap.firstStart, now: now)
        }
        return events.sorted {
            ($0.message != nil ? 0 : 1, Int($0.id) ?? 0) < ($1.message != nil ? 0 : 1, Int($1.id) ?? 0)
        }
    }

    private func missed(
        in conversation: ChatwootConversation, since: Instant, firstStart: Instant, now: Instant
    ) async throws -> [Event] {
        var found: [ChatwootMessage] = []
        var before: Int?
        while found.count < Self.messagesPerConversation {
            let page = try await api.messages(conversation.id, before: before)
            found = page.messages + found
            guard page.isFull, let smallest = page.smallestID else { break }
            if let first = page.messages.first, translator.instant(first.createdAt) < since { break }
            before = smallest
        }
        return found.flatMap { events(of: $0, since: since, firstStart: firstStart, now: now) }
    }

    private func events(of message: ChatwootMessage, since: Instant, firstStart: Instant, now: Instant) -> [Event] {
        let createdAt = translator.instant(message.createdAt)
        var events: [Event] = []
        if createdAt >= since, !isOwn(message) {
            var event = event("message.created", "message.created:\(message.id)", message, [])
            event.late = Int(max(0, (now - createdAt).milliseconds / 1000))
            events.append(event)
        }
        // An answer to buttons may come long after the message; only what the bot was there for can be new.
        if createdAt >= firstStart, message.answer != nil || message.isDeleted {
            var event = event("message.updated", translator.updateKey(of: message), message, [])
            event.late = Int(max(0, (now - since).milliseconds / 1000))
            events.append(event)
        }
        return events
    }

    /// A change of status that the stream did not bring, where the status before is known.
    private func statusEvents(of conversation: ChatwootConversation, now: Instant) -> [Event] {
        let known = sessions[conversation.id]
        let session = translator.session(conversation, known: known, ownUser: ownUser)
        sessions.store(conversation.id, session)
        var names: [String] = []
        if let known, known.status != session.status {
            names = ChatwootLifeCycle.events(
                .conversationStatusChanged, session: session, before: known, role: .operator)
        } else if known == nil, session.status == "closed" {
            names = ["session.closed"]
        }
        // A human who took over while nobody listened ends what waits for the client.
        if session.owner == .operator, known?.operator?.id != session.operator?.id { names.append("session.assigned") }
        return names.map { name in
            let stamp = (conversation.updatedAt ?? conversation.lastActivityAt)?.secondsSince1970 ?? 0
            var event = translator.event(
                name, native: "conversation.updated", key: "\(name):\(conversation.id):\(session.status):\(stamp)",
                id: conversation.id, at: translator.instant(conversation.updatedAt ?? conversation.lastActivityAt),
                raw: [])
            event.session = session
            event.late = Int(max(0, (now - event.at).milliseconds / 1000))
            return event
        }
    }

    /// What clients wrote after the last answer, in open conversations.
    private func unread(now: Instant) async throws -> [Event] {
        var events: [Event] = []
        for page in 1...1000 {
            let query = ChatwootConversationQuery(status: .open, order: .lastActivityDescending)
            let conversations = try await api.conversations(query, page: page).conversations
            for conversation in conversations where worksIn(conversation.inboxID) {
                sessions.store(
                    conversation.id, translator.session(conversation, known: nil, ownUser: ownUser))
                guard (conversation.unreadCount ?? 0) > 0 else { continue }
                let messages = try await api.messages(conversation.id).messages
                let answered = messages.last { $0.direction == .outgoing && !$0.isPrivate }?.id ?? 0
                for message in messages where message.id > answered && message.direction == .incoming {
                    var event = event("message.created", "message.created:\(message.id)", message, [])
                    event.late = Int(max(0, (now - event.at).milliseconds / 1000))
                    events.append(event)
                }
            }
            if conversations.count < 25 { break }
        }
        return events.sorted { (Int($0.id) ?? 0) < (Int($1.id) ?? 0) }
    }
}
