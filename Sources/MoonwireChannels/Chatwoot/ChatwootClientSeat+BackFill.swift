import ChatwootAPI
import Moonwire

extension ChatwootClientSeat {
    private static let pagesPerConversation = 50

    func backFill(_ gap: Gap, now: Instant) async throws -> [Event] {
        let since = gap.isFirstStart ? Instant(milliseconds: 0) : Instant(rawValue: gap.since.rawValue - 60_000)
        var events: [Event] = []
        for conversation in try await api.conversations(contact.sourceID, known: sessions.known) {
            events += statusEvents(of: conversation, now: now)
            let messages = try await messages(of: conversation.id, since: since)
            let answered = messages.last { $0.direction == .incoming }?.id ?? 0
            for message in messages {
                if gap.isFirstStart, message.id < answered { continue }
                events += missed(message, since: since, gap: gap, now: now)
            }
        }
        // What was said comes before what became of the session.
        return events.sorted {
            ($0.message != nil ? 0 : 1, Int($0.id) ?? 0) < ($1.message != nil ? 0 : 1, Int($1.id) ?? 0)
        }
    }

    private func messages(of conversation: Int, since: Instant) async throws -> [ChatwootMessage] {
        var found: [ChatwootMessage] = []
        var before: Int?
        for _ in 0..<Self.pagesPerConversation {
            let page = try await api.messages(contact.sourceID, conversation, before: before)
            found = page.messages + found
            guard page.isFull, let smallest = page.smallestID else { break }
            if let first = page.messages.first, translator.instant(first.createdAt) < since { break }
            before = smallest
        }
        return found
    }

    private func missed(_ message: ChatwootMessage, since: Instant, gap: Gap, now: Instant) -> [Event] {
        guard message.direction != .incoming else { return [] }
        let createdAt = translator.instant(message.createdAt)
        var events: [Event] = []
        if createdAt >= since {
            var event = event("message.created", "message.created:\(message.id)", message, [])
            event.late = Int(max(0, (now - createdAt).milliseconds / 1000))
            events.append(event)
        }
        if createdAt >= gap.firstStart, message.answer != nil || message.isDeleted {
            var event = event("message.updated", translator.updateKey(of: message), message, [])
            event.late = Int(max(0, (now - gap.since).milliseconds / 1000))
            events.append(event)
        }
        return events
    }

    private func statusEvents(of conversation: ChatwootConversation, now: Instant) -> [Event] {
        let (session, before) = store(conversation)
        guard let before, before.status != session.status else { return [] }
        return ChatwootLifeCycle.events(.conversationStatusChanged, session: session, before: before, role: .client)
            .map { name in
                // The client's view has no time of change; the minute tells one closing from the next.
                var event = translator.event(
                    name, native: "conversation.status_changed",
                    key: "\(name):\(conversation.id):\(session.status):back-filled:\(now.rawValue / 60_000)",
                    id: conversation.id, at: now, raw: [])
                event.session = session
                return event
            }
    }
}
