/// A request that got no answer. Statuses of 400 and more are answers.
public struct HTTPError: Error, Sendable {
    /// What went wrong, in a set that may grow.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String, Hashable, Sendable {
            case resolve, connect, tls, certificate, timeout, tooLarge, cancelled, badURL, invalidRequest, file, proxy
            case protocolError, redirect, aborted, shutdown, forbiddenAddress, configuration, `internal`
        }

        private let value: Value

        private init(_ value: Value) {
            self.value = value
        }

        /// The host name has no address, or the resolver failed.
        public static let resolve = Code(.resolve)
        /// No TCP connection.
        public static let connect = Code(.connect)
        /// The TLS handshake failed for another reason than the certificate.
        public static let tls = Code(.tls)
        /// The server's certificate is expired, for another host, or from an authority that is not trusted.
        public static let certificate = Code(.certificate)
        /// One of the request's two time limits passed.
        public static let timeout = Code(.timeout)
        /// The answer is larger than the request allows.
        public static let tooLarge = Code(.tooLarge)
        /// The task that sent the request was cancelled.
        public static let cancelled = Code(.cancelled)
        /// The URL is not an absolute http or https URL.
        public static let badURL = Code(.badURL)
        /// A header, method or part name that cannot be put on the wire.
        public static let invalidRequest = Code(.invalidRequest)
        /// A file of the body could not be opened or read to its end.
        public static let file = Code(.file)
        /// The proxy cannot be found or reached, or refuses.
        public static let proxy = Code(.proxy)
        /// The server's answer is not HTTP, or breaks off.
        public static let protocolError = Code(.protocolError)
        /// Too many redirects, or one that would not be safe to follow.
        public static let redirect = Code(.redirect)
        /// The connection broke after the request had begun.
        public static let aborted = Code(.aborted)
        /// The client was shut down.
        public static let shutdown = Code(.shutdown)
        /// The host resolves to a private address and the client denies these.
        public static let forbiddenAddress = Code(.forbiddenAddress)
        /// The client's configuration cannot be used.
        public static let configuration = Code(.configuration)
        /// libcurl failed in a way of its own, such as out of memory.
        public static let `internal` = Code(.internal)

        public var description: String { value.rawValue }
    }

    public let code: Code
    /// One sentence for people, without secrets.
    public let message: String
    /// `nil` when the error belongs to no request.
    public let method: HTTPMethod?
    public let displayPath: String
    /// Whether the same request may succeed later.
    public let retryable: Bool
    /// False only when it is certain that no byte of the request reached the server.
    public let mayHaveBeenSent: Bool
    /// libcurl's own code, where there is one.
    public let curlCode: Int32?

    public init(
        _ code: Code,
        message: String,
        method: HTTPMethod? = nil,
        displayPath: String = "",
        retryable: Bool,
        mayHaveBeenSent: Bool,
        curlCode: Int32? = nil
    ) {
        self.code = code
        self.message = message
        self.method = method
        self.displayPath = displayPath
        self.retryable = retryable
        self.mayHaveBeenSent = mayHaveBeenSent
        self.curlCode = curlCode
    }

    /// The code's name: a bounded set, made for metric labels.
    public var shortDescription: String { code.description }
}

extension HTTPError: CustomStringConvertible {
    public var description: String {
        guard let method else { return message }
        return "\(method.rawValue) \(displayPath): \(message)"
    }
}
