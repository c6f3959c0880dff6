public import CurlHTTP

/// A request that the installation did not fulfil, or not in a way that could be understood.
///
/// Neither `message` nor `description` holds a token, an inbox identifier or a source id.
public struct ChatwootError: Error, Sendable {
    public let code: Code
    /// A sentence for a person: method, path, status and the platform's own words.
    public let message: String
    public let method: HTTPMethod?
    /// The path with secrets hidden.
    public let displayPath: String
    /// The HTTP status, when there was an answer.
    public let status: Int?
    /// The fields that did not pass validation.
    public let attributes: [String]
    /// How long to wait before the next request; set for `throttled` and `flood`.
    public let retryAfter: Duration?
    /// Whether the same request may succeed later. Says nothing about whether repeating it is safe: see `isInDoubt`.
    public let retryable: Bool
    /// False only when it is certain that no byte of the request reached the server.
    public let mayHaveBeenSent: Bool
    /// Whether the request may have had its effect all the same: no answer came, or one that does not tell.
    public let isInDoubt: Bool
    /// What the transport said, when the failure was its.
    public let transportError: HTTPError?

    init(
        _ code: Code, message: String, method: HTTPMethod? = nil, displayPath: String = "", status: Int? = nil,
        attributes: [String] = [], retryAfter: Duration? = nil, retryable: Bool = false,
        mayHaveBeenSent: Bool = true, isInDoubt: Bool = false, transportError: HTTPError? = nil
    ) {
        self.code = code
        self.message = message
        self.method = method
        self.displayPath = displayPath
        self.status = status
        self.attributes = attributes
        self.retryAfter = retryAfter
        self.retryable = retryable
        self.mayHaveBeenSent = mayHaveBeenSent
        self.isInDoubt = isInDoubt
        self.transportError = transportError
    }

    /// One of a small set of words, fit for a metric label.
    public var shortDescription: String { "chatwoot.\(code)" }
}

extension ChatwootError: CustomStringConvertible {
    public var description: String { message }
}

extension ChatwootError {
    /// What kind of failure this is. More kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case unauthorized, invalidToken, notForBots, suspended, forbiddenAction, notFound, validation, flood
            case throttled, paymentRequired, tooLarge, badRequest, server, gateway, authOrServer, transport
            case undecodable, unsupported
        }

        private let kind: Kind

        /// No token reached the application: it is missing, or a proxy dropped its header.
        public static let unauthorized = Code(kind: .unauthorized)
        /// The token is not known.
        public static let invalidToken = Code(kind: .invalidToken)
        /// The endpoint is closed to tokens of agent bots.
        public static let notForBots = Code(kind: .notForBots)
        /// The account is suspended.
        public static let suspended = Code(kind: .suspended)
        /// The user is not in the account, or may not do this.
        public static let forbiddenAction = Code(kind: .forbiddenAction)
        /// No such record, or it belongs to another session.
        public static let notFound = Code(kind: .notFound)
        /// The platform refuses the values; see `attributes`.
        public static let validation = Code(kind: .validation)
        /// More messages in this conversation within a minute than the platform allows.
        public static let flood = Code(kind: .flood)
        /// Too many requests from this address or with this token.
        public static let throttled = Code(kind: .throttled)
        /// The account's plan does not include this.
        public static let paymentRequired = Code(kind: .paymentRequired)
        /// The body is larger than a proxy on the way allows.
        public static let tooLarge = Code(kind: .tooLarge)
        /// The platform could not read the request.
        public static let badRequest = Code(kind: .badRequest)
        /// The platform crashed.
        public static let server = Code(kind: .server)
        /// A proxy got no answer from the platform.
        public static let gateway = Code(kind: .gateway)
        /// The platform crashed where it also crashes on a wrong or missing identity hash.
        public static let authOrServer = Code(kind: .authOrServer)
        /// No answer came; see `transportError`.
        public static let transport = Code(kind: .transport)
        /// The answer is not what this API understands.
        public static let undecodable = Code(kind: .undecodable)
        /// This installation is known not to have the endpoint.
        public static let unsupported = Code(kind: .unsupported)

        public var description: String { kind.rawValue }
    }
}
