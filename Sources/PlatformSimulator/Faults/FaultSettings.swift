/// What the simulator does wrong, and how often.
///
/// As JSON (`POST /simulator/faults`) every member may be left out; what is left out stays as it was.
public struct FaultSettings: Sendable, Codable, Equatable {
    /// Seed of all probabilities; setting it starts their sequence anew.
    public var seed: UInt64 = 1
    /// When events leave relative to the answer of the request that caused them.
    public var delivery = Delivery.afterAnswer
    /// Whether a subscription is answered with `presence.update` at once; the real server loses that answer mostly.
    public var presenceOnSubscribe = false
    public var limits = Limits()
    public var events = Events()
    /// Rules for requests; the first that matches and still has a count or luck applies.
    public var requests: [RequestFault] = []
    public var sockets = Sockets()
    public var centrifuge = Centrifuge()
    public var twin = Twin()

    public init() {}

    public enum Delivery: String, Sendable, Codable {
        case afterAnswer, beforeAnswer
        /// Either, by the seed.
        case mixed
    }

    public struct Limits: Sendable, Codable, Equatable {
        /// Flood guard: messages that a conversation takes in a minute; 0 for no limit.
        public var messagesPerMinute = 200
        /// Requests that one address may make in a minute, aligned to the clock; 0 for no limit.
        public var requestsPerMinute = 0

        public init() {}
    }

    /// Faults of event delivery, decided for each event and each stream.
    public struct Events: Sendable, Codable, Equatable {
        public var drop = 0.0
        public var duplicate = 0.0
        public var delay = 0.0
        public var reorder = 0.0
        /// How long a delayed event is late.
        public var delayMilliseconds = 300
        /// Counts come before probabilities: the next so many deliveries suffer the fault for certain.
        public var dropNext = 0
        public var duplicateNext = 0
        public var delayNext = 0
        public var reorderNext = 0
        /// Names of events that may suffer; empty for all.
        public var only: [String] = []
        /// `contact`, `operator` or empty for both.
        public var role = ""

        public init() {}

        var isQuiet: Bool {
            drop <= 0 && duplicate <= 0 && delay <= 0 && reorder <= 0 && dropNext <= 0 && duplicateNext <= 0
                && delayNext <= 0 && reorderNext <= 0
        }
    }

    /// What happens to new `/cable` connections.
    public struct Sockets: Sendable, Codable, Equatable {
        public var mode = SocketMode.normal
        /// The status of a refused upgrade.
        public var status = 503
        /// How many upgrades suffer before all is well again; 0 for all of them.
        public var next = 0

        public init() {}
    }
}

/// How a socket behaves.
public enum SocketMode: String, Sendable, Codable {
    case normal
    /// Accepts the upgrade and sends nothing at all, not even `welcome`.
    case silent
    /// Welcomes and confirms, and then sends neither pings nor events.
    case deaf
    /// Pings, but delivers no events.
    case mute
    /// New connections only: the upgrade is refused with ``FaultSettings/Sockets/status``.
    case refused
}

/// A rule for requests that go wrong.
public struct RequestFault: Sendable, Codable, Equatable {
    public enum Kind: String, Sendable, Codable {
        /// 429 with the text of the real throttle, before anything is done.
        case throttled
        /// ``RequestFault/status`` with an HTML body as a proxy gives it, before anything is done.
        case failed
        /// Waits ``RequestFault/milliseconds``, then goes on as usual.
        case slow
        /// Does what was asked, then closes the connection without an answer.
        case hangUp
        /// Closes the connection before anything is done.
        case refused
    }

    public var kind: Kind
    public var status: Int
    public var milliseconds: Int
    /// Requests that still suffer for certain; when 0 the probability decides.
    public var next: Int
    public var probability: Double
    /// A part that the path must hold; empty for all paths but the simulator's own.
    public var path: String
    /// Empty for all methods.
    public var method: String
    /// Seconds that `Retry-After` of a throttled or failed request names; 0 for no such header, as the Chatwoot family.
    public var retryAfter: Int

    public init(
        _ kind: Kind, next: Int = 0, probability: Double = 0, path: String = "", method: String = "", status: Int = 503,
        milliseconds: Int = 1000, retryAfter: Int = 0
    ) {
        self.kind = kind
        self.status = status
        self.milliseconds = milliseconds
        self.next = next
        self.probability = probability
        self.path = path
        self.method = method
        self.retryAfter = retryAfter
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(Kind.self, forKey: .kind),
            next: try container.decodeIfPresent(Int.self, forKey: .next) ?? 0,
            probability: try container.decodeIfPresent(Double.self, forKey: .probability) ?? 0,
            path: try container.decodeIfPresent(String.self, forKey: .path) ?? "",
            method: try container.decodeIfPresent(String.self, forKey: .method) ?? "",
            status: try container.decodeIfPresent(Int.self, forKey: .status) ?? 503,
            milliseconds: try container.decodeIfPresent(Int.self, forKey: .milliseconds) ?? 1000,
            retryAfter: try container.decodeIfPresent(Int.self, forKey: .retryAfter) ?? 0)
    }
}
