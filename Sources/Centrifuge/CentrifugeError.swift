/// A call or an attempt that failed.
///
/// Never holds a token, the data of a command, or the query of the URL.
public struct CentrifugeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String {
            case timeout, transport, disconnected, connectToken, refreshToken, unsubscribed, subscriptionToken
            case subscriptionRefreshToken, connectionLost, badConfiguration, connectData, unauthorized, server
            case duplicateSubscription, badRequest, refusedRepeatedly, tooLarge
        }

        private var base: Base

        private init(_ base: Base) {
            self.base = base
        }

        /// No answer, or no connection, in time.
        public static let timeout = Code(.timeout)
        /// The connection could not be made, or ended before it was accepted.
        public static let transport = Code(.transport)
        /// The client is not running.
        public static let disconnected = Code(.disconnected)
        /// The connection's token could not be had.
        public static let connectToken = Code(.connectToken)
        /// The connection's next token could not be had, or was not accepted for now.
        public static let refreshToken = Code(.refreshToken)
        /// There is no such subscription.
        public static let unsubscribed = Code(.unsubscribed)
        /// A subscription's token could not be had.
        public static let subscriptionToken = Code(.subscriptionToken)
        /// A subscription's next token could not be had, or was not accepted for now.
        public static let subscriptionRefreshToken = Code(.subscriptionRefreshToken)
        /// The connection ended before the answer came: the command may have been carried out.
        public static let connectionLost = Code(.connectionLost)
        /// The address of the server, or a header, cannot be used.
        public static let badConfiguration = Code(.badConfiguration)
        /// The data of the connect command could not be had.
        public static let connectData = Code(.connectData)
        /// For providers to throw: there will be no credentials. The client gives up.
        public static let unauthorized = Code(.unauthorized)
        /// The server refused; `number` says why.
        public static let server = Code(.server)
        /// The client has a subscription to this channel.
        public static let duplicateSubscription = Code(.duplicateSubscription)
        /// What was to be sent is not JSON, or too large for the server.
        public static let badRequest = Code(.badRequest)
        /// The server refused many upgrades in a row: someone should look at it.
        public static let refusedRepeatedly = Code(.refusedRepeatedly)
        /// A message of the server was larger than the socket's configuration allows. It is lost, and so is what comes
        /// until the client is back.
        public static let tooLarge = Code(.tooLarge)

        public var description: String { base.rawValue }
    }

    /// The kind of failure.
    public let code: Code

    /// The protocol's number: below 100 the client's own, 100–399 the server's, 400–1999 the backend's.
    public let number: UInt32

    /// One sentence for people.
    public let message: String

    /// Whether the same may succeed later without anyone changing anything.
    public let retryable: Bool

    /// The HTTP status of an upgrade that was refused.
    public let httpStatus: Int?

    init(_ code: Code, _ number: UInt32, _ message: String, retryable: Bool, httpStatus: Int? = nil) {
        self.code = code
        self.number = number
        self.message = message
        self.retryable = retryable
        self.httpStatus = httpStatus
    }

    /// A label from a small fixed set, for metrics.
    public var shortDescription: String { "centrifuge.\(code)" }

    public var description: String { message }

    /// For providers to throw: there will be no credentials, and the client gives up.
    public static let unauthorized = CentrifugeError(
        .unauthorized, 1, "There are no credentials for the connection.", retryable: false)
}

extension CentrifugeError {
    static let disconnected = CentrifugeError(.disconnected, 3, "The client is not connected.", retryable: true)

    static let connectionLost = CentrifugeError(
        .connectionLost, 11, "The connection ended before the answer came.", retryable: true)

    static func timeout(_ what: String) -> CentrifugeError {
        CentrifugeError(.timeout, 1, "\(what) took too long.", retryable: true)
    }

    static func unsubscribed(_ channel: String) -> CentrifugeError {
        CentrifugeError(.unsubscribed, 7, "There is no subscription to \(printable(channel)).", retryable: false)
    }

    /// An attempt that ended before the connection was accepted.
    init(_ reason: CentrifugeReason) {
        self.init(.transport, 2, "The connection was not made: \(reason).", retryable: true)
    }

    static func refusedRepeatedly(_ count: Int, _ last: CentrifugeError) -> CentrifugeError {
        CentrifugeError(
            .refusedRepeatedly, 2,
            "The server refused \(count) connections in a row. The credentials, the Origin header or the path may be"
                + " wrong. \(last.message)", retryable: true, httpStatus: last.httpStatus)
    }

    /// An error that the server answered to a command.
    init(_ error: ReplyError, to command: String) {
        let words = error.message.isEmpty ? "no words" : printable(error.message)
        self.init(
            .server, error.code, "The server refused \(command): \(words) (error \(error.code)).",
            retryable: error.isTemporary)
    }
}

/// A peer's words, short and fit for a terminal.
func printable(_ words: String) -> String {
    let clean = words.unicodeScalars.lazy.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    return String(String.UnicodeScalarView(clean.prefix(200)))
}
