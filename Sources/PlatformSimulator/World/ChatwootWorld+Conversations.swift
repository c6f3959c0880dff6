import Foundation

/// How conversations begin and change, for both APIs.
extension ChatwootWorld {
    func conversation(_ account: Int, _ displayID: Int) throws -> Conversation {
        guard let conversation = conversations[ConversationKey(account: account, displayID: displayID)] else {
            throw WorldError.notFound
        }
        return conversation
    }

    func createConversation(
        on session: ContactInbox, by performer: Performer, _ prepare: (Conversation) -> Void = { _ in }
    )
        throws -> Conversation
    {
        guard let inbox = inboxes[session.inboxID], let account = accounts[inbox.accountID] else {
            throw WorldError.notFound
        }
        let isBlocked = contacts[session.contactID]?.isBlocked ?? false
        account.lastDisplayID += 1
        let conversation = Conversation(
            internalID: nextID("conversations", after: 70_000), displayID: account.lastDisplayID, uuid: makeUUID(),
            inbox: inbox, contactInbox: session,
            status: isBlocked ? .resolved : inbox.agentBotID != nil ? .pending : .open, now: now)
        prepare(conversation)
        conversations[ConversationKey(account: account.id, displayID: conversation.displayID)] = conversation
        conversationsByInternalID[conversation.internalID] = conversation
        conversationsByContactInbox[session.id, default: []].append(conversation)
        conversationsByUUID[conversation.uuid] = conversation
        announceConversation("conversation.created", conversation, to: .everyone, by: performer)
        return conversation
    }

    /// Changes a conversation and announces what became different.
    func change(_ conversation: Conversation, by performer: Performer, _ body: (Conversation) -> Void) {
        let before = Snapshot(conversation)
        body(conversation)
        let after = Snapshot(conversation)
        guard before != after else { return }
        conversation.updatedAt = now
        if before.status != after.status {
            announceConversation("conversation.status_changed", conversation, to: .everyone)
            noteActivity(statusActivity(after.status, performer), in: conversation)
        }
        if before.assignee != after.assignee {
            noteActivity(assignmentActivity(conversation, performer), in: conversation)
        }
        if before.team != after.team { noteActivity(teamActivity(conversation, performer), in: conversation) }
        announceConversation("conversation.updated", conversation, to: .everyone)
        if before.assignee != after.assignee { announceConversation("assignee.changed", conversation, to: .operators) }
        if before.team != after.team { announceConversation("team.changed", conversation, to: .operators) }
        if before.status != after.status, after.status == .resolved { surveyAfterResolving(conversation) }
    }

    func setStatus(
        _ status: Conversation.Status, of conversation: Conversation, by performer: Performer, snoozedUntil: Date? = nil
    ) {
        change(conversation, by: performer) { conversation in
            conversation.status = status
            conversation.snoozedUntil = status == .snoozed ? snoozedUntil : nil
        }
    }

    func markSeenByContact(_ conversation: Conversation, by performer: Performer) {
        conversation.contactLastSeenAt = now
        announceConversation("conversation.read", conversation, to: .operators)
        for message in conversation.messageIDs.compactMap({ messages[$0] })
        where message.kind == .outgoing && !message.isPrivate && ["sent", "delivered"].contains(message.status) {
            update(message, by: performer) { $0.status = "read" }
        }
    }

    private struct Snapshot: Equatable {
        let status: Conversation.Status
        let assignee: Conversation.Assignee?
        let team: Int?
        let labels: [String]
        let customAttributes: JSONObject
        let priority: String?
        let snoozedUntil: Date?
        let waitingSince: Date?
        let firstReplyCreatedAt: Date?

        init(_ conversation: Conversation) {
            status = conversation.status
            assignee = conversation.assignee
            team = conversation.teamID
            labels = conversation.labels
            customAttributes = conversation.customAttributes
            priority = conversation.priority
            snoozedUntil = conversation.snoozedUntil
            waitingSince = conversation.waitingSince
            firstReplyCreatedAt = conversation.firstReplyCreatedAt
        }
    }

    private func name(of performer: Performer) -> String {
        switch performer {
        case .contact(let id): contacts[id]?.name ?? "contact"
        case .user(let id): users[id]?.name ?? "user"
        case .bot(let id): bots[id]?.name ?? "bot"
        case .system: "System"
        }
    }

    private func statusActivity(_ status: Conversation.Status, _ performer: Performer) -> String {
        switch status {
        case .open: "Conversation was reopened by \(name(of: performer))"
        case .resolved: "Conversation was marked resolved by \(name(of: performer))"
        case .pending: "Conversation was marked as pending by \(name(of: performer))"
        case .snoozed: "Conversation was snoozed by \(name(of: performer))"
        }
    }

    private func assignmentActivity(_ conversation: Conversation, _ performer: Performer) -> String {
        switch conversation.assignee {
        case .user(let id): "Assigned to \(users[id]?.name ?? "user") by \(name(of: performer))"
        case .bot(let id): "Assigned to \(bots[id]?.name ?? "bot") by \(name(of: performer))"
        case nil: "Conversation unassigned by \(name(of: performer))"
        }
    }

    private func teamActivity(_ conversation: Conversation, _ performer: Performer) -> String {
        if let team = conversation.teamID.flatMap({ teams[$0] }) {
            "Assigned to \(team.name) by \(name(of: performer))"
        } else {
            "Unassigned from team by \(name(of: performer))"
        }
    }
}
