import ChatwootAPI
import Moonwire

extension ChatwootOperatorSeat {
    /// What happened to a conversation: the platform says what it is now, the snapshot before says what changed.
    func translate(_ conversation: ChatwootConversation, of event: ChatwootEvent) -> Translation {
        let known = sessions[conversation.id]
        let session = translator.session(conversation, known: known, ownUser: ownUser)
        sessions.store(conversation.id, session)
        let names = ChatwootLifeCycle.events(event.name, session: session, before: known, role: .operator)
        let stamp = (conversation.updatedAt ?? conversation.lastActivityAt)?.secondsSince1970 ?? 0
        return Translation(
            admitted: names.map { name in
                var translated = translator.event(
                    name, native: event.name.rawValue, key: "\(name):\(conversation.id):\(session.status):\(stamp)",
                    id: conversation.id, at: translator.instant(conversation.updatedAt ?? conversation.createdAt),
                    raw: event.redactedPayload)
                translated.session = session
                return translated
            })
    }

    func translate(_ typing: ChatwootTyping, of event: ChatwootEvent, now: Instant) -> Translation {
        guard !typing.isPrivate, let session = sessions[typing.conversationID] else { return .nothing }
        var translated = translator.event(
            event.name == .typingOn ? "typing.started" : "typing.stopped", native: event.name.rawValue, key: nil,
            id: typing.conversationID, at: now, raw: [])
        translated.session = session
        translated.from = typing.user?.kind == .contact ? .client : typing.user?.id == ownUser ? .own : .operator
        return Translation(announced: [translated])
    }

    /// The platform answers with everyone who is online; what changed since the last answer is the event.
    func translate(_ presence: ChatwootPresence, of event: ChatwootEvent, now: Instant) -> Translation {
        let online = Set(presence.contacts.filter { $0.value == .online }.keys)
        guard let before = replaceOnline(online) else { return .nothing }
        let changes =
            online.subtracting(before).sorted().map { ("client.online", $0) }
            + before.subtracting(online).sorted().map { ("client.offline", $0) }
        return Translation(
            announced: changes.map { name, contact in
                var translated = translator.event(
                    name, native: event.name.rawValue, key: nil, id: contact, at: now, raw: [])
                translated.client = Client(id: String(contact), isOnline: name == "client.online")
                translated.from = .client
                return translated
            })
    }
}
