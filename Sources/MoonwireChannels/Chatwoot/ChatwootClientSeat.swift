public import ChatwootAPI
import EventJSON
import Moonwire
import Synchronization

/// Who the bot is on a client-role channel.
public struct ChatwootContactSeat: Sendable {
    /// Names the contact session, and is its credential: keep it the same over restarts.
    public var sourceID: ChatwootSecret
    public var details: ChatwootContactDetails
    /// The contact with its HMAC, where the inbox validates identities.
    public var identity: ChatwootIdentity?
    /// The business's own id of the contact, where the inbox does not validate it.
    public var identifier: String?

    public init(
        sourceID: ChatwootSecret, details: ChatwootContactDetails = ChatwootContactDetails(),
        identity: ChatwootIdentity? = nil, identifier: String? = nil
    ) {
        self.sourceID = sourceID
        self.details = details
        self.identity = identity
        self.identifier = identifier
    }
}

/// The customer's side of an API inbox: reads one contact session's stream, writes as the contact.
final class ChatwootClientSeat: ChatwootSeat {
    static let capabilities: Set<String> = [
        "reply", "attach", "quick_replies", "typing", "mark_read", "close", "messages", "refresh", "submit", "update",
        "ask", "wait_for", "sessions", "open", "me", "request",
    ]

    let api: ChatwootClientAPI
    let contact: ChatwootContactSeat
    let translator: ChatwootTranslator
    let sessions = ChatwootSessions()
    let client = Mutex<Client?>(nil)

    init(id: ChannelID, platform: Platform, api: ChatwootClientAPI, contact: ChatwootContactSeat) {
        self.api = api
        self.contact = contact
        translator = ChatwootTranslator(channel: id, platform: platform, role: .client)
    }

    func open() async throws -> ChatwootIdentifier {
        let session: ChatwootContactSession
        if let identity = contact.identity {
            session = try await api.verifiedContact(
                sourceID: contact.sourceID, details: contact.details, identity: identity)
        } else {
            session = try await api.createContact(
                sourceID: contact.sourceID, details: contact.details, identifier: contact.identifier)
        }
        guard let token = session.pubsubToken else {
            throw ChannelError.unsupported("the installation gives contacts no realtime stream")
        }
        client.withLock { client in
            client = Client(
                id: String(session.contactID), name: session.name, phone: session.phoneNumber, email: session.email,
                identifier: contact.identity?.identifier ?? contact.identifier)
        }
        try await ensureConversation()
        return .contact(token, channel: api.installation.channelName)
    }

    /// Without a conversation nobody at the desk could see, or write to, the contact.
    private func ensureConversation() async throws {
        let conversations = try await api.conversations(contact.sourceID, known: sessions.known)
        for conversation in conversations { store(conversation) }
        if !conversations.contains(where: { $0.status != .resolved }) {
            store(try await api.createConversation(contact.sourceID))
        }
    }

    @discardableResult
    func store(_ conversation: ChatwootConversation) -> (session: Session, before: Session?) {
        var session = translator.session(conversation, known: sessions[conversation.id], ownUser: nil)
        if session.client == nil { session.client = client.withLock { $0 } }
        return (session, sessions.store(conversation.id, session))
    }

    func translate(_ event: ChatwootEvent, now: Instant) -> Translation {
        switch event.content {
        case .message(let message): return translate(message, of: event)
        case .conversation(let conversation):
            let (session, before) = store(conversation)
            let stamp = (conversation.updatedAt ?? conversation.lastActivityAt)?.secondsSince1970 ?? 0
            let names = ChatwootLifeCycle.events(event.name, session: session, before: before, role: .client)
            return Translation(
                admitted: names.map { name in
                    var translated = translator.event(
                        name, native: event.name.rawValue,
                        key: "\(name):\(conversation.id):\(session.status):\(stamp)", id: conversation.id,
                        at: translator.instant(conversation.updatedAt ?? conversation.createdAt),
                        raw: event.redactedPayload)
                    translated.session = session
                    return translated
                })
        case .typing(let typing):
            guard !typing.isPrivate, let session = sessions[typing.conversationID] else { return .nothing }
            var translated = translator.event(
                event.name == .typingOn ? "typing.started" : "typing.stopped", native: event.name.rawValue, key: nil,
                id: typing.conversationID, at: now, raw: [])
            translated.session = session
            translated.from = typing.user?.kind == .contact ? .own : .operator
            return Translation(announced: [translated])
        case .presence, .contact: return .nothing
        case .other:
            let name = "\(translator.platform.rawValue):\(event.name.rawValue)"
            let digest = ChatwootOperatorSeat.digest(event.redactedPayload)
            return Translation(admitted: [
                translator.event(
                    name, native: event.name.rawValue, key: "\(name):\(digest):\(now.rawValue / 60_000)", id: 0,
                    at: now, raw: event.redactedPayload)
            ])
        }
    }

    private func translate(_ message: ChatwootMessage, of event: ChatwootEvent) -> Translation {
        // Old installations leak notes and activities to contacts.
        guard message.isVisibleToContact else { return .nothing }
        if event.name == .messageCreated {
            let translated = self.event(
                "message.created", "message.created:\(message.id)", message, event.redactedPayload)
            guard message.direction == .incoming else { return Translation(admitted: [translated]) }
            if let echo = message.echoID { sessions.storeEcho(echo, message: message.id) }
            return Translation(announced: [translated])
        }
        guard event.name == .messageUpdated else { return .nothing }
        let content: Set<String> = ["content", "content_attributes", "attachments", "processed_message_content"]
        if event.changedFields.isEmpty || !content.isDisjoint(with: event.changedFields) {
            return Translation(admitted: [
                self.event("message.updated", translator.updateKey(of: message), message, event.redactedPayload)
            ])
        }
        guard event.changedFields.contains("status"), let delivery = message.delivery,
            let name = [ChatwootDelivery.read: "read", .delivered: "delivered", .failed: "failed"][delivery]
        else { return .nothing }
        return Translation(admitted: [
            self.event("message.\(name)", "message.\(name):\(message.id)", message, event.redactedPayload)
        ])
    }

    /// An event about a message, with the session as far as it is known.
    func event(_ name: String, _ key: String, _ message: ChatwootMessage, _ raw: [UInt8]) -> Event {
        let conversation = message.conversationID ?? 0
        var session =
            sessions[conversation]
            ?? Session(
                id: SessionID(channel: translator.channel, id: String(conversation)), status: "open", owner: .queue,
                client: client.withLock { $0 })
        if message.direction == .outgoing, let sender = message.sender, sender.kind == .user {
            session.operator = translator.operator(sender)
            session.owner = .operator
        }
        sessions.store(conversation, session)
        var event = translator.event(
            name, native: name, key: key, id: message.id, at: translator.instant(message.createdAt), raw: raw)
        event.message = translator.message(message, ownUser: nil)
        // A button's answer is an update of the message that offered it, made by the client.
        let isAnswer = name == "message.updated" && message.answer != nil
        event.from = isAnswer ? .own : event.message?.from
        event.session = session
        return event
    }
}
