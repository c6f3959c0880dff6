/// A place on the host's web server that a channel, a script or a page answers.
///
/// The server does what all routes need (limits, timeouts, request ids, the access log) and knows nothing of what
/// they mean. A route never sees a body that is larger than it allows, nor one of a request that it has refused.
public protocol InboundRoute: Sendable {
    /// Where the route stands, such as `/cc/shop/message`: begins with a slash and ends without one.
    var path: String { get }

    /// Whether everything below `path` is answered too.
    var coversSubpaths: Bool { get }

    /// The methods that are answered, upper case; others get 405 with `Allow`. `GET` covers `HEAD`.
    var methods: Set<String> { get }

    /// The largest body, in bytes; a larger one gets 413.
    var bodyLimit: Int { get }

    /// Refuses a request before its body is read; `nil` lets it in.
    func refusal(of head: InboundHead) async -> InboundResponse?

    func answer(_ request: InboundRequest) async -> InboundResponse

    /// Called when the host begins to go down: ends the streams of answers, which would hold up the shutdown.
    func drain()
}

extension InboundRoute {
    public var coversSubpaths: Bool { false }
    public var bodyLimit: Int { 256 << 10 }

    public func refusal(of head: InboundHead) async -> InboundResponse? { nil }

    public func drain() {}
}
