/// One post of a custom channel as it reached the simulator.
public struct CustomPost: Sendable, Codable {
    /// From 1.
    public let number: Int
    /// When it came and when it was answered, in seconds since 1970; the same until it is answered.
    public let at: Double
    public var answeredAt: Double
    public let path: String
    public let contentType: String
    public let cacheControl: String
    /// Whether it carried the channel's token.
    public let isAuthorized: Bool
    public let contactID: String
    /// `message`, `message_echo` or `message_status`.
    public let type: String
    public let mID: String
    /// The whole body.
    public let body: String
    /// What it was answered; 0 until then.
    public var status: Int
}

/// A message of a contact as the simulated platform shows it.
public struct CustomMessageSnapshot: Sendable, Codable {
    public enum Direction: String, Sendable, Codable {
        /// From the customer.
        case incoming
        /// From the business, written elsewhere.
        case echo
        /// From the business, sent by the platform.
        case outgoing
    }

    /// Empty for a message that the other side did not take.
    public let mID: String
    public let direction: Direction
    public let type: String
    public let text: String
    /// `pending`, `sent`, `delivered`, `read` or `failed`, of outgoing ones.
    public var status: String
    /// Why it failed.
    public var reason: String?
}

/// What the simulated platform's call of `<base>/message` was answered.
public struct CustomCallAnswer: Sendable, Codable {
    /// 0 when there was no answer.
    public let status: Int
    public let headers: [String: String]
    public let body: String
    public let seconds: Double

    /// The message's id, of a good answer.
    public var mID: String? { (try? JSONValue(parsing: Array(body.utf8)))?["mId"]?.string }
    /// The error's sentence, of a refusal.
    public var message: String? { (try? JSONValue(parsing: Array(body.utf8)))?["error"]?["message"]?.string }
}

/// How coming posts are answered instead of with 200.
public struct CustomFault: Sendable, Codable {
    public var status = 200
    public var body = ""
    /// Seconds in `Retry-After`.
    public var retryAfter: Int?
    /// Before the answer.
    public var milliseconds = 0
    /// Only posts about this contact.
    public var contactID: String?
    /// How many posts; 0 for all from now on.
    public var count = 1

    public init(
        status: Int = 200, body: String = "", retryAfter: Int? = nil, milliseconds: Int = 0, contactID: String? = nil,
        count: Int = 1
    ) {
        self.status = status
        self.body = body
        self.retryAfter = retryAfter
        self.milliseconds = milliseconds
        self.contactID = contactID
        self.count = count
    }
}
