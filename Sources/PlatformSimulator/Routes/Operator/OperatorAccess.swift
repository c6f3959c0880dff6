import HTTPTypes

/// Who calls the operator API, and for which account.
struct OperatorCall: Sendable {
    let call: Call
    let caller: Caller
    let account: Int

    var parameters: JSONObject { call.parameters }
    var conversation: Int? { call.number("conversation") }
    var message: Int? { call.number("message") }
}

extension RouteTable {
    /// A route below `/api/v1/accounts/{id}`; bots are let in only where the real server lets them.
    func account(
        _ methods: [HTTPRequest.Method], _ path: String, bots: Bool = false,
        _ handler: @escaping @Sendable (OperatorCall) async throws -> JSONValue?
    ) {
        let world = world
        add(methods, "/api/v1/accounts/:account\(path)", wording: Refusal.operator) { call in
            let caller = try await Self.caller(call, world)
            guard let account = call.number("account") else { throw WorldError.notFound }
            try await world.admit(caller, to: account)
            if !bots { try Self.refuseBots(caller) }
            let answer = try await handler(OperatorCall(call: call, caller: caller, account: account))
            return answer.map { .json($0) } ?? .empty
        }
    }

    /// A route of the caller's own profile.
    func profile(
        _ method: HTTPRequest.Method, _ path: String,
        _ handler: @escaping @Sendable (Call, Int) async throws -> JSONValue
    ) {
        let world = world
        add([method], "/api/v1/profile\(path)", wording: Refusal.operator) { call in
            let caller = try await Self.caller(call, world)
            try Self.refuseBots(caller)
            guard let user = caller.userID else { throw WorldError.notFound }
            return .json(try await handler(call, user))
        }
    }

    private static func caller(_ call: Call, _ world: ChatwootWorld) async throws -> Caller {
        // Both spellings are the same header to the real server.
        let names = ["api-access-token", "api_access_token"].compactMap { HTTPField.Name($0) }
        guard let token = names.lazy.compactMap({ call.headers[$0] }).first else {
            throw Refusal(
                answer: .json(
                    ["errors": .texts(["You need to sign in or sign up before continuing."])], status: 401))
        }
        guard let caller = await world.caller(token: token) else {
            throw Refusal(answer: .json(["error": "Invalid Access Token"], status: 401))
        }
        return caller
    }

    private static func refuseBots(_ caller: Caller) throws {
        if case .bot = caller { throw WorldError.unauthorized("Access to this endpoint is not authorized for bots") }
    }
}
