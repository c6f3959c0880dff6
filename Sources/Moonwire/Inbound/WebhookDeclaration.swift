/// A route of a script's own: how it is called, who may call it, and what it answers.
///
/// Secrets are named here, and read by whoever compares them.
public struct WebhookDeclaration: Sendable {
    public enum Auth: Sendable, Hashable {
        /// Whoever knows the address.
        case open
        /// `Authorization: Bearer …` with the value of the secret.
        case bearer(secret: String)
        case signature(Signature)
    }

    /// An HMAC over the request.
    public struct Signature: Sendable, Hashable {
        public enum Algorithm: String, Sendable, CaseIterable { case sha256, sha1, sha512 }
        public enum Encoding: String, Sendable, CaseIterable { case hex, base64 }

        /// The name of the key.
        public var secret: String
        /// In lower case.
        public var header: String
        public var algorithm = Algorithm.sha256
        public var encoding = Encoding.hex
        /// What stands before the digest in the header, such as `sha256=`.
        public var prefix = ""
        public var timestamp: Timestamp?
        /// What is signed, with `{body}` and `{timestamp}` for what the request has there.
        public var signed = "{body}"

        public init(secret: String, header: String) {
            self.secret = secret
            self.header = header
        }
    }

    /// When the caller says that it signed: in seconds or milliseconds since 1970.
    public struct Timestamp: Sendable, Hashable {
        /// In lower case.
        public var header: String
        public var tolerance: Duration

        public init(header: String, tolerance: Duration) {
            self.header = header
            self.tolerance = tolerance
        }
    }

    /// Where something stands in a request.
    public enum Place: Sendable, Hashable {
        /// In lower case.
        case header(String)
        /// A JSON pointer into the body.
        case body(pointer: String)
    }

    /// Which requests wait for each other. While the run of one waits for a platform, so do those behind it.
    public enum Ordering: Sendable, Hashable {
        /// None: each is handled by itself.
        case none
        /// Those that have the same there; what has nothing there is handled by itself.
        case by(Place)
        /// All.
        case all
    }

    /// How a provider makes sure, with a GET, that the address is the customer's.
    public struct Verification: Sendable, Hashable {
        /// The name of the secret that the provider shows.
        public var secret: String
        /// The query's member that holds it.
        public var tokenMember: String
        /// The query's member whose value is the answer.
        public var echoMember: String

        public init(secret: String, tokenMember: String, echoMember: String) {
            self.secret = secret
            self.tokenMember = tokenMember
            self.echoMember = echoMember
        }
    }

    /// What every caller gets once the request is in the journal: its run has not begun by then.
    public struct Answer: Sendable, Hashable {
        public var status = 200
        public var contentType = "application/json"
        public var body = "{\"ok\":true}"

        public init() {}
    }

    public var name: String
    public var auth: Auth
    public var methods: Set<String> = ["POST"]
    /// Where a request names itself, so that a repeat is known.
    public var identity: Place?
    public var verification: Verification?
    public var answer = Answer()
    /// In bytes.
    public var bodyLimit = 256 << 10
    public var ordering = Ordering.none
    /// `file:line` of the registration.
    public var location: String

    public init(name: String, auth: Auth, location: String) {
        self.name = name
        self.auth = auth
        self.location = location
    }

    public var path: String { "/hooks/\(name)" }
    public var eventName: String { "webhook:\(name)" }
}
