/// When an account's token is renewed. The defaults are the platform's advice, where it gives any.
public struct TwinTokenPolicy: Sendable, Hashable {
    /// The life to ask for. Without asking, the platform gives about a week.
    public var ttl: Duration = .seconds(86_400)

    /// How long before its end a token is renewed; one that lives less than twice as long, at half of its life.
    public var lead: Duration = .seconds(900)

    /// Up to this much earlier, at random, so that a fleet does not renew at once.
    public var spread: Duration = .seconds(60)

    /// A 403 within this time after a renewal means that the operator may not, and renews nothing.
    public var minimumAge: Duration = .seconds(60)

    /// How many renewals because of a refusal are made within `forcedWindow`.
    public var forcedLimit: Int = 5
    public var forcedWindow: Duration = .seconds(3600)

    /// The waits between attempts that failed for reasons that pass.
    public var firstRetry: Duration = .seconds(1)
    public var lastRetry: Duration = .seconds(60)

    /// How long a request waits for an early renewal before it goes on with the token that is still good.
    public var patience: Duration = .seconds(5)

    /// How long a request waits for a token at all.
    public var waitLimit: Duration = .seconds(60)

    /// Whether the refresh token is tried before the password. A second login may throw out the first.
    public var usesRefresh: Bool = true

    /// Creates the default policy.
    public init() {}

    /// How long after it was obtained a token is renewed; `random` is in 0..<1.
    func age(forRenewalAt life: Duration, random: Double) -> Duration {
        let age = life < lead + lead ? life / 2 : life - lead
        return max(age - min(spread, age / 4) * random, min(.seconds(1), life))
    }

    /// The wait after the `failures`th failure in a row.
    func retryDelay(after failures: Int, random: Double) -> Duration {
        let longest = min(firstRetry * (1 << min(max(failures, 1), 20)), lastRetry)
        return firstRetry + max(longest - firstRetry, .zero) * random
    }
}
