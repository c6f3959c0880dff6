/// What tests read from the world and write into it.
extension ChatwootWorld {
    func snapshots() -> [ConversationSnapshot] {
        conversations.values.sorted { $0.displayID < $1.displayID }.map { snapshot($0) }
    }

    func snapshot(of id: Int) throws -> ConversationSnapshot {
        snapshot(try conversation(DemoWorld.accountID, id))
    }

    func messageSnapshots(of id: Int) throws -> [MessageSnapshot] {
        try conversation(DemoWorld.accountID, id).messageIDs.compactMap { messages[$0] }.map { snapshot($0) }
    }

    func messageViews(of id: Int) throws -> JSONValue {
        let all = try conversation(DemoWorld.accountID, id).messageIDs.compactMap { messages[$0] }
        return ["payload": .array(all.map { controlView($0) })]
    }

    func makeSession(inbox identifier: String, sourceID: String?, name: String?) throws -> ClientSession {
        let inbox = try inbox(identifier)
        var parameters: JSONObject = ["name": .text(name)]
        if let sourceID { parameters["source_id"] = .string(sourceID) }
        let session = try session(in: inbox, parameters)
        return ClientSession(
            inboxIdentifier: identifier, sourceID: session.sourceID, pubsubToken: session.pubsubToken,
            contactID: session.contactID)
    }

    func openConversation(inbox: String, source: String) throws -> Int {
        let session = try session(try self.inbox(inbox), source)
        return try createConversation(on: session, by: .contact(session.contactID)).displayID
    }

    func write(asClient text: String, in id: Int) throws -> JSONValue {
        let conversation = try conversation(DemoWorld.accountID, id)
        let draft = MessageDraft(kind: .incoming, content: text, author: .contact(conversation.contactID))
        return controlView(try post(draft, in: conversation))
    }

    func write(asOperator draft: MessageDraft, in id: Int) throws -> JSONValue {
        controlView(try post(draft, in: try conversation(DemoWorld.accountID, id)))
    }

    /// Writes a part of a load in one turn of the actor.
    func writeBulk(_ texts: [(conversation: Int, text: String)]) throws {
        for item in texts {
            let conversation = try conversation(DemoWorld.accountID, item.conversation)
            var draft = MessageDraft(kind: .incoming, content: item.text, author: .contact(conversation.contactID))
            draft.isExemptFromFloodGuard = true
            try post(draft, in: conversation)
        }
    }

    func tally() -> (messages: MessageTally, events: Int) { (counters.messages, counters.events) }

    private func controlView(_ message: Message) -> JSONValue {
        guard case .object(var view) = eventView(message) else { return nil }
        view["echo_id"] = .text(message.echoID)
        return .object(view)
    }

    private func snapshot(_ conversation: Conversation) -> ConversationSnapshot {
        let replies = conversation.messageIDs.compactMap { messages[$0] }
            .filter { $0.kind == .outgoing && !$0.isPrivate }
        let echoes = replies.compactMap(\.echoID)
        var bot: Int?
        if case .bot(let id) = conversation.assignee { bot = id }
        return ConversationSnapshot(
            id: conversation.displayID, inboxID: conversation.inboxID, status: conversation.status.rawValue,
            assigneeID: assignedUserID(conversation), assigneeBotID: bot, teamID: conversation.teamID,
            labels: conversation.labels, customAttributes: JSONValue.object(conversation.customAttributes).serialized,
            priority: conversation.priority, incoming: conversation.tally.incoming,
            outgoing: conversation.tally.outgoing, notes: conversation.tally.notes,
            duplicateContents: replies.count - Set(replies.map(\.content)).count,
            duplicateEchoes: echoes.count - Set(echoes).count,
            contactLastSeen: conversation.contactLastSeenAt?.epochSeconds ?? 0,
            agentLastSeen: conversation.agentLastSeenAt?.epochSeconds ?? 0)
    }

    private func snapshot(_ message: Message) -> MessageSnapshot {
        let kind: MessageKind =
            switch message.kind {
            case .incoming: .incoming
            case .outgoing: message.isPrivate ? .note : .outgoing
            case .activity: .activity
            case .template: .template
            }
        let view = eventView(message)
        return MessageSnapshot(
            id: message.id, kind: kind, content: message.content, contentType: message.contentType,
            contentAttributes: JSONValue.object(message.contentAttributes).serialized, isPrivate: message.isPrivate,
            status: message.status, senderType: view["sender_type"]?.string, senderID: view["sender_id"]?.castInt,
            echoID: message.echoID, attachments: message.attachments.map(\.filename))
    }
}
