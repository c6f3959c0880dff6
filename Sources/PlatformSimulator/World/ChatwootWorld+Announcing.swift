/// Who hears of what.
extension ChatwootWorld {
    enum Audience {
        /// The contact's session and the operators of the inbox.
        case everyone
        /// The operators of the inbox: its members and all administrators.
        case operators
        case account
    }

    func announce(
        _ name: String, _ data: JSONValue, about conversation: Conversation, to audience: Audience,
        by performer: Performer
    ) {
        guard var object = data.object else { return }
        if object["account_id"] == nil { object.add("account_id", .int(conversation.accountID)) }
        // These lost their performer when the server began to rebuild conversations at the time of sending.
        let anonymous = ["conversation.read", "conversation.updated", "conversation.status_changed"]
        if !anonymous.contains(name), !["assignee.changed", "team.changed"].contains(name),
            let view = performerView(performer, account: conversation.accountID)
        {
            object.add("performer", view)
        }
        var streams: [EventStream] = []
        switch audience {
        case .everyone: streams = contactStreams(conversation) + operatorStreams(inbox: conversation.inboxID)
        case .operators: streams = operatorStreams(inbox: conversation.inboxID)
        case .account: streams = [.account(conversation.accountID)]
        }
        counters.events += 1
        publisher.publish(PlatformEvent(name: name, data: .object(object), audience: streams))
    }

    func announceConversation(
        _ name: String, _ conversation: Conversation, to audience: Audience, by performer: Performer = .system
    ) {
        announce(name, eventView(conversation), about: conversation, to: audience, by: performer)
    }

    func announceContact(_ name: String, _ contact: Contact) {
        guard case .object(var object) = senderView(contact) else { return }
        object.add("account_id", .int(contact.accountID))
        publisher.publish(PlatformEvent(name: name, data: .object(object), audience: [.account(contact.accountID)]))
    }

    func announceTyping(_ isOn: Bool, isPrivate: Bool, in conversation: Conversation, by performer: Performer) {
        guard let sender = senderView(performer.author, account: conversation.accountID) else { return }
        let data: JSONValue = [
            "conversation": eventView(conversation), "user": sender, "is_private": .bool(isPrivate),
            "account_id": .int(conversation.accountID),
        ]
        var streams = operatorStreams(inbox: conversation.inboxID)
        switch performer {
        case .contact: break
        case .user(let id):
            streams += contactStreams(conversation)
            if let own = users[id] { streams.removeAll { $0 == .user(own.pubsubToken) } }
        case .bot, .system: streams += contactStreams(conversation)
        }
        publisher.publish(
            PlatformEvent(
                name: isOn ? "conversation.typing_on" : "conversation.typing_off", data: data, audience: streams))
    }

    /// The session's own stream; with a verified identity those of all verified sessions of the contact.
    private func contactStreams(_ conversation: Conversation) -> [EventStream] {
        guard let session = contactInboxes[conversation.contactInboxID] else { return [] }
        guard session.isVerified else { return [.contact(session.pubsubToken)] }
        return (contactInboxIDsByContact[session.contactID] ?? []).compactMap { contactInboxes[$0] }
            .filter { $0.isVerified && $0.inboxID == session.inboxID }.map { .contact($0.pubsubToken) }
    }

    private func operatorStreams(inbox id: Int) -> [EventStream] {
        guard let inbox = inboxes[id] else { return [] }
        return users.values.filter { user in
            guard let membership = user.memberships[inbox.accountID] else { return false }
            return membership.isAdministrator || inbox.memberIDs.contains(user.id)
        }.sorted { $0.id < $1.id }.map { .user($0.pubsubToken) }
    }
}
