/// The patience of a client. The defaults are those of the reference client.
public struct CentrifugeTiming: Sendable, Hashable {
    /// Time for resolving, connecting, TLS and upgrade together.
    public var openTimeout: Duration = .seconds(5)

    /// Time for the answer to any command.
    public var commandTimeout: Duration = .seconds(5)

    /// How long a call waits for the connection.
    public var connectionWait: Duration = .seconds(5)

    /// How much later than announced the server's ping may come.
    public var maxServerPingDelay: Duration = .seconds(10)

    /// The shortest wait before a connection, or a subscription, is tried again.
    public var minRetryDelay: Duration = .milliseconds(500)

    /// The longest such wait.
    public var maxRetryDelay: Duration = .seconds(20)

    /// The shortest wait before a token that could not be refreshed is refreshed again.
    public var minRefreshRetry: Duration = .seconds(5)

    /// The longest such wait.
    public var maxRefreshRetry: Duration = .seconds(10)

    /// How long a connection must have lasted for the next wait to be short again. Zero: any accepted one counts.
    public var stableAfter: Duration = .seconds(1)

    /// How often within `unreadablePeriod` the connection is made again after input that is no JSON.
    public var maxUnreadable: Int = 3

    /// The time in which unreadable input is counted.
    public var unreadablePeriod: Duration = .seconds(300)

    /// How many upgrades in a row may be refused with 401, 403 or 404 before it is said so.
    public var refusalsBeforeAlarm: Int = 10

    /// The longest that a `Retry-After` of a refused upgrade is obeyed.
    public var maxRetryAfter: Duration = .seconds(300)

    /// Creates the default timing.
    public init() {}
}
