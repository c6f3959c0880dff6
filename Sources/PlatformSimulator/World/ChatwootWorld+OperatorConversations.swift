import Foundation

/// What the operator API does to conversations.
extension ChatwootWorld {
    func showConversation(_ account: Int, _ id: Int?, caller: Caller) throws -> JSONValue {
        operatorView(try conversation(account, id, openTo: caller))
    }

    func startConversation(_ account: Int, _ parameters: JSONObject, caller: Caller) throws -> JSONValue {
        let session = try startingSession(account, parameters)
        let status = try parameters["status"]?.castString.map { try Self.status($0) }
        let conversation = try createConversation(on: session, by: caller.performer) { conversation in
            if let status { conversation.status = status }
            if let assignee = parameters["assignee_id"]?.castInt, users[assignee]?.memberships[account] != nil {
                conversation.assignee = .user(assignee)
            }
            conversation.teamID = parameters["team_id"]?.castInt.flatMap { teams[$0]?.id }
            conversation.customAttributes = parameters["custom_attributes"]?.object ?? [:]
            conversation.additionalAttributes = parameters["additional_attributes"]?.object ?? [:]
            conversation.snoozedUntil = parameters["snoozed_until"]?.castInt.map {
                Date(timeIntervalSince1970: Double($0))
            }
        }
        if let content = parameters["message"]?["content"]?.castString {
            try post(MessageDraft(kind: .outgoing, content: content, author: caller.performer), in: conversation)
        }
        return operatorView(conversation)
    }

    func toggleStatus(_ account: Int, _ id: Int?, _ parameters: JSONObject, caller: Caller) throws -> JSONValue {
        let conversation = try conversation(account, id, openTo: caller)
        let wanted = try parameters["status"]?.castString.map { try Self.status($0) }
        let status = wanted ?? (conversation.status == .open ? .resolved : .open)
        let until = parameters["snoozed_until"]?.castInt.map { Date(timeIntervalSince1970: Double($0)) }
        var success: JSONValue = .bool(true)
        if case .bot = caller, conversation.status == .pending, status == .open { success = nil }
        change(conversation, by: caller.performer) { conversation in
            conversation.status = status
            conversation.snoozedUntil = status == .snoozed ? until : nil
            // Reopening by a plain agent takes the conversation over.
            if status == .open, let user = caller.userID, !isAdministrator(caller, of: account) {
                conversation.assignee = .user(user)
            }
        }
        return [
            "meta": [:],
            "payload": [
                "success": success, "conversation_id": .int(conversation.displayID),
                "current_status": .string(conversation.status.rawValue),
                "snoozed_until": .number(conversation.snoozedUntil?.epochSeconds),
            ],
        ]
    }

    func togglePriority(_ account: Int, _ id: Int?, _ parameters: JSONObject, caller: Caller) throws {
        let conversation = try conversation(account, id, openTo: caller)
        let priority = parameters["priority"]?.castString
        guard priority.map({ ["low", "medium", "high", "urgent"].contains($0) }) ?? true else { throw WorldError.crash }
        change(conversation, by: caller.performer) { $0.priority = priority }
    }

    func typeByOperator(_ account: Int, _ id: Int?, _ parameters: JSONObject, caller: Caller) throws {
        let conversation = try conversation(account, id, openTo: caller)
        guard let status = parameters["typing_status"]?.castString, ["on", "off"].contains(status) else { return }
        announceTyping(
            status == "on", isPrivate: parameters["is_private"]?.castBool ?? false, in: conversation,
            by: caller.performer)
    }

    func markSeenByOperator(_ account: Int, _ id: Int?, caller: Caller) throws -> JSONValue {
        let conversation = try conversation(account, id, openTo: caller)
        conversation.agentLastSeenAt = now
        conversation.unreadCount = 0
        if let user = caller.userID, conversation.assignee == .user(user) { conversation.assigneeLastSeenAt = now }
        return operatorView(conversation)
    }

    func markUnread(_ account: Int, _ id: Int?, caller: Caller) throws -> JSONValue {
        let conversation = try conversation(account, id, openTo: caller)
        let last = conversation.messageIDs.reversed().lazy.compactMap { self.messages[$0] }.first {
            $0.kind == .incoming
        }
        conversation.agentLastSeenAt = last?.createdAt.addingTimeInterval(-1)
        conversation.unreadCount = conversation.messageIDs.compactMap { messages[$0] }.count { message in
            message.kind == .incoming && message.createdAt > (conversation.agentLastSeenAt ?? .distantPast)
        }
        return operatorView(conversation)
    }

    func setLabels(_ account: Int, _ id: Int?, _ parameters: JSONObject, caller: Caller) throws -> JSONValue {
        let conversation = try conversation(account, id, openTo: caller)
        let labels = (parameters["labels"]?.array ?? []).compactMap(\.castString)
        change(conversation, by: caller.performer) { conversation in
            var seen: Set<String> = []
            conversation.labels = labels.filter { seen.insert($0).inserted }
        }
        return ["payload": .texts(conversation.labels)]
    }

    func listLabels(_ account: Int, _ id: Int?, caller: Caller) throws -> JSONValue {
        ["payload": .texts(try conversation(account, id, openTo: caller).labels)]
    }

    func setCustomAttributes(_ account: Int, _ id: Int?, _ parameters: JSONObject, caller: Caller) throws -> JSONValue {
        let conversation = try conversation(account, id, openTo: caller)
        let attributes = parameters["custom_attributes"]?.object ?? [:]
        for member in attributes.members {
            let tooLong = (member.value.string?.count ?? 0) > 1500
            if tooLong || (member.value.castInt ?? 0) > 9_999_999_999 {
                throw WorldError.invalid(
                    message: "Custom attributes \(member.key) is too large", attributes: ["custom_attributes"])
            }
        }
        change(conversation, by: caller.performer) { $0.customAttributes = attributes }
        return ["custom_attributes": .object(conversation.customAttributes)]
    }

    func setMuted(_ isMuted: Bool, _ account: Int, _ id: Int?, caller: Caller) throws {
        let conversation = try conversation(account, id, openTo: caller)
        contacts[conversation.contactID]?.isBlocked = isMuted
        if isMuted { setStatus(.resolved, of: conversation, by: caller.performer) }
    }

    static func status(_ text: String) throws -> Conversation.Status {
        guard let status = Conversation.Status(rawValue: text) else { throw WorldError.crash }
        return status
    }

    private func startingSession(_ account: Int, _ parameters: JSONObject) throws -> ContactInbox {
        let inbox = parameters["inbox_id"]?.castInt.flatMap { inboxes[$0] }
        if let source = parameters["source_id"]?.castString {
            let found = contactInboxes.values.first { session in
                session.sourceID == source && inboxes[session.inboxID]?.accountID == account
                    && (inbox == nil || session.inboxID == inbox?.id)
            }
            if let found { return found }
        }
        guard let inbox, inbox.accountID == account,
            let contact = parameters["contact_id"]?.castInt.flatMap({ contacts[$0] }),
            contact.accountID == account
        else { throw WorldError.notFound }
        let sessions = (contactInboxIDsByContact[contact.id] ?? []).compactMap { contactInboxes[$0] }
        if let known = sessions.first(where: { $0.inboxID == inbox.id }) { return known }
        return addSession(of: contact, on: inbox, source: parameters["source_id"]?.castString ?? makeUUID())
    }
}
