/// When to connect again.
struct RetrySchedule: Sendable {
    /// Why the last connection is gone.
    enum Cause: Sendable, Hashable {
        /// It broke, or could not be made.
        case lost
        /// The server announced that it restarts: every client comes back at once.
        case goingAway
        /// Nobody expects a repetition to help, except that somebody may repair the server.
        case hopeless
        /// The server counts requests by the minute.
        case rateLimited(secondsToNextMinute: Double, retryAfter: Duration?)
    }

    var timing: CableTiming

    /// The wait before retry number `attempt`, counted from 0 since the last stable connection.
    func delay(attempt: Int, cause: Cause, random: Double) -> Duration {
        switch cause {
        case .lost where attempt == 0:
            return timing.firstRetry + timing.firstRetry * random
        case .goingAway where attempt == 0:
            return timing.firstRetry + timing.restartSpread * random
        case .lost, .goingAway:
            // Full jitter, so that a fleet does not come back in step.
            return timing.firstRetry + (Self.longest(attempt) - timing.firstRetry) * random
        case .hopeless:
            return Self.table(10) + Self.table(10) * (0.15 * random)
        case .rateLimited(let seconds, let retryAfter):
            return min(retryAfter ?? .seconds(seconds), timing.maxRetryAfter) + timing.rateLimitSpread * random
        }
    }

    /// The wait of Rails' own client after `attempt` reconnects, without jitter.
    private static func table(_ attempt: Int) -> Duration {
        var seconds = 6.0
        for _ in 0..<min(max(attempt, 0), 10) { seconds *= 1.15 }
        return .seconds(seconds)
    }

    private static func longest(_ attempt: Int) -> Duration {
        table(attempt) * 1.15
    }
}
