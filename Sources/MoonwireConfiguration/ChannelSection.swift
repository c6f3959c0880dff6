public import Moonwire

/// One channel of the configuration.
public struct ChannelSection: Sendable {
    public var name: String
    public var platform: Platform
    public var role: Role
    /// `https://host`, without a path; on TWIN24 the chat service's address.
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
        /// An operator of TWIN24.
        case twin(TwinSeat)
        /// The provider's side of a custom channel of BonyChat or respond.io.
        case custom(CustomSeat)
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

    /// An operator of TWIN24, whose services have an address each.
    public struct TwinSeat: Sendable {
        /// What the operator is to be once connected.
        public enum Status: String, Sendable, CaseIterable { case online, paused }
        /// What to do when the platform makes the operator offline.
        public enum Logout: String, Sendable, CaseIterable { case stay, reactivate }

        public var iam: String
        public var chat: String
        /// As the vendor writes it, with `https`.
        public var realtime: String
        public var notify: String
        public var email: String
        public var password: Secret
        /// For users of several companies.
        public var company: Int?
        public var status = Status.online
        public var onLogout = Logout.stay
        /// The group that gets the own sessions at a shutdown; they stay when absent.
        public var handOver: String?
        /// Whether a session is left to a human who writes in it.
        public var yieldsToHumans = true
        /// Statuses that mean that a session is over.
        public var closedStatuses: [String] = []
        /// Whether sessions in help are taken without a word of a script, and which.
        public var claimsFromHelp = false
        public var claimChats: [String] = []
        /// With how many own sessions none is taken from help.
        public var maxSessions: Int?
        /// How long a reply waits while the client types.
        public var typingHold: Duration = .seconds(3)
        /// The largest message that the stream may bring, in bytes; as the stream has it when absent.
        public var messageSize: Int?
        /// How long the stream may be away before the operator is paused.
        public var maxBlind: Duration = .seconds(120)
        /// How long the seat waits, after the platform has made the operator offline, before it is left.
        public var logoutHold: Duration = .seconds(60)
        /// After which time the seat is taken again from somebody else who signed in as this operator; never if absent.
        public var displacedRetryAfter: Duration?
        /// How long a shutdown waits until the own sessions are over.
        public var drainTimeout: Duration = .zero
        /// Whether what clients write is marked as read.
        public var marksRead = true
        /// How people are written to who wait for nothing; by opening sessions with them when absent.
        public var notifications: TwinNotificationSection?
        /// Methods of endpoints that publish none, by the endpoint's name.
        public var methods: [String: String] = [:]

        public init(iam: String, chat: String, realtime: String, notify: String, email: String, password: Secret) {
            self.iam = iam
            self.chat = chat
            self.realtime = realtime
            self.notify = notify
            self.email = email
            self.password = password
        }
    }

    /// A custom channel, as the platform's dialog shows it.
    public struct CustomSeat: Sendable {
        public enum IDType: String, Sendable, CaseIterable { case phone, custom }
        public enum Mode: String, Sendable, CaseIterable { case accept, sync }
        public enum QuickReplies: String, Sendable, CaseIterable { case native, numbered }

        /// The channel's place on the host's web server: `/cc/<slug>`.
        public var slug: String
        public var channelID: String
        /// The newest first; the platform is let in with any of them.
        public var tokens: [Secret]
        public var webhookURL: Secret
        public var idType: IDType
        public var mode = Mode.accept
        public var quickReplies = QuickReplies.native
        /// How many messages a minute one of the platform's may bring about for a contact.
        public var answersPerMinute = 5

        public init(slug: String, channelID: String, tokens: [Secret], webhookURL: Secret, idType: IDType) {
            self.slug = slug
            self.channelID = channelID
            self.tokens = tokens
            self.webhookURL = webhookURL
            self.idType = idType
        }

        /// What the platform's settings want as the API base URL, without the host.
        public var basePath: String { "/cc/\(slug)" }
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
