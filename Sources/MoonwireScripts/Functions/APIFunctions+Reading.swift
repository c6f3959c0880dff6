import LuaRuntime
import Moonwire

extension APIFunctions {
    static let reading: [String: Implementation] = [
        "session:messages": { call in
            let options = call.options(0)
            let limit = options.integer("limit")
            let before = options.messageID("before")
            var arguments = CanonicalArguments()
            arguments.add("limit", Int64(limit))
            arguments.add("before", before)
            return try call.perform(.messages(limit: limit, before: before), arguments, .messages)
        },
        "session:refresh": { call in try call.perform(.refresh, CanonicalArguments(), .session) },
        "session:can": { call in
            let method = call.text(0)
            guard let context = call.script.context, let channel = call.script.environment.channels[context.channel]
            else { return .value(.value(.boolean(false))) }
            let can =
                switch method {
                case "wait_for": true
                case "ask": channel.capabilities.contains("reply")
                default: channel.capabilities.contains(method)
                }
            return .value(.value(.boolean(can)))
        },
    ]

    static let client: [String: Implementation] = [
        "client:update": { call in
            let run = try call.runOfReceiver()
            guard try call.isSupported("update", in: run) else { return .nothing }
            guard let client = run.session?.clientID else { throw call.complaint("the session has no client") }
            let options = call.options(0)
            var update = ChannelEffect.ClientUpdate(client: client)
            update.name = options.text("name")
            update.phone = options.text("phone")
            update.email = options.text("email")
            let attributes = options.value("attrs")
            if !attributes.isNil { update.attributes = RawJSON(validated: try attributes.json()) }
            var arguments = CanonicalArguments()
            arguments.add("client", client)
            arguments.add("name", update.name)
            arguments.add("phone", update.phone)
            arguments.add("email", update.email)
            arguments.add("attrs", json: update.attributes?.bytes)
            return call.suspend(
                .channel(.updateClient(update)), arguments, session: run.session?.id, .nothing, in: run)
        },
        "client:ban": { call in
            let client = try call.clientOfSession()
            let reason = call.lua.string(at: 1)
            var arguments = CanonicalArguments()
            arguments.add("client", client)
            arguments.add("reason", reason)
            return try call.perform(.ban(client: client, reason: reason), arguments)
        },
        "client:unban": { call in
            let client = try call.clientOfSession()
            var arguments = CanonicalArguments()
            arguments.add("client", client)
            return try call.perform(.unban(client: client), arguments)
        },
        "client:messages": { call in
            let client = try call.clientOfSession()
            let options = call.options(0)
            let limit = options.integer("limit")
            let before = options.messageID("before")
            var arguments = CanonicalArguments()
            arguments.add("client", client)
            arguments.add("limit", Int64(limit))
            arguments.add("before", before)
            return try call.perform(
                .clientMessages(client: client, limit: limit, before: before), arguments, .messages)
        },
    ]
}

extension APICall {
    /// The client of the run's session.
    fileprivate func clientOfSession() throws -> String {
        guard let client = try runOfReceiver().session?.clientID else {
            throw complaint("the session has no client")
        }
        return client
    }
}
