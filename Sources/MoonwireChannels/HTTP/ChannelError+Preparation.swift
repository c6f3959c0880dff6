import Moonwire

extension ChannelError {
    /// The same failure where all that it can have done is done again without harm: what the effect is for has certainly
    /// not happened.
    var beforeAnyEffect: ChannelError {
        ChannelError(
            code: code, message: message, fate: .notPerformed, retryable: retryable || fate == .inDoubt,
            retryAfter: retryAfter, status: status)
    }
}
