/// A call that the client cannot honour.
public struct CableError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String {
            case duplicateIdentifier, stopped
        }

        private var base: Base

        private init(_ base: Base) {
            self.base = base
        }

        /// Another subscription of this client uses the identifier: the server would serve only one of them.
        public static let duplicateIdentifier = Code(.duplicateIdentifier)
        /// The client has stopped.
        public static let stopped = Code(.stopped)

        public var description: String { base.rawValue }
    }

    /// The kind of failure.
    public var code: Code

    /// One sentence for people, without the identifier, which holds a token.
    public var message: String

    /// Whether the same call may succeed later.
    public var retryable: Bool { false }

    /// A label from a small fixed set, for metrics.
    public var shortDescription: String { code.description }

    public var description: String { message }

    static let duplicateIdentifier = CableError(
        code: .duplicateIdentifier, message: "The connection already has a subscription with this identifier.")

    static let stopped = CableError(code: .stopped, message: "The connection has been stopped for good.")
}
