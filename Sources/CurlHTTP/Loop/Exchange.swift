/// One `send` from submission to its outcome.
///
/// `@unchecked Sendable`: `isPosted` and `isCancelled` are touched only under the mailbox's lock; `outcome` is set
/// before the exchange is posted and afterwards, like everything else, belongs to the loop's thread alone. An exchange
/// that was refused by the mailbox never reaches that thread and still belongs to the caller.
final class Exchange: @unchecked Sendable {
    typealias Outcome = Result<HTTPResponse, HTTPError>

    let request: HTTPRequest
    var prepared: PreparedRequest
    var isPosted = false
    var isCancelled = false

    var transfer: Transfer?
    var redirectsFollowed = 0
    /// By the monotonic clock; waiting and all hops of a redirect share the request's time limit.
    var deadline: Int64 = .max
    /// Whether some of the time limit is used up before libcurl counts.
    var hasWaited = false
    var origin: Admission.Origin?

    private var continuation: UnsafeContinuation<Outcome, Never>?

    init(request: HTTPRequest, prepared: PreparedRequest) {
        self.request = request
        self.prepared = prepared
    }

    func expect(_ continuation: UnsafeContinuation<Outcome, Never>) {
        self.continuation = continuation
    }

    var isFinished: Bool { continuation == nil }

    /// Resumes the sender. The continuation is taken out, so a second call has no effect.
    func finish(_ outcome: Outcome) {
        continuation.take()?.resume(returning: outcome)
    }

    /// Earlier hops of a redirect count: their server has seen the request.
    func fail(_ code: HTTPError.Code, _ message: String, retryable: Bool, sent: Bool, curlCode: Int32? = nil) {
        finish(
            .failure(
                request.failure(
                    code, message, retryable: retryable, sent: sent || redirectsFollowed > 0, curlCode: curlCode)))
    }
}

extension HTTPRequest {
    func failure(
        _ code: HTTPError.Code, _ message: String, retryable: Bool = false, sent: Bool = false, curlCode: Int32? = nil
    ) -> HTTPError {
        HTTPError(
            code, message: message, method: method, displayPath: displayPath, retryable: retryable,
            mayHaveBeenSent: sent, curlCode: curlCode)
    }
}
