public import CurlHTTP

/// A value that the protocol does not allow, or a post that the platform did not take.
///
/// `message` and `description` are fit for a log: they hold no token, nothing of a customer, and not the platform's own
/// words, which may repeat what the customer wrote.
public struct CustomChannelError: Error, Sendable {
    public let code: Code
    /// A sentence for a person: the field with its length and limit, or what the platform answered.
    public let message: String
    /// The field by its path in the envelope, such as `contact.firstName`; `nil` when it is not about one.
    public let field: String?
    /// How long the value is, in UTF-16 code units, or how many items it has.
    public let length: Int?
    public let limit: Int?
    /// The HTTP status, when there was an answer.
    public let status: Int?
    /// The first 2 KB of what the platform said, without the token.
    public let excerpt: String?
    /// How long to wait before the next post, where the platform says so.
    public let retryAfter: Duration?
    /// What the transport said, when the failure was its.
    public let transportError: HTTPError?

    init(
        _ code: Code, message: String, field: String? = nil, length: Int? = nil, limit: Int? = nil,
        status: Int? = nil, excerpt: String? = nil, retryAfter: Duration? = nil, transportError: HTTPError? = nil
    ) {
        self.code = code
        self.message = message
        self.field = field
        self.length = length
        self.limit = limit
        self.status = status
        self.excerpt = excerpt
        self.retryAfter = retryAfter
        self.transportError = transportError
    }

    /// Whether the same post, with the same mId, may succeed later by itself.
    public var retryable: Bool { code == .unavailable }

    /// The message with the first of what the platform said: for whoever may read what customers write, never for a log.
    public var report: String {
        guard let excerpt else { return message }
        return "\(message): \(excerpt.prefix(200))"
    }

    /// One of a small set of words, fit for a metric label.
    public var shortDescription: String { "custom.\(code)" }
}

extension CustomChannelError: CustomStringConvertible {
    public var description: String { message }
}

extension CustomChannelError {
    /// What kind of failure this is, which says what to do. More kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String { case invalid, rejected, credentials, address, unavailable }

        private let kind: Kind

        /// A value breaks a rule of the protocol; nothing was sent.
        public static let invalid = Code(kind: .invalid)
        /// The platform refuses this post for good (400, 409, 413, 415, 422): never send it again.
        public static let rejected = Code(kind: .rejected)
        /// The platform does not take the token (401, 403): send nothing more until it is another.
        public static let credentials = Code(kind: .credentials)
        /// There is no such channel at the address (404, 410, 3xx): send nothing more until it is another.
        public static let address = Code(kind: .address)
        /// Later it may go well (408, 425, 429, 5xx, no answer): send it again with the same mId.
        public static let unavailable = Code(kind: .unavailable)

        public var description: String { kind.rawValue }
    }

    static func invalid(_ field: String, _ rule: String) -> CustomChannelError {
        CustomChannelError(.invalid, message: "\(field) \(rule)", field: field)
    }

    /// A value of somebody's own, of which only the length is told.
    static func malformed(_ field: String, _ value: String, _ rule: String) -> CustomChannelError {
        let length = value.utf16.count
        return CustomChannelError(
            .invalid, message: "\(field) \(rule), got \(length) characters", field: field, length: length)
    }

    static func tooLong(_ field: String, length: Int, limit: Int, unit: String = "characters") -> CustomChannelError {
        CustomChannelError(
            .invalid, message: "\(field) has \(length) \(unit), the limit is \(limit)", field: field, length: length,
            limit: limit)
    }
}
