import EventJSON
import LuaRuntime
import Moonwire

extension APIFunctions {
    static let channels: [String: Implementation] = [
        "bot.channel": { call in
            let name = call.text(0)
            let channels = call.script.environment.channels
            guard let channel = channels[ChannelID(name)] else {
                throw call.complaint(unknownChannel(name, known: channels.keys.map(\.rawValue).sorted()))
            }
            return .value(call.script.object(of: channel))
        },
        "channel:session": { call in
            let id = call.text(0)
            guard !id.isEmpty else { throw call.complaint("'id' must not be empty") }
            let session = SessionID(channel: try call.channel().id, id: id)
            return .value(call.script.object(of: OtherSession(session), in: try call.run()))
        },
        "channel:sessions": { call in try call.pages(of: .sessions) },
        "channel:clients": { call in try call.pages(of: .clients) },
        "channel:open": { call in
            let options = call.options(0)
            var opening = ChannelEffect.Opening(recipient: try call.recipient(options))
            opening.message = options.text("message")
            opening.isTemplate = options.flag("template")
            opening.inbox = options.text("inbox")
            var arguments = CanonicalArguments()
            if let recipient = opening.recipient { arguments.add(recipient) }
            arguments.add("message", opening.message)
            arguments.add(flag: "template", opening.isTemplate)
            arguments.add("inbox", opening.inbox)
            return try call.perform(.open(opening), arguments, onChannel: .opened)
        },
        "channel:operators": { call in try call.perform(.operators, CanonicalArguments(), onChannel: .value) },
        "channel:groups": { call in try call.perform(.groups, CanonicalArguments(), onChannel: .value) },
        "channel:me": { call in try call.perform(.me, CanonicalArguments(), onChannel: .value) },
        "channel:online": { call in try call.perform(.status(.online), CanonicalArguments(), onChannel: .nothing) },
        "channel:pause": { call in try call.perform(.status(.paused), CanonicalArguments(), onChannel: .nothing) },
        "channel:request": { call in
            let (method, path) = (call.text(0), call.text(1))
            if let problem = ChannelEffect.PlatformRequest.problem(path: path) {
                throw call.complaint("'path' \(problem)")
            }
            let body = try call.json(2)
            var arguments = CanonicalArguments()
            arguments.add("method", method)
            arguments.add("path", path)
            arguments.add("body", json: body)
            let request = ChannelEffect.PlatformRequest(
                method: method, path: path, body: body.map(RawJSON.init(validated:)))
            return try call.perform(.request(request), arguments, onChannel: .value)
        },
        "channel:can": { call in
            .value(.value(.boolean(try call.channel().can(call.text(0), isOwnSession: true))))
        },
    ]

    private static func unknownChannel(_ name: String, known: [String]) -> String {
        let hint =
            NearestWord.to(name, in: known).map { "; did you mean '\($0)'?" }
            ?? (known.isEmpty ? "; it has none" : "; it has \(known.joined(separator: ", "))")
        return "the configuration has no channel '\(name)'\(hint)"
    }
}

extension LuaScript {
    fileprivate func object(of channel: ChannelDescriptor) -> LuaArgument {
        guard let channelClass = classes["channel"] else { return .nil }
        var hash = StableHash()
        hash.combine(channel.id.rawValue.utf8)
        var content = LuaObjectContent(handle: Int64(bitPattern: hash.value), label: channel.id.rawValue)
        content.overrides = [
            ("name", .value(.text(channel.id.rawValue))), ("platform", .value(.text(channel.platform.rawValue))),
            ("role", .value(.text(channel.role.rawValue))),
        ]
        return .new(channelClass, content)
    }
}

extension APICall {
    /// The channel that the method was called on.
    func channel() throws -> ChannelDescriptor {
        guard let name = lua.receiver?.field("name").text, let channel = script.environment.channels[ChannelID(name)]
        else { throw complaint("the configuration has no such channel any more") }
        return channel
    }

    /// Suspends for an effect that belongs to no session.
    func perform(
        _ effect: ChannelEffect, _ arguments: CanonicalArguments, onChannel reader: OutcomeReader
    ) throws -> LuaReturn {
        let id = try channel().id
        let run = try run()
        guard try isSupported(function.capability, on: id) else { return .nothing }
        return suspend(.channel(effect), arguments, session: SessionID(channel: id, id: ""), reader, in: run)
    }

    /// An iterator over all pages of a list.
    fileprivate func pages(of list: ListRequest.Kind) throws -> LuaReturn {
        let id = try channel().id
        _ = try run()
        guard try isSupported(function.capability, on: id) else { return .nothing }
        let options = options(0)
        var request = ListRequest(kind: list, channel: id, location: location)
        request.query.status = options.text("status")
        request.query.owner = options.text("owner").flatMap(Owner.init(rawValue:))
        request.query.group = options.text("group")
        request.query.labels = options.texts("label")
        request.query.client = options.object("client")?.field("id").text ?? options.text("client")
        request.query.text = options.text("text")
        return .value(.function(try script.prelude.pages(request)))
    }

    fileprivate func recipient(_ options: APIOptions) throws -> ChannelEffect.Opening.Recipient? {
        guard options.has("client") else { return nil }
        if let client = options.object("client") {
            guard let id = client.field("id").text else { throw complaint("option 'client' has no id") }
            guard client.field("channel").text.map(ChannelID.init(_:)) == (try channel().id) else {
                throw complaint(
                    "option 'client' belongs to another channel; name the person by phone or e-mail address")
            }
            return .client(id)
        }
        let value = options.value("client")
        guard let person = value.table, value.isTable else { return .client(value.printed) }
        func text(_ name: String) -> String? { person[name].isNil ? nil : person[name].printed }
        guard ["phone", "email", "identifier"].contains(where: { text($0) != nil }) else {
            throw complaint("option 'client' needs one of phone, email and identifier")
        }
        return .person(
            name: text("name"), phone: text("phone"), email: text("email"), identifier: text("identifier"))
    }
}

extension CanonicalArguments {
    fileprivate mutating func add(_ recipient: ChannelEffect.Opening.Recipient) {
        switch recipient {
        case .client(let id): add("client", id)
        case .person(let name, let phone, let email, let identifier):
            add("name", name)
            add("phone", phone)
            add("email", email)
            add("identifier", identifier)
        }
    }
}
