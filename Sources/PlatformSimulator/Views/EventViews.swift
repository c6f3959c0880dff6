/// Objects as they stand in events.
extension ChatwootWorld {
    func eventView(_ message: Message) -> JSONValue {
        let conversation = message.conversation
        var view = JSONObject()
        view.members.reserveCapacity(26)
        view.add("id", .int(message.id))
        view.add("content", .text(message.content))
        view.add("account_id", .int(conversation.accountID))
        view.add("inbox_id", .int(conversation.inboxID))
        view.add("conversation_id", .int(conversation.displayID))
        view.add("message_type", .int(message.kind.rawValue))
        view.add("created_at", .int(message.createdAt.epochSeconds))
        view.add("updated_at", .string(message.updatedAt.iso8601))
        view.add("private", .bool(message.isPrivate))
        view.add("status", .string(message.status))
        view.add("source_id", .text(message.sourceID))
        view.add("content_type", .string(message.contentType))
        view.add("content_attributes", .object(message.contentAttributes))
        view.add("sender_type", senderType(message.author))
        view.add("sender_id", senderID(message.author))
        view.add("external_source_ids", [:])
        view.add("additional_attributes", [:])
        view.add("processed_message_content", .text(message.content))
        view.add("sentiment", [:])
        view.add(
            "conversation",
            [
                "assignee_id": .number(assignedUserID(conversation)), "unread_count": .int(conversation.unreadCount),
                "last_activity_at": .int(conversation.lastActivityAt.epochSeconds),
                "contact_inbox": ["source_id": .text(contactInboxes[conversation.contactInboxID]?.sourceID)],
            ])
        if !message.attachments.isEmpty { view.add("attachments", attachmentsView(message)) }
        if let sender = senderView(message.author, account: conversation.accountID) { view.add("sender", sender) }
        return .object(view)
    }

    func eventView(_ conversation: Conversation) -> JSONValue {
        let last = conversation.messageIDs.reversed().lazy.compactMap { self.messages[$0] }
            .first { $0.isVisibleToContact }
        let meta: JSONValue = [
            "sender": contacts[conversation.contactID].map { senderView($0) } ?? nil,
            "assignee": assigneeView(conversation) ?? nil, "assignee_type": assigneeType(conversation),
            "team": teamView(conversation) ?? nil,
            "hmac_verified": .bool(contactInboxes[conversation.contactInboxID]?.isVerified ?? false),
        ]
        return [
            "additional_attributes": .object(conversation.additionalAttributes), "can_reply": .bool(true),
            "channel": .text(inboxes[conversation.inboxID]?.channelType),
            "contact_inbox": contactInboxes[conversation.contactInboxID].map { contactInboxRow($0) } ?? nil,
            "id": .int(conversation.displayID), "inbox_id": .int(conversation.inboxID),
            "messages": .array(last.map { [eventView($0)] } ?? []), "labels": .texts(conversation.labels),
            "meta": meta, "status": .string(conversation.status.rawValue),
            "custom_attributes": .object(conversation.customAttributes),
            "snoozed_until": .text(conversation.snoozedUntil?.iso8601),
            "unread_count": .int(conversation.unreadCount),
            "first_reply_created_at": .text(conversation.firstReplyCreatedAt?.iso8601),
            "priority": .text(conversation.priority),
            "waiting_since": .int(conversation.waitingSince?.epochSeconds ?? 0),
            "agent_last_seen_at": .int(conversation.agentLastSeenAt?.epochSeconds ?? 0),
            "contact_last_seen_at": .int(conversation.contactLastSeenAt?.epochSeconds ?? 0),
            "last_activity_at": .int(conversation.lastActivityAt.epochSeconds),
            "timestamp": .int(conversation.lastActivityAt.epochSeconds),
            "created_at": .int(conversation.createdAt.epochSeconds),
            "updated_at": .double(conversation.updatedAt.epochFraction), "account_id": .int(conversation.accountID),
        ]
    }

    /// The session's row as events carry it: its stream token really is in there.
    private func contactInboxRow(_ session: ContactInbox) -> JSONValue {
        [
            "id": .int(session.id), "contact_id": .int(session.contactID), "inbox_id": .int(session.inboxID),
            "source_id": .string(session.sourceID), "created_at": .string(session.createdAt.iso8601),
            "updated_at": .string(session.createdAt.iso8601), "hmac_verified": .bool(session.isVerified),
            "pubsub_token": .string(session.pubsubToken),
        ]
    }

    private func senderType(_ author: Message.Author?) -> JSONValue {
        switch author {
        case .contact: "Contact"
        case .user: "User"
        case .bot: "AgentBot"
        case nil: nil
        }
    }

    private func senderID(_ author: Message.Author?) -> JSONValue {
        switch author {
        case .contact(let id), .user(let id), .bot(let id): .int(id)
        case nil: nil
        }
    }

    func assignedUserID(_ conversation: Conversation) -> Int? {
        if case .user(let id) = conversation.assignee { id } else { nil }
    }
}
