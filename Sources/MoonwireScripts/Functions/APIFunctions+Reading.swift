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
            let other = call.lua.handle < 0 ? call.lua.receiver?.field("channel").text.map(ChannelID.init(_:)) : nil
            guard let id = other ?? call.script.context?.channel, let channel = call.script.environment.channels[id]
            else { return .value(.value(.boolean(false))) }
            return .value(.value(.boolean(channel.can(method, isOwnSession: other == nil))))
        },
    ]

    static let client: [String: Implementation] = [
        "client:update": { call in
            let client = try call.clientOfReceiver()
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
            return try call.perform(.updateClient(update), arguments)
        },
        "client:ban": { call in
            let client = try call.clientOfReceiver()
            let reason = call.lua.string(at: 1)
            var arguments = CanonicalArguments()
            arguments.add("client", client)
            arguments.add("reason", reason)
            return try call.perform(.ban(client: client, reason: reason), arguments)
        },
        "client:unban": { call in
            let client = try call.clientOfReceiver()
            var arguments = CanonicalArguments()
            arguments.add("client", client)
            return try call.perform(.unban(client: client), arguments)
        },
        "client:messages": { call in
            let client = try call.clientOfReceiver()
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
    fileprivate func clientOfReceiver() throws -> String {
        guard let client = try target().client else { throw complaint("the session has no client") }
        return client
    }
}

extension ChannelDescriptor {
    /// What `session:can` and `channel:can` say. A run waits for its own session only.
    func can(_ method: String, isOwnSession: Bool) -> Bool {
        switch method {
        case "wait_for": isOwnSession
        case "ask": isOwnSession && capabilities.contains("reply")
        case "session": true
        default: capabilities.contains(method)
        }
    }
}
