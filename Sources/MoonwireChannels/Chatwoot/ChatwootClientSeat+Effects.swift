import ChatwootAPI
import EventJSON
import Moonwire

extension ChatwootClientSeat {
    func perform(_ delivery: EffectDelivery) async throws -> EffectReceipt {
        if delivery.session.id.isEmpty || delivery.effect.isOfChannel {
            return try await performOnChannel(delivery)
        }
        guard let conversation = Int(delivery.session.id) else {
            throw ChannelError.invalid("'\(delivery.session.id)' is no conversation of this platform")
        }
        let session = contact.sourceID
        switch delivery.effect {
        case .reply(let reply): return try await send(reply, to: conversation, key: delivery.key)
        case .typing(let typing):
            try await api.setTyping(session, conversation, typing.isOn)
            if typing.isOn, let duration = typing.duration {
                try await Task.sleep(for: min(duration, .seconds(30)))
                try await api.setTyping(session, conversation, false)
            }
            return EffectReceipt()
        case .markRead:
            try await api.markRead(session, conversation)
            return EffectReceipt()
        case .close(let result):
            guard result == nil else {
                throw ChannelError.unsupported("a client cannot say with which result a session ends")
            }
            return EffectReceipt(session: store(try await api.resolve(session, conversation)).session)
        case .messages(let limit, let before): return try await list(conversation, limit: limit, before: before)
        case .refresh:
            return EffectReceipt(session: store(try await api.conversation(session, conversation)).session)
        case .submit(let message, let values): return try await submit(conversation, message, values)
        case .updateClient(let update): return try await updateContact(update, in: conversation)
        case .reopen:
            throw ChannelError.unsupported("a client cannot reopen a session; a reply reopens it by itself")
        case .transfer, .label, .unlabel, .set, .take, .rename, .edit, .delete, .ban, .unban, .clientMessages,
            .sessions,
            .clients, .open, .operators, .groups, .me, .status, .request, .receive, .echo, .receipt, .fail, .bind:
            throw ChannelError.unsupported("a client cannot \(delivery.effect.method) a session; operators can")
        }
    }

    private func send(_ reply: ChannelEffect.Reply, to conversation: Int, key: String) async throws -> EffectReceipt {
        guard !reply.isPrivate else {
            throw ChannelError.unsupported("a client has no private notes")
        }
        let message = try await api.sendMessage(
            contact.sourceID, conversation, content: Self.text(of: reply), echoID: key,
            attachments: ChatwootUploads.files(of: reply))
        sessions.storeEcho(key, message: message.id)
        return EffectReceipt(
            value: EventBody.encode(translator.message(message, ownUser: nil)), nativeID: String(message.id))
    }

    /// What a client says is not rendered by the platform, so nothing is escaped; buttons become a numbered list.
    static func text(of reply: ChannelEffect.Reply) -> String {
        var lines = reply.text.isEmpty ? [] : [reply.text]
        for (index, choice) in reply.quickReplies.enumerated() { lines.append("\(index + 1). \(choice.title)") }
        for upload in reply.attachments {
            if case .url(let link) = upload.source { lines.append(link) }
        }
        return lines.joined(separator: "\n")
    }

    private func list(_ conversation: Int, limit: Int, before: String?) async throws -> EffectReceipt {
        var found: [ChatwootMessage] = []
        var before = before.flatMap(Int.init)
        while found.count < limit {
            let page = try await api.messages(contact.sourceID, conversation, before: before)
            found = page.messages + found
            guard page.isFull, let smallest = page.smallestID else { break }
            before = smallest
        }
        return EffectReceipt(value: ChatwootMessageList.encode(found.suffix(limit), translator, ownUser: nil))
    }

    private func submit(_ conversation: Int, _ message: String, _ values: RawJSON) async throws -> EffectReceipt {
        guard let id = Int(message) else { throw ChannelError.invalid("'\(message)' is no message of this platform") }
        let answer = ChatwootSubmission.raw(try JSON(parsing: values.bytes))
        let updated = try await api.submit(contact.sourceID, conversation, message: id, answer)
        return EffectReceipt(
            value: EventBody.encode(translator.message(updated, ownUser: nil)), nativeID: String(updated.id))
    }

    func updateContact(
        _ update: ChannelEffect.ClientUpdate, in conversation: Int?
    ) async throws -> EffectReceipt {
        var details = ChatwootContactDetails()
        details.name = update.name
        details.email = update.email
        details.phoneNumber = update.phone
        if let attributes = update.attributes, case .object(let object) = try JSON(parsing: attributes.bytes) {
            details.customAttributes = object
        }
        let updated = try await api.updateContact(contact.sourceID, details: details, identity: contact.identity)
        guard let conversation, var session = sessions[conversation] else { return EffectReceipt() }
        session.client = translator.client(updated)
        sessions.store(conversation, session)
        return EffectReceipt(session: session)
    }

    func reconcile(_ delivery: EffectDelivery, recorded: Set<String>) async throws -> Reconciliation {
        guard let conversation = Int(delivery.session.id), case .reply(let reply) = delivery.effect else {
            return .undecided("it leaves no trace that could be found")
        }
        let search = ChatwootOwnMessageSearch(
            since: delivery.intendedAt, content: Self.text(of: reply), isPrivate: false, recorded: recorded)
        let found = try await search.run { before in
            try await self.api.messages(self.contact.sourceID, conversation, before: before)
        } isOwn: { message in
            message.direction == .incoming
        }
        switch found {
        case .one(let message):
            return .performed(
                EffectReceipt(
                    value: EventBody.encode(translator.message(message, ownUser: nil)), nativeID: String(message.id)))
        case .none: return .undecided("the session holds no such message")
        case .several: return .undecided("the session holds several such messages")
        }
    }
}
