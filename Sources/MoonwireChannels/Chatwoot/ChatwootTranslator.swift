import ChatwootAPI
import EventJSON
import Moonwire

/// Turns the platform's messages, conversations and contacts into the host's words. Pure: both roles use it.
struct ChatwootTranslator: Sendable {
    let channel: ChannelID
    let platform: Platform
    let role: Role

    func event(
        _ name: String, native: String, key: String?, id: Int, at: Instant, raw: [UInt8]
    ) -> Event {
        Event(
            name: name, native: native, key: key, id: String(id), at: at, channel: channel, platform: platform,
            role: role, raw: raw.isEmpty ? .null : RawJSON(validated: raw))
    }

    /// Who wrote a message, seen from the host's seat.
    ///
    /// - Parameter ownUser: The host's own user id on an operator's seat.
    func speaker(of message: ChatwootMessage, ownUser: Int?) -> Speaker {
        switch message.direction {
        case .incoming: return role == .client ? .own : .client
        case .outgoing:
            if message.senderType == "User" || message.sender?.kind == .user {
                return message.senderID == ownUser && ownUser != nil ? .own : .operator
            }
            return .bot
        default: return .bot
        }
    }

    func message(_ message: ChatwootMessage, ownUser: Int?) -> Message {
        Message(
            id: String(message.id), text: message.content ?? "", at: instant(message.createdAt),
            from: speaker(of: message, ownUser: ownUser), contentType: message.contentType.rawValue,
            attachments: message.attachments.map(attachment),
            quickReplies: message.choices.map { QuickReply(title: $0.title, value: $0.value) },
            submittedValues: message.contentAttributes["submitted_values"].flatMap { values in
                values.isNull ? nil : RawJSON(validated: values.bytes)
            },
            replyTo: message.inReplyTo.map(String.init), isPrivate: message.isPrivate, isDeleted: message.isDeleted)
    }

    private func attachment(_ attachment: ChatwootAttachment) -> Attachment {
        Attachment(
            id: String(attachment.id), kind: attachment.kind.rawValue, url: attachment.url, name: attachment.title,
            mime: attachment.contentType, size: attachment.fileSize.map(Int64.init), latitude: attachment.latitude,
            longitude: attachment.longitude)
    }

    func client(_ sender: ChatwootSender, isOnline: Bool? = nil) -> Client {
        Client(
            id: String(sender.id), name: sender.name, phone: sender.phoneNumber, email: sender.email,
            identifier: sender.identifier, language: Self.language(sender.additionalAttributes),
            tz: sender.additionalAttributes["timezone"]?.string, attrs: Self.raw(sender.customAttributes),
            isOnline: isOnline ?? sender.availability.map { $0 == .online })
    }

    func client(_ contact: ChatwootContact) -> Client {
        Client(
            id: String(contact.id), name: contact.name, phone: contact.phoneNumber, email: contact.email,
            identifier: contact.identifier, language: Self.language(contact.additionalAttributes),
            tz: contact.additionalAttributes["timezone"]?.string, attrs: Self.raw(contact.customAttributes),
            isOnline: contact.availability.map { $0 == .online })
    }

    func `operator`(_ sender: ChatwootSender) -> Operator {
        Operator(id: String(sender.id), name: sender.availableName ?? sender.name, email: sender.email)
    }

    func session(_ conversation: ChatwootConversation, known: Session?, ownUser: Int?) -> Session {
        let owner = owner(of: conversation, ownUser: ownUser)
        return Session(
            id: SessionID(channel: channel, id: String(conversation.id)), status: Self.status(conversation.status),
            owner: owner, client: conversation.contact.map { client($0) } ?? known?.client,
            operator: conversation.assignee.map(`operator`), group: conversation.team?.name,
            labels: conversation.labels, attrs: Self.raw(conversation.customAttributes))
    }

    private func owner(of conversation: ChatwootConversation, ownUser: Int?) -> Owner {
        if conversation.status == .pending || conversation.assigneeType == "AgentBot" { return .platformBot }
        guard let assignee = conversation.assignee else { return .queue }
        return assignee.id == ownUser ? .bot : .operator
    }

    /// Chatwoot's `resolved` is what scripts know as `closed`.
    static func status(_ status: ChatwootStatus) -> String {
        status == .resolved ? "closed" : status.rawValue
    }

    static func raw(_ object: JSONObject) -> RawJSON {
        object.isEmpty ? .emptyObject : RawJSON(validated: JSON.object(object).bytes)
    }

    private static func language(_ attributes: JSONObject) -> String? {
        attributes["browser_language"]?.string ?? attributes["language"]?.string
    }

    func instant(_ time: ChatwootTime?) -> Instant {
        time.map { Instant(seconds: $0.secondsSince1970) } ?? Instant(milliseconds: 0)
    }

    /// The key of an update: the same content, attributes and attachments are the same update.
    func updateKey(of message: ChatwootMessage) -> String {
        var digest = StableHash()
        digest.combine((message.content ?? "").utf8)
        digest.combine(separator: 0)
        digest.combine(JSON.object(message.contentAttributes).bytes)
        for attachment in message.attachments {
            digest.combine(separator: 1)
            digest.combine("\(attachment.id) \(attachment.transcribedText ?? "")".utf8)
        }
        return "message.updated:\(message.id):\(String(digest.value, radix: 36))"
    }
}
