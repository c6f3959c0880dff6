import Moonwire
import TwinAPI

extension ChannelError {
    /// What a failed call means for the effect that made it.
    init(twin error: any Error) {
        switch error {
        case let error as ChannelError: self = error
        case let error as TwinError:
            self.init(
                code: Self.code(of: error), message: error.message, fate: error.isInDoubt ? .inDoubt : .notPerformed,
                retryable: error.retryable, retryAfter: error.retryAfter, status: error.status)
        default:
            self.init(code: "internal", message: "the channel failed: \(error)", fate: .inDoubt, retryable: false)
        }
    }

    private static func code(of error: TwinError) -> String {
        switch error.code {
        case .notFound, .wrongState: "closed"
        case .badRequest, .tooLarge: "invalid"
        case .throttled: "throttled"
        case .unauthenticated, .forbidden, .authFailed: "unauthorized"
        case .methodNotAllowed: "unsupported"
        case .transport, .noToken: "network"
        case .stopped: "offline"
        default: "platform"
        }
    }
}
