public import Centrifuge

/// What an operator's channel of TWIN24 can be tuned in.
public struct TwinChannelSettings: Sendable {
    /// What the seat tells the platform about itself after each connect.
    public enum Status: String, Sendable, CaseIterable {
        /// New sessions come.
        case online
        /// Own sessions go on, no new ones come, and nothing is taken out of help.
        case paused
    }

    /// What to do when the platform makes the operator offline.
    public enum LogoutPolicy: String, Sendable, CaseIterable {
        /// The channel ends, until the host is started again.
        case stay
        /// The operator is activated again, at most once in ten minutes.
        case reactivate
    }

    /// What becomes of the own sessions at a shutdown, after the pause that keeps new ones away.
    public enum Leaving: Sendable, Hashable {
        case leave
        /// To a group, by id or name.
        case handOver(group: String)
    }

    public var stream: CentrifugeConfiguration
    public var status = Status.online
    /// How often the sessions and messages are looked through besides the stream; up to a tenth later, at random.
    public var poll: Duration = .seconds(300)
    /// Whether a first start handles what is unread, instead of beginning at now.
    public var startsWithUnread = false
    public var onLogout = LogoutPolicy.stay
    public var onShutdown = Leaving.leave
    /// Whether a session is left to a human who writes in it.
    public var yieldsToHumans = true
    /// Statuses that mean that a session is over, besides a closing date; compared without regard to case.
    public var closedStatuses: Set<String> = []
    /// How long `take` waits for the session to arrive before it asks.
    public var takeWait: Duration = .seconds(5)
    /// How soon after a connect an end for good means that the stream refuses the token.
    public var refusalTime: Duration = .seconds(10)
    /// Whether sessions in help are taken without a word of a script.
    public var claims: Claims?
    /// How long a reply waits after a sign that the client types, and how long at most while the signs go on.
    public var typingHold: Duration = .seconds(3)
    public var longestTypingHold: Duration = .seconds(15)
    /// How long the stream may be away before the seat is paused, so that no sessions come that nobody reads.
    public var maxBlind: Duration = .seconds(120)
    /// How long effects are held back after the platform has made the operator offline, before the seat is left.
    public var logoutHold: Duration = .seconds(60)
    /// How long a shutdown waits, paused, until the own sessions are over.
    public var drainTimeout: Duration = .zero
    /// Whether what clients write is marked as read.
    public var marksRead = true
    /// How people are written to who wait for nothing; by opening sessions with them when absent.
    public var notifications: TwinNotifications?

    /// Which sessions in help are taken.
    public struct Claims: Sendable, Hashable {
        /// With how many own sessions none is taken; `nil` for no limit.
        public var maxSessions: Int?
        /// Ids of the chats whose sessions are taken; all when empty.
        public var chats: Set<String>
        /// Each claim waits at random, up to this, so that several seats do not reach for the same session at once.
        public var longestWait: Duration

        public init(maxSessions: Int? = nil, chats: Set<String> = [], longestWait: Duration = .seconds(2)) {
            self.maxSessions = maxSessions
            self.chats = chats
            self.longestWait = longestWait
        }
    }

    public init(stream: CentrifugeConfiguration) {
        self.stream = stream
    }
}
