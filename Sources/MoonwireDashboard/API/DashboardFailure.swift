import Moonwire

/// Why a request of a page is refused: `{"error":{"code":"…","message":"…"}}`.
struct DashboardFailure: Error {
    let status: Int
    let code: String
    let message: String
    var retryAfter: Int?

    var response: InboundResponse {
        .failure(
            status, message, code: code,
            headers: retryAfter.map { [("retry-after", String($0))] } ?? [])
    }

    static let badRequest = DashboardFailure(
        status: 400, code: "bad_request", message: "The request is not what this address takes.")
    static let notSignedIn = DashboardFailure(status: 401, code: "sign_in", message: "Sign in first.")
    static let wrongCode = DashboardFailure(
        status: 401, code: "wrong_code", message: "The code is not known, or its time is over.")
    static let wrongToken = DashboardFailure(
        status: 401, code: "wrong_token", message: "This access token belongs to nobody of this account.")
    static let invalidToken = DashboardFailure(
        status: 401, code: "token_invalid", message: "The token is none of this host's.")
    static let expiredToken = DashboardFailure(
        status: 401, code: "token_expired", message: "The token's time is over; ask for another.")
    /// One answer for what does not exist and for what is not to be seen.
    static let refused = DashboardFailure(
        status: 403, code: "refused", message: "There is no such conversation for you here.")
    static let foreignOrigin = DashboardFailure(
        status: 403, code: "origin", message: "Only the host's own pages may ask for this.")
    static let wrongConversation = DashboardFailure(
        status: 403, code: "wrong_conversation", message: "The token is for another conversation.")
    static let notAllowed = DashboardFailure(
        status: 403, code: "scope", message: "You may look at this session, but not do that.")
    static let noSuchAction = DashboardFailure(
        status: 404, code: "no_such_action", message: "Nothing offers this action any more.")
    static let otherBody = DashboardFailure(
        status: 409, code: "repeated_key", message: "This idempotency key stands for another request.")
    static let underWay = DashboardFailure(
        status: 409, code: "under_way", message: "This request is being carried out.", retryAfter: 1)
    static let notJSON = DashboardFailure(
        status: 415, code: "content_type", message: "The body must be application/json.")
    /// Nothing of the error itself: it may hold what an operator must not see.
    static let script = DashboardFailure(
        status: 500, code: "script", message: "The script could not do it. The host's administrators have been told.")
    static let platform = DashboardFailure(
        status: 503, code: "platform", message: "The platform does not answer; try again.", retryAfter: 5)
    static let journal = DashboardFailure(
        status: 503, code: "journal", message: "The host cannot write now; try again.", retryAfter: 5)

    static func tooMany(_ seconds: Int) -> DashboardFailure {
        DashboardFailure(
            status: 429, code: "too_many", message: "Too many tries; wait a little.", retryAfter: seconds)
    }
}
