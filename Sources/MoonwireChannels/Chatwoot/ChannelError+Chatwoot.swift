import ChatwootAPI
import Moonwire

extension ChannelError {
    /// What a failed call means for the effect that made it.
    init(_ error: any Error) {
        if let error = error as? ChannelError {
            self = error
        } else if let error = error as? ChatwootError {
            self.init(
                code: Self.code(of: error), message: error.message, fate: error.isInDoubt ? .inDoubt : .notPerformed,
                retryable: error.retryable, retryAfter: error.retryAfter, status: error.status)
        } else {
            self.init(
                code: "internal", message: "the channel failed: \(error)", fate: .inDoubt, retryable: false)
        }
    }

    private static func code(of error: ChatwootError) -> String {
        switch error.code {
        case .notFound: "closed"
        case .validation, .badRequest, .tooLarge: "invalid"
        case .flood, .throttled: "throttled"
        case .unauthorized, .invalidToken, .notForBots, .suspended, .forbiddenAction: "unauthorized"
        case .unsupported: "unsupported"
        case .transport: "network"
        default: "platform"
        }
    }

    /// The channel cannot do this.
    static func unsupported(_ message: String) -> ChannelError {
        ChannelError(code: "unsupported", message: message, fate: .notPerformed, retryable: false)
    }

    /// The call's arguments do not fit.
    static func invalid(_ message: String) -> ChannelError {
        ChannelError(code: "invalid", message: message, fate: .notPerformed, retryable: false)
    }
}
