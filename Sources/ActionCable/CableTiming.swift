/// The patience of a cable client. The defaults follow Rails' own client and ping interval.
public struct CableTiming: Sendable, Hashable {
    /// Time for resolving, connecting, TLS and upgrade together.
    public var connectTimeout: Duration = .seconds(10)

    /// Time from the open socket to `welcome`.
    public var welcomeTimeout: Duration = .seconds(10)

    /// When an unanswered subscribe is sent again, counted from the first.
    public var resendOffsets: [Duration] = [.milliseconds(500), .seconds(1), .seconds(2)]

    /// When an unanswered subscribe makes the token suspect.
    public var confirmTimeout: Duration = .seconds(5)

    /// How many unanswered rounds mean that the token is wrong.
    public var roundsBeforeAuthFailed: Int = 2

    /// How long to wait for `replaceToken` before the same identifier is tried again.
    public var tokenGrace: Duration = .seconds(10)

    /// Time between `unsubscribe` and `subscribe`: the server may execute them out of order.
    public var resubscribeDelay: Duration = .milliseconds(300)

    /// How many subscribes may wait for their confirmation at once, so that a server with few workers is not taken
    /// for one that does not answer.
    public var subscribeWindow: Int = 64

    /// Silence after which the connection counts as degraded: two missed pings.
    public var degradedAfter: Duration = .seconds(6)

    /// Silence after which the connection is aborted.
    public var abortAfter: Duration = .seconds(9)

    /// The shortest wait before any retry; the first adds up to as much again as jitter.
    public var firstRetry: Duration = .milliseconds(500)

    /// The span over which clients spread after the server said that it goes away.
    public var restartSpread: Duration = .seconds(5)

    /// The span over which clients spread after the full minute that a rate limit made them wait for.
    public var rateLimitSpread: Duration = .seconds(5)

    /// The longest that a `Retry-After` of a refused upgrade is obeyed.
    public var maxRetryAfter: Duration = .seconds(300)

    /// Creates the default timing.
    public init() {}
}
