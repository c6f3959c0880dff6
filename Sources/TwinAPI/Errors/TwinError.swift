public import CurlHTTP

/// A request that the installation did not fulfil, or not in a way that could be understood.
///
/// Neither `message` nor `description` holds a password or a token.
public struct TwinError: Error, Sendable {
    public let code: Code
    /// A sentence for a person: method, path, service, status and the platform's own words, and what to do.
    public let message: String
    public let method: HTTPMethod?
    /// The service that was asked.
    public let service: TwinService?
    public let displayPath: String
    /// The HTTP status, when there was an answer.
    public let status: Int?
    /// How long to wait before the next request, where the platform says so.
    public let retryAfter: Duration?
    /// Whether the same request may succeed later. Says nothing about whether repeating it is safe: see `isInDoubt`.
    public let retryable: Bool
    /// False only when it is certain that no byte of the request reached the server.
    public let mayHaveBeenSent: Bool
    /// Whether the request may have had its effect all the same: no answer came, or one that does not tell.
    public let isInDoubt: Bool
    /// What the transport said, when the failure was its.
    public let transportError: HTTPError?
    /// Whether, and how, the token may be the reason.
    let rejection: TwinRejection?

    init(
        _ code: Code, message: String, place: Place? = nil, status: Int? = nil, retryAfter: Duration? = nil,
        retryable: Bool = false, mayHaveBeenSent: Bool = true, isInDoubt: Bool = false,
        transportError: HTTPError? = nil, rejection: TwinRejection? = nil
    ) {
        self.code = code
        self.message = message
        self.method = place?.method
        self.service = place?.service
        self.displayPath = place?.path ?? ""
        self.status = status
        self.retryAfter = retryAfter
        self.retryable = retryable
        self.mayHaveBeenSent = mayHaveBeenSent
        self.isInDoubt = isInDoubt
        self.transportError = transportError
        self.rejection = rejection
    }

    /// One of a small set of words, fit for a metric label.
    public var shortDescription: String { "twin.\(code)" }
}

extension TwinError: CustomStringConvertible {
    public var description: String { message }
}

extension TwinError {
    /// What kind of failure this is. More kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case badRequest, unauthenticated, forbidden, notFound, methodNotAllowed, tooLarge, wrongState, throttled
            case server, gateway, transport, undecodable, authFailed, noToken, stopped
        }

        private let kind: Kind

        /// The platform cannot use the values.
        public static let badRequest = Code(kind: .badRequest)
        /// The platform does not know the token, and a new one was not to be had for this request.
        public static let unauthenticated = Code(kind: .unauthenticated)
        /// The operator may not do this.
        public static let forbidden = Code(kind: .forbidden)
        /// No such thing. A session: drop it.
        public static let notFound = Code(kind: .notFound)
        /// No method that was tried is the endpoint's.
        public static let methodNotAllowed = Code(kind: .methodNotAllowed)
        /// The file or the body is larger than the platform takes. Final.
        public static let tooLarge = Code(kind: .tooLarge)
        /// Not possible in the state that the thing is in, such as a session that is over. Read it again.
        public static let wrongState = Code(kind: .wrongState)
        /// Too many requests.
        public static let throttled = Code(kind: .throttled)
        /// The platform crashed.
        public static let server = Code(kind: .server)
        /// A proxy got no answer from the platform.
        public static let gateway = Code(kind: .gateway)
        /// No answer came; see `transportError`.
        public static let transport = Code(kind: .transport)
        /// The answer is not what this API understands.
        public static let undecodable = Code(kind: .undecodable)
        /// The operator cannot sign in. Final for the account: nothing is tried any more.
        public static let authFailed = Code(kind: .authFailed)
        /// No token could be had in time. Nothing was done; the account goes on trying.
        public static let noToken = Code(kind: .noToken)
        /// The account was stopped. Nothing was done.
        public static let stopped = Code(kind: .stopped)

        public var description: String { kind.rawValue }
    }

    /// Where an error happened.
    struct Place: Hashable, Sendable {
        let method: HTTPMethod
        let service: TwinService
        /// With the prefix of the service's address.
        let path: String

        var sentence: String { "\(method.rawValue) \(path) on the \(service) service" }
    }
}

/// How the token may be the reason for a refusal.
enum TwinRejection: Hashable, Sendable {
    /// 401, and the body says that the token is over.
    case expired
    /// 403, which also means that the operator may not.
    case forbidden
    /// The live stream ended as it ends for a bad token.
    case stream
}
