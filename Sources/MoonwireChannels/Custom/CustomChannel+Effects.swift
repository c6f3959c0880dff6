import CustomChannelAPI
import EventJSON
import Moonwire

extension CustomChannel {
    func performing(_ delivery: EffectDelivery) async throws -> EffectReceipt {
        let context = try await state.context(timing)
        let memory = CustomMemory(descriptor.id, context.keep)
        switch delivery.effect {
        case .reply(let reply):
            let relay = ChannelEffect.Relay(client: delivery.session.id, reply: reply)
            return try await tell(relay, .incoming, delivery, memory, context)
        case .receive(let relay): return try await tell(relay, .incoming, delivery, memory, context)
        case .echo(let relay): return try await tell(relay, .echo, delivery, memory, context)
        case .receipt(let receipt): return try await post(receipt, memory)
        case .fail(let mID, let reason):
            try await fail(mID, reason, memory, calls.call(mID))
            return EffectReceipt()
        case .bind(let mID, let providerID):
            guard try await memory.read(.message(mID)) != nil else { throw unknown(mID) }
            try await memory.write([(.bound(providerID), .string(mID))])
            return EffectReceipt()
        case .typing, .markRead: return EffectReceipt()
        default:
            throw ChannelError(
                code: "unsupported", message: "\(delivery.effect.method) is not possible on a custom channel",
                fate: .notPerformed, retryable: false)
        }
    }

    private func post(_ receipt: ChannelEffect.Receipt, _ memory: CustomMemory) async throws -> EffectReceipt {
        var message = receipt.message
        if message == nil, let providerID = receipt.providerID {
            message = try await memory.read(.bound(providerID))?.string
            if message == nil {
                throw ChannelError.notFound(
                    "no message is bound to the provider's id '\(providerID)'; call event:bind when it is handed over")
            }
        }
        guard let message else { throw ChannelError.notFound("a receipt needs 'mid' or 'provider_id'") }
        let value: CustomChannelReceipt
        switch receipt.value {
        case "delivered": value = .delivered
        case "read": value = .read
        default: value = .failed(reason: receipt.reason)
        }
        let isNews = try await receipts.add(value, to: message, memory)
        return EffectReceipt(value: RawJSON(validated: JSON.bool(isNews).bytes), nativeID: nil)
    }

    private func unknown(_ mID: String) -> ChannelError {
        .notFound("no message '\(mID)' of the platform is known; messages are remembered for 7 days")
    }

    /// Tells the platform what somebody said. A repeat under the same id gives the first one's result.
    private func tell(
        _ relay: ChannelEffect.Relay, _ kind: CustomChannelMessageID.Kind, _ delivery: EffectDelivery,
        _ memory: CustomMemory, _ context: ChannelContext
    ) async throws -> EffectReceipt {
        let contact = try credentials.idType.normalized(relay.client)
        let own = relay.message.map(CustomChannelMessageID.init(rawValue:))
        if let own { try await check(own, memory) }
        let marks = [relay.message.map(CustomMemory.Key.told), relay.providerID.map(CustomMemory.Key.received)]
            .compactMap(\.self)
        for mark in marks {
            guard let first = try await memory.read(mark), first["key"]?.string != delivery.key else { continue }
            return EffectReceipt(value: RawJSON(validated: (first["message"] ?? .null).bytes))
        }
        var content = relay.reply
        content.text = try await chosen(content, contact, kind, delivery.key, memory)
        let parts = try translator.messages(
            of: content, attachmentKind: relay.attachmentKind, splits: relay.splits)
        let mID =
            own ?? CustomChannelMessageID(kind, milliseconds: delivery.intendedAt.rawValue, key: delivery.key)
        let news = try await news(of: contact, relay.contact, memory)
        let timestamp = relay.timestamp ?? delivery.intendedAt.rawValue
        let events = parts.enumerated().map { index, part in
            CustomChannelEvent(
                contactID: contact, kind == .echo ? .echo(part) : .message(part),
                mID: parts.count == 1 ? mID : mID.part(index + 1), timestamp: timestamp,
                contact: index == 0 ? news?.contact : nil)
        }
        // All of them before the first goes out.
        for event in events { try event.check(credentials.idType, now: context.clock.now.rawValue) }
        let message = EventBody.encode(
            translator.said(parts, relay.reply.text, id: mID.rawValue, at: delivery.intendedAt))
        if !marks.isEmpty {
            let row: JSON = ["key": .string(delivery.key), "message": try JSON(parsing: message.bytes)]
            try await memory.write(marks.map { ($0, row) })
        }
        do {
            for (index, event) in events.enumerated().dropFirst(state.progress(of: delivery.key)) {
                try await poster.post(event)
                state.setProgress(index + 1, of: delivery.key)
            }
        } catch let error as CustomChannelError
            where !error.retryable || context.clock.now >= delivery.intendedAt + CustomChannelSettings.patience
        {
            // Nobody tries again: what is sent anew must not count as sent.
            state.setProgress(nil, of: delivery.key)
            try await memory.write(marks.map { ($0, nil) })
            let now = context.clock.now
            context.bury(
                DeadLetter(
                    run: nil, event: nil, session: SessionID(channel: descriptor.id, id: contact), script: "",
                    error: "message \(mID) could not be delivered: \(error.report)", at: now))
            let failed = translator.failed(mID.rawValue, contact, error, at: now)
            _ = try await context.admit([failed], [])
            throw error
        }
        state.setProgress(nil, of: delivery.key)
        if let news { try await memory.write([(.contact(contact), .string(news.digest))]) }
        return EffectReceipt(value: message, nativeID: mID.rawValue)
    }

