/// Why the server ends a connection: the code and the reason of the close frame.
struct CentrifugeClosure: Sendable, Hashable {
    let code: Int
    let reason: String

    static let shutdown = CentrifugeClosure(code: 3001, reason: "shutdown")
    static let expired = CentrifugeClosure(code: 3005, reason: "connection expired")
    static let slow = CentrifugeClosure(code: 3008, reason: "slow")
    static let insufficientState = CentrifugeClosure(code: 3010, reason: "insufficient state")
    static let noPong = CentrifugeClosure(code: 3012, reason: "no pong")
    static let badRequest = CentrifugeClosure(code: 3501, reason: "bad request")
    static let stale = CentrifugeClosure(code: 3502, reason: "stale")
    static let notAvailable = CentrifugeClosure(code: 3508, reason: "not available")
    /// Of the WebSocket itself.
    static let tooLarge = CentrifugeClosure(code: 1009, reason: "")
}

/// Why a command failed: the `error` of its reply.
struct CentrifugeFailure: Error, Sendable, Hashable {
    let code: Int
    let message: String
    var isTemporary = false

    static let unauthorized = CentrifugeFailure(code: 101, message: "unauthorized")
    static let unknownChannel = CentrifugeFailure(code: 102, message: "unknown channel")
    static let permissionDenied = CentrifugeFailure(code: 103, message: "permission denied")
    static let methodNotFound = CentrifugeFailure(code: 104, message: "method not found")
    static let alreadySubscribed = CentrifugeFailure(code: 105, message: "already subscribed")
    static let limitExceeded = CentrifugeFailure(code: 106, message: "limit exceeded")
    static let badRequest = CentrifugeFailure(code: 107, message: "bad request")
    static let notAvailable = CentrifugeFailure(code: 108, message: "not available")
    static let tokenExpired = CentrifugeFailure(code: 109, message: "token expired")

    var json: JSONValue {
        var object: JSONObject = ["code": .int(code), "message": .string(message)]
        if isTemporary { object.add("temporary", .bool(true)) }
        return .object(object)
    }
}
