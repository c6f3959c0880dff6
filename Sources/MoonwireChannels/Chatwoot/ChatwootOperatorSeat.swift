import ChatwootAPI
import EventJSON
import Moonwire
import Synchronization

/// An agent's seat: reads the account's stream, answers as the agent whose token it has.
final class ChatwootOperatorSeat: ChatwootSeat {
    static let capabilities: Set<String> = [
        "reply", "note", "quick_replies", "attach", "typing", "mark_read", "transfer", "close", "reopen", "label",
        "unlabel", "set", "messages", "refresh", "update", "ask", "wait_for", "sessions", "clients", "open",
        "operators",
        "groups", "me", "online", "pause", "request",
    ]

    struct Identity: Sendable {
        var userID: Int?
        /// Ids of the inboxes to work in; `nil` for all.
        var inboxes: Set<Int>?
        /// Contacts that were online at the last look; `nil` before the first.
        var online: Set<Int>?
        /// What the desk is told of the seat after each connect.
        var status = ChannelEffect.SeatStatus.online
    }

    let api: ChatwootOperatorAPI
    let translator: ChatwootTranslator
    let sessions = ChatwootSessions()
    let directory: ChatwootDirectory
    private let inboxNames: [String]
    private let identity = Mutex(Identity())

    init(id: ChannelID, platform: Platform, api: ChatwootOperatorAPI, inboxes: [String]) {
        self.api = api
        translator = ChatwootTranslator(channel: id, platform: platform, role: .operator)
        directory = ChatwootDirectory(api: api)
        inboxNames = inboxes
    }

    var ownUser: Int? { identity.withLock { $0.userID } }

    func open() async throws -> ChatwootIdentifier {
        let profile = try await api.profile()
        guard let token = profile.pubsubToken else {
            throw ChannelError.unsupported(
                "this access token has no realtime stream; use the token of a user, not of an agent bot")
        }
        guard profile.accounts.isEmpty || profile.accounts.contains(where: { $0.id == api.accountID }) else {
            let known = profile.accounts.map { String($0.id) }.joined(separator: ", ")
            throw ChannelError.invalid(
                "the token's user does not belong to account \(api.accountID); its accounts are \(known)")
        }
        let inboxes = try await resolveInboxes()
        let status = identity.withLock { identity in
            identity = Identity(userID: profile.id, inboxes: inboxes, status: identity.status)
            return identity.status
        }
        // Availability decides whether people see the seat as staffed; the bot works without it too.
        _ = try? await api.setAvailability(Self.availability(status))
        return .user(token, account: api.accountID, user: profile.id, channel: api.installation.channelName)
    }

    private static func availability(_ status: ChannelEffect.SeatStatus) -> ChatwootAvailability {
        status == .online ? .online : .busy
    }

    func show(_ status: ChannelEffect.SeatStatus) async throws {
        identity.withLock { $0.status = status }
        _ = try await api.setAvailability(Self.availability(status))
    }

    /// Ids of the inboxes to work in; `nil` for all.
    var inboxes: Set<Int>? { identity.withLock { $0.inboxes } }

    private func resolveInboxes() async throws -> Set<Int>? {
        guard !inboxNames.isEmpty else { return nil }
        let known = try await api.inboxes()
        return Set(
            try inboxNames.map { name in
                if let inbox = known.first(where: { String($0.id ?? 0) == name || $0.name == name }), let id = inbox.id
                {
                    return id
                }
                let names = known.map(\.name)
                let hint = NearestWord.hint(for: name, in: names)
                throw ChannelError.invalid("the account has no inbox '\(name)'\(hint)")
            })
    }

    /// Keeps who is online now, and gives who was before.
    func replaceOnline(_ online: Set<Int>) -> Set<Int>? {
        identity.withLock { identity in
            defer { identity.online = online }
            return identity.online
        }
    }

    func worksIn(_ inbox: Int?) -> Bool {
        identity.withLock { identity in
            guard let inboxes = identity.inboxes, let inbox else { return true }
            return inboxes.contains(inbox)
        }
    }

