import ChatwootAPI
import EventJSON
import Moonwire

extension ChatwootOperatorSeat {
    func perform(_ delivery: EffectDelivery) async throws -> EffectReceipt {
        if delivery.session.id.isEmpty || delivery.effect.isOfChannel {
            return try await performOnChannel(delivery.effect)
        }
        guard let conversation = Int(delivery.session.id) else {
            throw ChannelError.invalid("'\(delivery.session.id)' is no conversation of this platform")
        }
        switch delivery.effect {
        case .reply(let reply): return try await send(reply, to: conversation, key: delivery.key)
        case .typing(let typing): return try await type(typing, in: conversation)
        case .markRead:
            try await api.markRead(conversation)
            return EffectReceipt()
        case .transfer(let transfer): return try await move(conversation, transfer)
        case .close(let result):
            if let result { _ = try await api.changeCustomAttributes(conversation, ["result": .string(result)]) }
            _ = try await api.setStatus(conversation, .resolved)
            return changed(conversation) { $0.status = "closed" }
        case .reopen:
            // For an agent's token the platform also assigns the conversation to the agent.
            _ = try await api.setStatus(conversation, .open)
            return (try? await refresh(conversation)) ?? changed(conversation) { $0.status = "open" }
        case .label(let labels): return try await label(conversation, add: labels, remove: [])
        case .unlabel(let labels): return try await label(conversation, add: [], remove: labels)
        case .set(let attributes): return try await set(conversation, attributes)
        case .messages(let limit, let before):
            return try await list(conversation, limit: limit, before: before)
        case .refresh: return try await refresh(conversation)
        case .submit:
            throw ChannelError.unsupported(
                "an operator cannot answer a form in the client's place; offer quick_replies and wait for the answer")
        case .updateClient(let update):
            let client = try await updated(update)
            return changed(conversation) { $0.client = client }
        case .take, .rename, .edit, .delete, .ban, .unban, .clientMessages, .sessions, .clients, .open, .operators,
            .groups, .me, .status, .request, .receive, .echo, .receipt, .fail, .bind:
            throw ChannelError.unsupported("\(delivery.effect.method) is not possible on this platform")
        }
    }

    private func send(
        _ reply: ChannelEffect.Reply, to conversation: Int, key: String
    ) async throws -> EffectReceipt {
        let message = try await api.sendMessage(conversation, Self.draft(of: reply, key: key))
        sessions.storeEcho(key, message: message.id)
        // Whoever the platform names as the sender: it is this seat.
        let translated = translator.message(message, ownUser: message.senderID)
        return EffectReceipt(value: EventBody.encode(translated), nativeID: String(message.id))
    }

    static func draft(of reply: ChannelEffect.Reply, key: String) -> ChatwootMessageDraft {
        var text = reply.isTemplate ? reply.text : ChatwootText.escapingLiquid(reply.text)
        for upload in reply.attachments {
            if case .url(let link) = upload.source { text += (text.isEmpty ? "" : "\n") + link }
        }
        var draft =
            reply.quickReplies.isEmpty
            ? ChatwootMessageDraft(content: text.isEmpty ? nil : text)
            : ChatwootMessageDraft.choices(
                text, reply.quickReplies.map { ChatwootChoice($0.title, value: $0.value) })
        draft.isPrivate = reply.isPrivate
        draft.echoID = key
        draft.attachments = ChatwootUploads.files(of: reply)
        if let replyTo = reply.replyTo.flatMap(Int.init) {
            draft.contentAttributes["in_reply_to"] = .int(Int64(replyTo))
        }
        return draft
    }

    private func type(_ typing: ChannelEffect.Typing, in conversation: Int) async throws -> EffectReceipt {
        try await api.setTyping(conversation, typing.isOn)
        if typing.isOn, let duration = typing.duration {
            // The session's next effect waits: a person types first, and then the message appears.
            try await Task.sleep(for: min(duration, .seconds(30)))
            try await api.setTyping(conversation, false)
        }
        return EffectReceipt()
    }

    private func label(_ conversation: Int, add: [String], remove: [String]) async throws -> EffectReceipt {
        let labels = try await api.changeLabels(conversation, adding: add, removing: remove)
        return changed(conversation) { $0.labels = labels }
    }

    private func set(_ conversation: Int, _ attributes: RawJSON) async throws -> EffectReceipt {
        guard case .object(let changes) = try JSON(parsing: attributes.bytes) else {
            throw ChannelError.invalid("set needs a table of attributes")
        }
        let merged = try await api.changeCustomAttributes(conversation, changes)
        return changed(conversation) { $0.attrs = ChatwootTranslator.raw(merged) }
    }

    private func list(_ conversation: Int, limit: Int, before: String?) async throws -> EffectReceipt {
        var found: [ChatwootMessage] = []
        var before = before.flatMap(Int.init)
        while found.count < limit {
            let page = try await api.messages(conversation, before: before)
            found = page.messages + found
            guard page.isFull, let smallest = page.smallestID else { break }
            before = smallest
        }
        return EffectReceipt(value: ChatwootMessageList.encode(found.suffix(limit), translator, ownUser: ownUser))
    }

    func refresh(_ conversation: Int) async throws -> EffectReceipt {
        let fresh = try await api.conversation(conversation)
        let session = translator.session(fresh, known: sessions[conversation], ownUser: ownUser)
        sessions.store(conversation, session)
        return EffectReceipt(session: session)
    }

    func updated(_ update: ChannelEffect.ClientUpdate) async throws -> Client {
        guard let contact = Int(update.client) else {
            throw ChannelError.invalid("'\(update.client)' is no contact of this platform")
        }
        var details = ChatwootContactDetails()
        details.name = update.name
        details.email = update.email
        details.phoneNumber = update.phone
        if let attributes = update.attributes, case .object(let object) = try JSON(parsing: attributes.bytes) {
            details.customAttributes = object
        }
        return translator.client(try await api.updateContact(contact, ChatwootContactDraft(details: details)))
    }

    /// Keeps a change in the snapshot and gives it to the run.
    func changed(_ conversation: Int, _ change: (inout Session) -> Void) -> EffectReceipt {
        guard var session = sessions[conversation] else { return EffectReceipt() }
        change(&session)
        sessions.store(conversation, session)
        return EffectReceipt(session: session)
    }
}
