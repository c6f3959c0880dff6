extension TwinEvent {
    /// The stream's own names.
    public struct Name: Hashable, Sendable, CustomStringConvertible {
        public let rawValue: String
        let subject: Subject

        /// What a name makes expect.
        enum Subject: Hashable, Sendable {
            case session, message, read, typing, seat, presence, unknown
        }

        private init(_ rawValue: String, _ subject: Subject) {
            self.rawValue = rawValue
            self.subject = subject
        }

        /// A session appeared. Not necessarily the operator's own: nobody may have it yet.
        public static let chatSessionStarted = Name("chatSessionStarted", .session)
        /// No operator was found: the session is in help.
        public static let operatorNotFound = Name("operatorNotFound", .session)
        /// A session came to this operator.
        public static let chatSessionAdded = Name("chatSessionAdded", .session)
        /// The session left this operator, for the bot or for another operator.
        public static let chatSessionDeleted = Name("chatSessionDeleted", .session)
        /// The bot gave the session to an operator, or to help.
        public static let chatSessionSwitchedFromBotToOperator = Name("chatSessionSwitchedFromBotToOperator", .session)
        /// The client closed the session.
        public static let sessionClosedByClient = Name("sessionClosedByClient", .session)
        /// A message in one of the operator's sessions, the operator's own too.
        public static let chatMessageCreated = Name("chatMessageCreated", .message)
        /// An operator changed a message.
        public static let chatMessageEdited = Name("chatMessageEdited", .message)
        /// The client read a message.
        public static let chatMessageRead = Name("chatMessageRead", .read)
        public static let typing = Name("typing", .typing)
        /// The operator was banned: nothing may follow.
        public static let operatorBlocked = Name("operatorBlocked", .seat)
        /// Somebody signed in as this operator: this seat is taken.
        public static let chatUserExists = Name("chatUserExists", .seat)
        /// The platform made the operator offline.
        public static let operatorLoggedOut = Name("operatorLoggedOut", .seat)
        public static let clientOnline = Name("clientOnline", .presence)
        public static let clientOffline = Name("clientOffline", .presence)

        /// All names that are known.
        public static let all: [Name] = [
            .chatSessionStarted, .operatorNotFound, .chatSessionAdded, .chatMessageCreated, .chatMessageEdited,
            .chatMessageRead, .chatSessionDeleted, .chatSessionSwitchedFromBotToOperator, .sessionClosedByClient,
            .operatorBlocked, .chatUserExists, .typing, .operatorLoggedOut, .clientOnline, .clientOffline,
        ]

        private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.rawValue, $0) })
        private static let byFoldedName = Dictionary(uniqueKeysWithValues: all.map { ($0.rawValue.lowercased(), $0) })

        /// The name in a publication: exactly, else without regard to case and to an `Emit` at its end, else unknown.
        init(native: String) {
            if let known = Self.byName[native] {
                self = known
                return
            }
            let folded = native.lowercased()
            let stem = folded.hasSuffix("emit") ? String(folded.dropLast(4)) : folded
            self = Self.byFoldedName[folded] ?? Self.byFoldedName[stem] ?? Name(native, .unknown)
        }

        /// Whether the name is one of `all`.
        public var isKnown: Bool { subject != .unknown }

        public static func == (one: Name, other: Name) -> Bool { one.rawValue == other.rawValue }
        public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
        public var description: String { rawValue }
    }
}
