/// Where a connection stands between two answers, and until when it may stay there.
struct ConnectionPhase {
    enum Step: Equatable {
        /// Nothing has come yet.
        case opened
        /// Between two requests.
        case idle
        /// A request has begun.
        case head
        case body
        /// The request is complete; the time is the host's.
        case answering
        /// Answered before the end of the request; what still comes is thrown away.
        case lingering
        case closing
    }

    enum Expiry: Equatable {
        case none
        case close
        /// The peer is told 408 first, where no request is open to be answered.
        case refuseHead
        /// The open request is answered with 408.
        case refuseBody
    }

    private(set) var step = Step.opened
    /// Since when, on any steady clock.
    private(set) var since: Duration
    private let patience: ServerSettings.Patience

    init(patience: ServerSettings.Patience, now: Duration) {
        self.patience = patience
        since = now
    }

    var deadline: Duration? {
        switch step {
        case .opened, .head: since + patience.head
        case .idle: since + patience.idle
        case .body: since + patience.body
        case .answering: nil
        case .lingering: since + patience.linger
        case .closing: since + patience.write
        }
    }

    mutating func bytesCame(now: Duration) {
        if step == .idle { enter(.head, now) }
    }

    mutating func headCame(now: Duration) {
        enter(.body, now)
    }

    mutating func requestEnded() {
        if step == .body { step = .answering }
    }

    mutating func answerEnded(now: Duration) {
        enter(step == .body ? .lingering : .idle, now)
    }

    mutating func expire(now: Duration) -> Expiry {
        guard let deadline, now >= deadline else { return .none }
        switch step {
        case .head, .opened:
            enter(.closing, now)
            return .refuseHead
        case .body:
            enter(.closing, now)
            return .refuseBody
        case .idle, .lingering, .closing: return .close
        case .answering: return .none
        }
    }

    private mutating func enter(_ step: Step, _ now: Duration) {
        self.step = step
        since = now
    }
}