    func translate(_ event: ChatwootEvent, now: Instant) -> Translation {
        guard event.accountID == nil || event.accountID == api.accountID else { return .nothing }
        switch event.content {
        case .message(let message):
            guard worksIn(message.inboxID) else { return .nothing }
            return translate(message, of: event)
        case .conversation(let conversation):
            guard worksIn(conversation.inboxID) else { return .nothing }
            return translate(conversation, of: event)
        case .typing(let typing):
            guard worksIn(typing.inboxID) else { return .nothing }
            return translate(typing, of: event, now: now)
        case .contact(let contact) where event.name == .contactUpdated:
            var updated = translator.event(
                "client.updated", native: event.name.rawValue,
                key: "client.updated:\(contact.id):\(Self.digest(event.redactedPayload))", id: contact.id, at: now,
                raw: event.redactedPayload)
            updated.client = translator.client(contact)
            return Translation(admitted: [updated])
        case .presence(let presence): return translate(presence, of: event, now: now)
        case .contact, .other: return native(event, now: now)
        }
    }

    private func translate(_ message: ChatwootMessage, of event: ChatwootEvent) -> Translation {
        let translated = messageEvents(message, of: event)
        if message.senderID == ownUser, message.direction == .outgoing, event.name == .messageCreated {
            if let echo = message.echoID { sessions.storeEcho(echo, message: message.id) }
            return Translation(announced: translated)
        }
        return Translation(admitted: translated)
    }

    private func messageEvents(_ message: ChatwootMessage, of event: ChatwootEvent) -> [Event] {
        if event.name == .messageCreated {
            return [self.event("message.created", "message.created:\(message.id)", message, event.redactedPayload)]
        }
        guard event.name == .messageUpdated else { return [] }
        // Reading a chat updates the status of every message in it; only what a person changed is an update.
        let content: Set<String> = ["content", "content_attributes", "attachments", "processed_message_content"]
        if event.changedFields.isEmpty || !content.isDisjoint(with: event.changedFields) {
            return [self.event("message.updated", translator.updateKey(of: message), message, event.redactedPayload)]
        }
        guard event.changedFields.contains("status"), let delivery = message.delivery,
            let name = [ChatwootDelivery.read: "read", .delivered: "delivered", .failed: "failed"][delivery]
        else { return [] }
        return [self.event("message.\(name)", "message.\(name):\(message.id)", message, event.redactedPayload)]
    }

    func isOwn(_ message: ChatwootMessage) -> Bool {
        translator.speaker(of: message, ownUser: ownUser) == .own
    }

    /// An event about a message, with the session as far as it is known.
    func event(_ name: String, _ key: String, _ message: ChatwootMessage, _ raw: [UInt8]) -> Event {
        let conversation = message.conversationID ?? 0
        var session =
            sessions[conversation]
            ?? Session(
                id: SessionID(channel: translator.channel, id: String(conversation)), status: "open", owner: .queue)
        if message.direction == .incoming, let sender = message.sender {
            session.client = translator.client(sender)
        }
        if let summary = message.conversation {
            if let status = summary.status { session.status = ChatwootTranslator.status(status) }
            applyAssignee(summary.assigneeID, to: &session)
        }
        sessions.store(conversation, session)
        var event = translator.event(
            name, native: name, key: key, id: message.id, at: translator.instant(message.createdAt), raw: raw)
        event.message = translator.message(message, ownUser: ownUser)
        // A button's answer is an update of the message that offered it, made by the client.
        let isAnswer = name == "message.updated" && message.answer != nil
        event.from = isAnswer ? .client : event.message?.from
        event.session = session
        return event
    }

    /// The summary inside a message names the assignee by id only.
    private func applyAssignee(_ assignee: Int?, to session: inout Session) {
        guard session.owner != .platformBot else { return }
        guard let assignee else {
            session.owner = .queue
            session.operator = nil
            return
        }
        session.owner = assignee == ownUser ? .bot : .operator
        if session.operator?.id != String(assignee) { session.operator = Operator(id: String(assignee)) }
    }

    private func native(_ event: ChatwootEvent, now: Instant) -> Translation {
        let name = "\(translator.platform.rawValue):\(event.name.rawValue)"
        let digest = Self.digest(event.redactedPayload)
        return Translation(admitted: [
            translator.event(
                name, native: event.name.rawValue, key: "\(name):\(digest):\(now.rawValue / 60_000)", id: 0, at: now,
                raw: event.redactedPayload)
        ])
    }

    static func digest(_ bytes: [UInt8]) -> String {
        var digest = StableHash()
        digest.combine(bytes)
        return String(digest.value, radix: 36)
    }
}
