import LuaRuntime
import Moonwire

extension APIFunctions {
    static let relaying: [String: Implementation] = [
        "channel:receive": { call in try call.relay { .receive($0) } },
        "channel:echo": { call in try call.relay { .echo($0) } },
        "channel:receipt": { call in
            let options = call.options(0)
            guard options.has("mid") != options.has("provider_id") else {
                throw call.complaint("exactly one of mid and provider_id is needed")
            }
            let receipt = ChannelEffect.Receipt(
                message: options.text("mid"), providerID: options.text("provider_id"),
                value: options.text("value") ?? "", reason: options.text("reason"))
            var arguments = CanonicalArguments()
            arguments.add("mid", receipt.message)
            arguments.add("provider_id", receipt.providerID)
            arguments.add("value", receipt.value)
            arguments.add("reason", receipt.reason)
            return try call.perform(.receipt(receipt), arguments, onChannel: .value)
        },
        "event:fail": { call in
            let reason = call.text(0)
            return try call.answer({ .fail(message: $0, reason: reason) }) { $0.add("reason", reason) }
        },
        "event:bind": { call in
            let id = call.text(0)
            guard !id.isEmpty else { throw call.complaint("'provider_id' must not be empty") }
            return try call.answer({ .bind(message: $0, providerID: id) }) { $0.add("provider_id", id) }
        },
        "session:location": { call in
            let place = call.place(in: try call.value(0))
            var arguments = CanonicalArguments()
            arguments.add(place)
            var reply = ChannelEffect.Reply(text: "")
            reply.place = place
            return try call.perform(.reply(reply), arguments, .message)
        },
    ]
}

extension APICall {
    /// Suspends for what is told to the platform about one contact, in the order of that contact's session.
    fileprivate func relay(_ effect: (ChannelEffect.Relay) -> ChannelEffect) throws -> LuaReturn {
        let channel = try channel().id
        let run = try run()
        guard try isSupported(function.capability, on: channel) else { return .nothing }
        let options = options(0)
        var arguments = CanonicalArguments()
        var relay = ChannelEffect.Relay(
            client: options.text("contact_id") ?? "", reply: ChannelEffect.Reply(text: ""))
        arguments.add("contact_id", relay.client)
        try fill(&relay, options, &arguments)
        relay.providerID = options.text("provider_id")
        relay.message = options.text("mid")
        relay.timestamp = options.has("timestamp") ? Int64(options.integer("timestamp")) : nil
        relay.splits = options.flag("split")
        arguments.add("provider_id", relay.providerID)
        arguments.add("mid", relay.message)
        arguments.add("timestamp", relay.timestamp)
        arguments.add(flag: "split", relay.splits)
        if options.has("contact") {
            let contact = try options.value("contact").json()
            relay.contact = RawJSON(validated: contact)
            arguments.add("contact", json: contact)
        }
        return suspend(
            .channel(effect(relay)), arguments, session: SessionID(channel: channel, id: relay.client), .message,
            in: run)
    }

    private func fill(
        _ relay: inout ChannelEffect.Relay, _ options: APIOptions, _ arguments: inout CanonicalArguments
    ) throws {
        let given = ["text", "attachment", "location", "quick_reply"].filter(options.has)
        guard given.count == 1, let kind = given.first else {
            throw complaint(
                "exactly one of text, attachment, location and quick_reply is needed, got "
                    + (given.isEmpty ? "none" : given.joined(separator: " and ")))
        }
        switch kind {
        case "attachment":
            guard let file = options.value("attachment").table else { return }
            func text(_ name: String) -> String? { file[name].isNil ? nil : file[name].printed }
            relay.attachmentKind = text("type")
            relay.reply.text = text("description") ?? ""
            let url = text("url") ?? ""
            relay.reply.attachments = [
                ChannelEffect.Upload(source: .url(url), name: text("name"), mime: text("mime"))
            ]
            arguments.add("type", relay.attachmentKind)
            arguments.add("url", url)
            arguments.add("name", text("name"))
            arguments.add("mime", text("mime"))
            arguments.add("description", text("description"))
        case "location":
            let place = place(in: options.value("location"))
            relay.reply.place = place
            arguments.add(place)
        case "quick_reply":
            guard let question = options.value("quick_reply").table else { return }
            relay.reply.text = question["title"].printed
            relay.reply.quickReplies = (question["replies"].array ?? []).map {
                QuickReply(title: $0.printed, value: $0.printed)
            }
            // The protocol's limits are told, not worked around.
            relay.reply.strictQuickReplies = true
            arguments.add("title", relay.reply.text)
            arguments.add("replies", relay.reply.quickReplies)
        default:
            relay.reply.text = options.text("text") ?? ""
            arguments.add("text", relay.reply.text)
        }
    }

    fileprivate func place(in value: LuaValue) -> ChannelEffect.Place {
        let table = value.table
        let address = table?["address"]
        return ChannelEffect.Place(
            latitude: table?["latitude"].number ?? .nan, longitude: table?["longitude"].number ?? .nan,
            address: address.flatMap { $0.isNil ? nil : $0.printed })
    }

    /// Suspends for what a script says to the platform about the message of the receiving event.
    fileprivate func answer(
        _ effect: (String) -> ChannelEffect, _ describe: (inout CanonicalArguments) -> Void
    ) throws -> LuaReturn {
        let run = try run()
        guard let event = lua.receiver, let channel = event.field("channel").text, let id = event.field("id").text
        else { throw complaint("the event has no id") }
        guard try isSupported(function.capability, on: ChannelID(channel)) else { return .nothing }
        guard event.field("name").text == "message.created" else {
            throw complaint("only a message of the platform, message.created, can be answered in this way")
        }
        var arguments = CanonicalArguments()
        arguments.add("message", id)
        describe(&arguments)
        // Beside the contact's session: it must not wait for what is on its way to the platform.
        return suspend(
            .channel(effect(id)), arguments, session: SessionID(channel: ChannelID(channel), id: ""), .nothing, in: run)
    }
}

extension CanonicalArguments {
    fileprivate mutating func add(_ place: ChannelEffect.Place) {
        add("latitude", number: place.latitude)
        add("longitude", number: place.longitude)
        add("address", place.address)
    }
}
