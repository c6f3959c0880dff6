import CCurl

/// An HTTP client over the system's libcurl.
///
/// All transfers run on one thread of the client's own; `send` may be called from anywhere and blocks no one. The
/// thread ends with `shutdown`, or by itself after the last reference to the client is gone.
///
/// This target knows HTTP and libcurl. It does not know what is sent, to whom, or what a failed request should lead to.
public final class HTTPClient: Sendable {
    private let thread: LoopThread
    let policy: HostPolicy

    /// Starts the client's thread. Fails when a CA file or proxy cannot be used.
    public init(configuration: HTTPClientConfiguration = .init()) throws(HTTPError) {
        guard Self.libcurlIsReady else {
            throw HTTPError(
                .internal, message: "libcurl cannot be initialised.", retryable: false, mayHaveBeenSent: false)
        }
        let options = try ConnectionOptions(configuration)
        policy = options.policy
        thread = try LoopThread(options: options)
    }

    /// Sends a request and returns the whole answer, whatever its status.
    ///
    /// Cancelling the task takes the transfer off the wire: its connection (or HTTP/2 stream) is closed.
    /// A request that is not idempotent is put on the wire once, never again by the client itself.
    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        try await send(request, as: try PreparedRequest(request, policy: policy))
    }

    /// Sends what has already been checked.
    func send(_ request: HTTPRequest, as prepared: PreparedRequest) async throws(HTTPError) -> HTTPResponse {
        let exchange = Exchange(request: request, prepared: prepared)
        let mailbox = thread.mailbox
        let outcome = await withTaskCancellationHandler {
            // Unsafe because it is cheaper; `Exchange.finish` is the one place that resumes it, and does so once.
            await withUnsafeContinuation { continuation in
                exchange.expect(continuation)
                switch mailbox.post(exchange) {
                case nil: break
                case .cancelled:
                    exchange.fail(.cancelled, "The request was cancelled.", retryable: false, sent: false)
                case .stopped:
                    exchange.fail(.shutdown, "The HTTP client was shut down.", retryable: false, sent: false)
                }
            }
        } onCancel: {
            mailbox.cancel(exchange)
        }
        return try outcome.get()
    }

    /// Cancels all requests and waits until the thread has ended. May be called more than once.
    public func shutdown() async {
        await thread.shutdown()
    }

    private static let libcurlIsReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}
