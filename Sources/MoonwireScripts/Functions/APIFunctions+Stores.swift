import LuaRuntime
import Moonwire

extension APIFunctions {
    static let stores: [String: Implementation] = {
        var all: [String: Implementation] = [:]
        for (owner, scope) in [
            ("bot.store", StoreScope.bot), ("session.store", .session), ("client.store", .client),
        ] {
            for (method, implementation) in operations(scope) { all[owner + ":" + method] = implementation }
        }
        return all
    }()

    /// Whose values a store holds.
    enum StoreScope {
        case bot, session, client
    }

    private static func operations(_ scope: StoreScope) -> [String: Implementation] {
        [
            "get": { call in try call.store(scope, .get, .value) },
            "set": { call in
                let value = try call.json(1)
                return try call.store(scope, .set(value.map(RawJSON.init), ttl: call.lifetime(2)), .nothing) {
                    $0.add("value", json: value)
                }
            },
            "incr": { call in
                let step = call.lua.isNil(at: 2) ? 1 : call.integer(1)
                return try call.store(scope, .increment(by: step, ttl: call.lifetime(2)), .value) { $0.add("by", step) }
            },
            "delete": { call in try call.store(scope, .set(nil, ttl: nil), .nothing) },
            "cas": { call in
                let (expected, value) = (try call.json(1), try call.json(2))
                let command = HostEffect.StoreOperation.Command.compareAndSet(
                    expected: expected.map(RawJSON.init), new: value.map(RawJSON.init), ttl: call.lifetime(3))
                return try call.store(scope, command, .value) {
                    $0.add("expected", json: expected)
                    $0.add("value", json: value)
                }
            },
            "keys": { call in
                let limit = call.options(1).integer("limit")
                return try call.store(scope, .keys(limit: limit), .value, allowsEmptyKey: true) {
                    $0.add("limit", Int64(limit))
                }
            },
        ]
    }
}

extension APICall {
    private static let longestKey = 512

    fileprivate func lifetime(_ parameter: Int) -> Duration? { options(parameter).duration("ttl") }

    fileprivate func store(
        _ scope: APIFunctions.StoreScope, _ command: HostEffect.StoreOperation.Command, _ reader: OutcomeReader,
        allowsEmptyKey: Bool = false, _ describe: (inout CanonicalArguments) -> Void = { _ in }
    ) throws -> LuaReturn {
        let run = try run()
        let key = text(0)
        guard allowsEmptyKey || !key.isEmpty, key.utf8.count <= Self.longestKey else {
            throw complaint("'key' must have 1 to \(Self.longestKey) bytes, got \(key.utf8.count)")
        }
        let owner: String
        switch scope {
        // The store of a session or client that is not the run's own says whose it is.
        case _ where lua.handle < 0:
            guard let other = lua.receiver?.field("scope").text else { throw strangeObject }
            owner = other
        case .bot: owner = "bot:" + script.sources.script
        case .session:
            guard let id = run.session?.id else { throw complaint("the event belongs to no session") }
            owner = "session:\(id)"
        case .client:
            guard let session = run.session, let id = session.clientID else {
                throw complaint("the session has no client")
            }
            owner = "client:\(session.id.channel)/\(id)"
        }
        var arguments = CanonicalArguments()
        arguments.add("key", key)
        describe(&arguments)
        if let lifetime = command.lifetime { arguments.add("ttl_ms", lifetime.milliseconds) }
        let operation = HostEffect.StoreOperation(scope: owner, key: key, command: command)
        return suspend(.host(.store(operation)), arguments, session: nil, reader, in: run)
    }
}

extension HostEffect.StoreOperation.Command {
    fileprivate var lifetime: Duration? {
        switch self {
        case .set(_, let ttl), .increment(_, let ttl), .compareAndSet(_, _, let ttl): ttl
        case .get, .keys, .limit: nil
        }
    }
}
