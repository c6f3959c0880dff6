import Foundation

/// What a new message shall be.
struct MessageDraft: Sendable {
    var kind: Message.Kind
    var content: String?
    var author: Performer
    var contentType = "text"
    var contentAttributes = JSONObject()
    var isPrivate = false
    var sourceID: String?
    var echoID: String?
    var files: [UploadedFile] = []
    /// Loads of the simulator's own are no flood.
    var isExemptFromFloodGuard = false
}

/// How messages come about and change, for both APIs.
extension ChatwootWorld {
    static let longestContent = 150_000

    @discardableResult
    func post(_ draft: MessageDraft, in conversation: Conversation) throws -> Message {
        if !draft.isExemptFromFloodGuard { try guardFlood(conversation) }
        if let content = draft.content, content.count > Self.longestContent {
            throw WorldError.invalid(
                message: "Content is too long (maximum is \(Self.longestContent) characters)", attributes: ["content"])
        }
        let message = insert(draft, in: conversation)
        if draft.kind == .incoming { reopen(conversation, for: draft.author) }
        let isFirstReply = stampReplies(message, in: conversation, by: draft.author)
        announceMessage("message.created", message, by: draft.author)
        if isFirstReply {
            announce("first.reply.created", eventView(message), about: conversation, to: .operators, by: draft.author)
        }
        if draft.kind == .incoming { greet(conversation) }
        count(message)
        return message
    }

    /// Changes a message and announces what became different.
    func update(_ message: Message, by performer: Performer, _ body: (Message) -> Void) {
        let before = Self.changeable(message)
        body(message)
        let after = Self.changeable(message)
        guard before != after else { return }
        message.updatedAt = now
        var changes = JSONObject()
        for (old, new) in zip(before.members, after.members) where old != new {
            changes.add(old.key, .array([old.value, new.value]))
        }
        announceMessage("message.updated", message, by: performer, extra: ("previous_changes", .object(changes)))
    }

    func announceMessage(
        _ name: String, _ message: Message, by performer: Performer, extra: (String, JSONValue)? = nil
    ) {
        guard case .object(var data) = eventView(message) else { return }
        if name == "message.created", let echo = message.echoID { data.add("echo_id", .string(echo)) }
        if let extra { data.add(extra.0, extra.1) }
        announce(
            name, .object(data), about: message.conversation, to: message.isVisibleToContact ? .everyone : .operators,
            by: performer)
    }

    /// A notice for operators; it passes no guard and wakes nobody.
    func noteActivity(_ text: String, in conversation: Conversation) {
        let message = insert(MessageDraft(kind: .activity, content: text, author: .system), in: conversation)
        announceMessage("message.created", message, by: .system)
        count(message)
    }

    func message(_ id: Int, in conversation: Conversation) throws -> Message {
        guard let message = messages[id], message.conversation === conversation else { throw WorldError.notFound }
        return message
    }

    func surveyAfterResolving(_ conversation: Conversation) {
        guard inboxes[conversation.inboxID]?.csatSurveyEnabled == true else { return }
        postTemplate(
            "Please rate the conversation", in: conversation, contentType: "input_csat",
            attributes: ["display_type": "emoji"])
    }

    private func greet(_ conversation: Conversation) {
        guard let greeting = inboxes[conversation.inboxID]?.greetingMessage else { return }
        let incoming = conversation.messageIDs.compactMap { messages[$0] }.filter { $0.kind == .incoming }
        if incoming.count == 1 { postTemplate(greeting, in: conversation, contentType: "text", attributes: [:]) }
    }

    private func postTemplate(
        _ text: String, in conversation: Conversation, contentType: String, attributes: JSONObject
    ) {
        let draft = MessageDraft(
            kind: .template, content: text, author: .system, contentType: contentType, contentAttributes: attributes)
        let message = insert(draft, in: conversation)
        announceMessage("message.created", message, by: .system)
        count(message)
    }

    private func guardFlood(_ conversation: Conversation) throws {
        let limit = floodLimit()
        guard limit > 0 else { return }
        let minuteAgo = now.addingTimeInterval(-60)
        conversation.recentMessages.removeAll { $0 < minuteAgo }
        guard conversation.recentMessages.count < limit else {
            throw WorldError.invalid(message: "Too many messages", attributes: ["base"])
        }
        conversation.recentMessages.append(now)
    }

    private func insert(_ draft: MessageDraft, in conversation: Conversation) -> Message {
        let message = Message(
            id: nextID("messages", after: 9870), conversation: conversation, kind: draft.kind, content: draft.content,
            now: now)
        message.contentType = draft.contentType
        message.contentAttributes = draft.contentAttributes
        message.isPrivate = draft.isPrivate
        message.sourceID = draft.sourceID
        message.echoID = draft.echoID
        message.author = draft.author.author
        if message.kind == .outgoing || message.kind == .template {
            message.content = draft.content.map { render($0, message) }
        }
        for file in draft.files {
            let attachment = Attachment(
                id: nextID("attachments", after: 76), filename: file.filename, contentType: file.contentType,
                bytes: file.bytes, key: makeToken())
            attachments[attachment.key] = attachment
            message.attachments.append(attachment)
        }
        messages[message.id] = message
        conversation.messageIDs.append(message.id)
        if message.kind == .incoming { conversation.unreadCount += 1 }
        if draft.kind != .activity {
            conversation.lastActivityAt = now
            if draft.kind == .incoming { contacts[conversation.contactID]?.lastActivityAt = now }
        }
        conversation.updatedAt = now
        return message
    }

    private func reopen(_ conversation: Conversation, for performer: Performer) {
        guard contacts[conversation.contactID]?.isBlocked != true else { return }
        switch conversation.status {
        case .resolved:
            let status: Conversation.Status = inboxes[conversation.inboxID]?.agentBotID != nil ? .pending : .open
            setStatus(status, of: conversation, by: performer)
        case .snoozed: setStatus(.open, of: conversation, by: performer)
        case .open, .pending: break
        }
    }

    /// Keeps the stamps of waiting and first reply; true when this message is the first reply.
    private func stampReplies(_ message: Message, in conversation: Conversation, by performer: Performer) -> Bool {
        let isReply = message.kind == .outgoing && !message.isPrivate
        let isFirst = isReply && conversation.firstReplyCreatedAt == nil
        change(conversation, by: performer) { conversation in
            if message.kind == .incoming, conversation.waitingSince == nil { conversation.waitingSince = now }
            if isReply { conversation.waitingSince = nil }
            if isFirst { conversation.firstReplyCreatedAt = now }
        }
        return isFirst
    }

    private static func changeable(_ message: Message) -> JSONObject {
        [
            "content": .text(message.content), "content_attributes": .object(message.contentAttributes),
            "status": .string(message.status), "attachments": .int(message.attachments.count),
        ]
    }
}
