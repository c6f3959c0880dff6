public import Moonwire

/// One channel of the configuration.
public struct ChannelSection: Sendable {
    public var name: String
    public var platform: Platform
    public var role: Role
    /// `https://host`, without a path.
    public var origin: String
    public var delivery: DeliveryPolicy
    /// Where the client API begins on the installation.
    public var publicPrefix = "/public/api/v1"
    /// Where the operator API begins.
    public var appPrefix = "/api/v1"
    public var cablePath = "/cable"
    public var channelName = "RoomChannel"
    public var authHeader = "api-access-token"
    public var originHeader: String?
    public var presence: Duration = .seconds(20)
    /// How often messages are looked for besides the stream, since pings prove only the web process.
    public var poll: Duration = .seconds(90)
    /// A file with the certificate authority of a private installation.
    public var caFile: String?
    public var verifyTLS = true
    /// Whether a first start handles what is unread, instead of beginning at now.
    public var startsWithUnread = false
    public var seat: Seat
    /// Where it stands in the configuration file.
    public var line: Int?

    /// Which chair the host takes.
    public enum Seat: Sendable {
        case client(ClientSeat)
        case `operator`(OperatorSeat)
    }

    public struct ClientSeat: Sendable {
        public var inbox: Secret
        /// The contact session; made up and kept in the journal's folder when absent.
        public var sourceID: Secret?
        public var name: String?
        public var email: String?
        public var phone: String?
        /// The business's own id of the contact.
        public var identifier: String?
        public var hmacToken: Secret?

        public init(inbox: Secret) {
            self.inbox = inbox
        }
    }

    public struct OperatorSeat: Sendable {
        public var account: Int
        public var token: Secret
        /// Inbox ids or names to work in; all when empty.
        public var inboxes: [String] = []

        public init(account: Int, token: Secret) {
            self.account = account
            self.token = token
        }
    }

    public init(
        name: String, platform: Platform, role: Role, origin: String, delivery: DeliveryPolicy, seat: Seat
    ) {
        self.name = name
        self.platform = platform
        self.role = role
        self.origin = origin
        self.delivery = delivery
        self.seat = seat
    }
}
