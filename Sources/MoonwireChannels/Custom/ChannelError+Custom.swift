import CustomChannelAPI
import Moonwire

extension ChannelError {
    /// What a failed post means for the effect that made it. A repeat carries the same mId, so that nothing is ever in
    /// doubt.
    init(custom error: any Error) {
        switch error {
        case let error as ChannelError: self = error
        case let error as CustomChannelError:
            self.init(
                code: Self.code(of: error), message: error.message, fate: .notPerformed, retryable: error.retryable,
                retryAfter: error.retryAfter, status: error.status)
        case let error as EffectFailure:
            self.init(code: error.code, message: error.message, fate: .notPerformed, retryable: error.retryable)
        case let error as JournalError:
            self.init(code: "journal", message: error.message, fate: .notPerformed, retryable: true)
        case is CancellationError:
            self.init(code: "cancelled", message: "the host is shutting down", fate: .notPerformed, retryable: true)
        default:
            self.init(code: "internal", message: "the channel failed: \(error)", fate: .notPerformed, retryable: false)
        }
    }

    private static func code(of error: CustomChannelError) -> String {
        switch error.code {
        case .invalid: "invalid"
        case .rejected: "rejected"
        case .credentials, .address: "unauthorized"
        default: "network"
        }
    }

    static func notFound(_ what: String) -> ChannelError {
        ChannelError(code: "not_found", message: what, fate: .notPerformed, retryable: false)
    }
}
