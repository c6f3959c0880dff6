/// Why the simulator could not do what it was asked.
public struct SimulatorError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is; more kinds may come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case cannotListen, notFound, refused, unreadable
        }

        private let value: Value

        /// The port could not be opened.
        public static let cannotListen = Code(value: .cannotListen)
        /// There is no such record.
        public static let notFound = Code(value: .notFound)
        /// The world's rules say no.
        public static let refused = Code(value: .refused)
        /// A file is not what it should be.
        public static let unreadable = Code(value: .unreadable)

        public var description: String { value.rawValue }
    }

    public let code: Code
    /// A sentence for people.
    public let message: String
    /// Nothing that the simulator refuses gets better by asking again.
    public var retryable: Bool { false }
    /// A word for metrics.
    public var shortDescription: String { code.description }
    public var description: String { "\(code): \(message)" }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: any Error) {
        switch error {
        case let error as SimulatorError: self = error
        case WorldError.notFound: self.init(.notFound, "there is no such record")
        case let refusal as TwinRefusal:
            self.init(refusal.status == 404 ? .notFound : .refused, refusal.error)
        case WorldError.invalid(let message, _): self.init(.refused, message)
        default: self.init(.refused, "\(error)")
        }
    }
}
