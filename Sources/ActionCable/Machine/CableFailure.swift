import WebSocketClient

/// Why a connection failed, as far as the machine cares.
struct CableFailure: Sendable, Hashable {
    var reason: String
    var cause: RetrySchedule.Cause = .lost
    /// Nothing but another configuration can help.
    var isFinal = false
}

extension CableFailure {
    init(_ error: WebSocketError, wallClock seconds: Double) {
        reason = error.message
        switch error.httpStatus {
        case 404:
            reason +=
                " The server may not allow this Origin, a proxy on the way may drop the Upgrade and Connection headers,"
                + " or the path of the socket is another one."
            cause = .hopeless
        case 401, 403:
            reason +=
                " The server, or something in front of it, wants other credentials or does not allow this address."
            cause = .hopeless
        case 429:
            let passed = seconds.truncatingRemainder(dividingBy: 60)
            cause = .rateLimited(secondsToNextMinute: 60 - max(passed, 0), retryAfter: error.retryAfter)
        default:
            cause = error.retryable ? .lost : .hopeless
        }
        isFinal = error.code == .badURL
    }
}
