/// How a step ended, as the journal keeps it and as the script learns it.
public struct StepOutcome: Sendable {
    public enum Result: Sendable {
        /// The value that the call returns.
        case value(RawJSON)
        /// An expected end without a value: the call returns `nil, reason`.
        case none(reason: String)
        /// The event that ended a wait.
        indirect case event(AdmittedEvent)
        /// The call raises.
        case failure(EffectFailure)
    }

    public let result: Result
    /// The instant of the crossing: what `bot.now()` gives until the next one.
    public let at: Instant
    /// The session after the step, when the step changed it.
    public let session: Session?

    public init(result: Result, at: Instant, session: Session? = nil) {
        self.result = result
        self.at = at
        self.session = session
    }
}

/// Why an effect failed: the error object that a script's `pcall` catches.
public struct EffectFailure: Error, Hashable, Sendable {
    /// A short word to match on: `unsupported`, `closed`, `unknown`, `loop`, `not_found`, `invalid`, `rejected`, …
    public var code: String
    /// For a person: what happened, where, what to do. Holds no secret.
    public var message: String
    public var retryable: Bool
    /// The HTTP status, when there was one.
    public var status: Int?

    public init(code: String, message: String, retryable: Bool = false, status: Int? = nil) {
        self.code = code
        self.message = message
        self.retryable = retryable
        self.status = status
    }

    /// The effect may have happened and nobody can tell.
    public static func unknown(_ message: String) -> EffectFailure {
        EffectFailure(code: "unknown", message: message)
    }
}
