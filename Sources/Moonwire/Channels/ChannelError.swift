/// Why a channel could not do something.
public struct ChannelError: Error, Sendable, CustomStringConvertible {
    /// What is known of the effect's fate.
    public enum Fate: Sendable {
        /// It certainly did not happen.
        case notPerformed
        /// It may have happened.
        case inDoubt
    }

    /// The word that scripts match on (`EffectFailure.code`).
    public let code: String
    /// For a person; holds no secret.
    public let message: String
    public let fate: Fate
    /// Whether trying again later can help.
    public let retryable: Bool
    /// How long the platform asked to wait.
    public let retryAfter: Duration?
    /// The HTTP status, when there was one.
    public let status: Int?

    public init(
        code: String, message: String, fate: Fate, retryable: Bool, retryAfter: Duration? = nil, status: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.fate = fate
        self.retryable = retryable
        self.retryAfter = retryAfter
        self.status = status
    }

    public var description: String { message }

    public var failure: EffectFailure {
        EffectFailure(code: code, message: message, retryable: retryable, status: status)
    }
}
