extension FaultSettings {
    /// How the Centrifuge endpoint is set up, and what it does wrong.
    ///
    /// Publications also obey ``FaultSettings/events``: a dropped one leaves a gap of offsets that nobody announces.
    public struct Centrifuge: Sendable, Codable, Equatable {
        /// What becomes of new connections.
        public var connect = Connect()
        /// Whether channels keep history and let clients recover; read when a client subscribes.
        public var recoverable = true
        /// Publications that a channel keeps.
        public var historySize = 300
        /// Publications that one recovery or one page of history brings at most.
        public var recoveryLimit = 300
        /// Recoveries that still fail for certain, as if history were lost.
        public var unrecoveredNext = 0
        /// Publications that are still lost on their way and noticed by the server, which then closes with 3010.
        public var insufficientNext = 0
        /// Between two pings; 0 for none. Announced in seconds, rounded up.
        public var pingMilliseconds = 25_000
        /// Whether the server asks for pongs.
        public var wantsPong = true
        /// How long it waits for one before it closes with 3012.
        public var pongWaitMilliseconds = 8000
        /// Announces pings and sends none.
        public var withholdsPings = false
        /// How long it waits for the connect command before it closes with 3502.
        public var connectWaitMilliseconds = 10_000
        /// Replies and pushes that one frame holds at most; 1 for one each.
        public var messagesPerFrame = 16
        /// How long what is to be sent waits for more, so that frames fill up.
        public var holdMilliseconds = 0
        /// Bytes that may wait for a slow reader before it is closed with 3008; 0 for any number.
        public var queueLimit = 1 << 20
        /// How long an expired connection that the client refreshes may go on before 3005.
        public var graceMilliseconds = 25_000

        public init() {}
    }
}

extension FaultSettings.Centrifuge {
    /// What becomes of a new connection.
    public struct Connect: Sendable, Codable, Equatable {
        public enum Mode: String, Sendable, Codable {
            case normal
            /// The upgrade is answered with ``Connect/code`` as an HTTP status.
            case refused
            /// The connect command is never answered.
            case silent
            /// The connect command is answered with the error ``Connect/code``.
            case error
            /// The connect command is answered with a close frame of ``Connect/code``.
            case close
        }

        public var mode = Mode.normal
        public var code = 503
        public var reason = ""
        /// Of an error.
        public var temporary = false
        /// How many connections suffer before all is well again; 0 for all of them.
        public var next = 0

        public init() {}

        public init(_ mode: Mode, code: Int = 503, reason: String = "", temporary: Bool = false, next: Int = 0) {
            self.mode = mode
            self.code = code
            self.reason = reason
            self.temporary = temporary
            self.next = next
        }
    }
}