    private func check(_ mID: CustomChannelMessageID, _ memory: CustomMemory) async throws {
        let isPlain = mID.rawValue.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar))
        }
        var complaint: String?
        if !isPlain || !(1...CustomChannelLimits.id).contains(mID.rawValue.utf16.count) {
            complaint = "mId must be 1 to \(CustomChannelLimits.id) letters, digits and _"
        } else if mID.kind == .outgoing {
            complaint = "is of a message that the platform sent, which it has already"
        } else if try await memory.read(.message(mID.rawValue)) != nil {
            complaint = "is of a message that the platform sent, which it has already"
        }
        guard let complaint else { return }
        throw ChannelError(
            code: "invalid", message: "mid '\(mID)' \(complaint)", fate: .notPerformed, retryable: false)
    }

    /// What a customer means who answers a question that was asked in numbered lines: the one that was open at the first
    /// attempt, because every repeat must carry the same text.
    private func chosen(
        _ reply: ChannelEffect.Reply, _ contact: String, _ kind: CustomChannelMessageID.Kind, _ key: String,
        _ memory: CustomMemory
    ) async throws -> String {
        guard settings.quickReplies == .numbered, kind == .incoming, reply.quickReplies.isEmpty,
            reply.attachments.isEmpty, reply.place == nil, reply.text.utf16.count <= CustomChannelLimits.words
        else { return reply.text }
        if let first = try await memory.read(.chosen(by: key))?.string { return first }
        let replies = try await memory.read(.choices(of: contact))?.elements.compactMap(\.string) ?? []
        let text = CustomChannelMessage.QuickReply(title: "", replies: replies).reply(to: reply.text) ?? reply.text
        try await memory.write([(.chosen(by: key), .string(text))])
        return text
    }

    /// The contact, when the platform has not been told the same before.
    private func news(
        of id: String, _ given: RawJSON?, _ memory: CustomMemory
    ) async throws -> (contact: CustomChannelContact, digest: String)? {
        guard let given else { return nil }
        let contact = CustomChannelContact(reading: try JSON(parsing: given.bytes))
        guard !contact.isEmpty else { return nil }
        var hash = StableHash()
        hash.combine(given.bytes)
        let digest = String(hash.value, radix: 16)
        return try await memory.read(.contact(id))?.string == digest ? nil : (contact, digest)
    }
}

extension CustomChannelContact {
    /// A contact as scripts spell it.
    fileprivate init(reading tree: JSON) {
        self.init()
        firstName = tree["first_name"]?.string
        lastName = tree["last_name"]?.string
        profilePic = tree["profile_pic"]?.string
        locale = tree["locale"]?.string
        countryCode = tree["country_code"]?.string
        timezone = tree["timezone"]?.double
        email = tree["email"]?.string
        phone = tree["phone"]?.string
        language = tree["language"]?.string
    }
}

extension CustomTranslator {
    /// A message of ours, as the script gets it back.
    func said(_ parts: [CustomChannelMessage], _ text: String, id: String, at: Instant) -> Message {
        guard let first = parts.first, parts.count == 1 else {
            return Message(id: id, text: text, at: at, from: .own)
        }
        return message(first, id: id, from: .own, at: at)
    }

    /// The platform will never take what it was to be told.
    func failed(_ mID: String, _ contact: String, _ error: CustomChannelError, at now: Instant) -> Event {
        var event = event("delivery.failed", key: "delivery.failed:\(mID)", id: mID, at: now)
        event.session = session(contact)
        var raw: JSONObject = ["mId": .string(mID), "reason": .string(error.message)]
        if let status = error.status { raw.append("status", .int(Int64(status))) }
        if let body = error.excerpt { raw.append("body", .string(body)) }
        event.raw = RawJSON(validated: JSON.object(raw).bytes)
        return event
    }
}
