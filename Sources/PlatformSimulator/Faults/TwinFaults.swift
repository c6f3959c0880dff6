extension FaultSettings {
    /// Choices of the TWIN24 world where the real one is not known or may differ.
    public struct Twin: Sendable, Codable, Equatable {
        /// Life of new tokens in seconds; 0 for what the login asks for.
        public var tokenSeconds = 0
        /// How an expired token is refused: 401 with its text, or 403.
        public var expiredStatus = 401
        /// How a stream with a bad token is refused: a code below 2000 answers the connect command, others close.
        public var badTokenCode = 101
        /// Whether a stream ends with 3005 when the token that opened it does.
        public var streamEndsWithToken = true
        /// Whether a login tells older streams of the same operator that somebody else is here.
        public var loginDisplaces = true
        /// How far the platform's clock is ahead.
        public var clockOffsetSeconds = 0.0
        public var timestamp = Timestamp.seconds
        /// The methods that activate, pause, ban and unban accept; others are answered with 405.
        public var stateMethods = ["PATCH"]
        public var payloads = Payloads.full
        /// Whether what concerns the whole company also comes through the operators' own channels.
        public var eventsThroughBoth = false
        /// Bytes of the largest file; a larger one is answered with 413.
        public var largestFile = 20 << 20

        /// Destinations, as `phone:79001112233`, for which the notification service takes an order and says an error.
        public var refusedDestinations: [String] = []
        public var notificationAnswers = NotificationAnswers.full
        /// Whether notifications can be listed at all, and whether the list can be narrowed.
        public var listsNotifications = true
        public var filtersNotifications = true

        /// Whether a session's view says when it was closed, which is not published.
        public var showsClosing = true

        public init() {}

        /// What `GET /timestamp` answers.
        public enum Timestamp: String, Sendable, Codable { case seconds, milliseconds, object }

        /// How the notification service answers an order.
        public enum NotificationAnswers: String, Sendable, Codable {
            /// A list of statuses.
            case full
            /// The list as a page.
            case listed
            /// Ids alone.
            case bare
            /// An empty list, although the order was taken.
            case nothing
        }

        /// How the payloads of events look that are not published.
        public enum Payloads: String, Sendable, Codable {
            /// The bare record.
            case full
            /// The record under its name, as `{"message":{…}}`.
            case nested
            /// Ids alone.
            case sparse
        }
    }
}
