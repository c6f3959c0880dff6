/// Why a connection could not be made, or had to be given up.
///
/// Neither `message` nor `description` holds the query or credentials of the URL, or the value of any header sent.
public struct WebSocketError: Error, Sendable, Hashable {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String {
            case badURL, resolve, connect, proxy, tls, certificate, timeout, refused, tooLarge, protocolViolation
            case closed, cancelled
        }

        private var base: Base

        private init(_ base: Base) {
            self.base = base
        }

        /// The URL cannot be used.
        public static let badURL = Code(.badURL)
        /// The host's name has no address.
        public static let resolve = Code(.resolve)
        /// No address accepted a connection.
        public static let connect = Code(.connect)
        /// The proxy refused, or is of a kind that is not supported.
        public static let proxy = Code(.proxy)
        /// The TLS handshake failed for another reason than the certificate.
        public static let tls = Code(.tls)
        /// The server's certificate is expired, untrusted, or for another host.
        public static let certificate = Code(.certificate)
        /// The peer took too long, or fell silent.
        public static let timeout = Code(.timeout)
        /// The server answered the upgrade with something else than 101.
        public static let refused = Code(.refused)
        /// A frame or message exceeded the limit.
        public static let tooLarge = Code(.tooLarge)
        /// The peer broke a rule of RFC 6455.
        public static let protocolViolation = Code(.protocolViolation)
        /// The connection is, or was, closed.
        public static let closed = Code(.closed)
        /// The task that was connecting was cancelled.
        public static let cancelled = Code(.cancelled)

        public var description: String { base.rawValue }
    }

    /// The kind of failure.
    public var code: Code

    /// One sentence for people.
    public var message: String

    /// The status that the server, or the proxy, answered instead of switching protocols.
    public var httpStatus: Int?

    /// The beginning of the body that came with `httpStatus`, printable characters only.
    public var bodyPrefix: String?

    /// The value of a `Retry-After` header in seconds, when the server sent one with `httpStatus`.
    public var retryAfter: Duration?

    /// Whether the same attempt may succeed later without anyone changing anything.
    public var retryable: Bool

    /// Creates an error.
    public init(
        _ code: Code,
        _ message: String,
        retryable: Bool,
        httpStatus: Int? = nil,
        bodyPrefix: String? = nil,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.message = message
        self.retryable = retryable
        self.httpStatus = httpStatus
        self.bodyPrefix = bodyPrefix
        self.retryAfter = retryAfter
    }

    /// A label from a small fixed set, for metrics.
    public var shortDescription: String { code.description }
}

extension WebSocketError: CustomStringConvertible {
    public var description: String { message }
}
