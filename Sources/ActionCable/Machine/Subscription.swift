/// One subscription as the machine sees it.
struct Subscription: Sendable, Hashable {
    enum State: Sendable, Hashable {
        /// There is no connection that has been welcomed.
        case offline
        /// Waiting for room in the window.
        case queued
        /// The identifier was given back a moment ago.
        case cooling(until: Duration)
        /// Sent, not answered. `resends` counts the repetitions.
        case subscribing(since: Duration, resends: Int)
        /// Not answered in time and given back; waits for a token that has been read again.
        case suspect(since: Duration)
        case live
        case rejected
        case authFailed
    }

    var identifier: String
    var state = State.offline
    /// Whether the server knows the identifier on this connection, as far as we know.
    var isOnWire = false
    var wasConfirmed = false
    var failedRounds = 0
    /// Whether a data frame came while the confirmation did not: the token is right, the confirmation was lost.
    var heardData = false

    var isSubscribing: Bool {
        if case .subscribing = state { true } else { false }
    }

    mutating func leaveConnection() {
        isOnWire = false
        failedRounds = 0
        heardData = false
        // A rejection is an answer; the same question is not asked again.
        if state != .rejected { state = .offline }
    }
}
