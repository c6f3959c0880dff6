/// What a client asks for when it subscribes to a channel by itself.
public struct CentrifugeSubscriptionOptions: Sendable {
    /// A subscription token, where the channel needs one; else empty.
    public var token: String

    /// Answers a fresh token for the channel; `nil` or a thrown `CentrifugeError.unauthorized` ends the subscription.
    public var tokenProvider: (@Sendable (_ channel: String) async throws -> String?)?

    /// One JSON value for the backend.
    public var data: [UInt8]?

    /// Where to continue from, when the channel was read before.
    public var since: CentrifugePosition?

    /// Whether to ask for positioning, where the server leaves that to the client.
    public var isPositioned: Bool

    /// Whether to ask for recovery, where the server leaves that to the client.
    public var isRecoverable: Bool

    /// Whether to ask for `join` and `leave`.
    public var joinLeave: Bool

    /// Creates options that leave everything to the server.
    public init(
        token: String = "",
        tokenProvider: (@Sendable (_ channel: String) async throws -> String?)? = nil,
        data: [UInt8]? = nil,
        since: CentrifugePosition? = nil,
        isPositioned: Bool = false,
        isRecoverable: Bool = false,
        joinLeave: Bool = false
    ) {
        self.token = token
        self.tokenProvider = tokenProvider
        self.data = data
        self.since = since
        self.isPositioned = isPositioned
        self.isRecoverable = isRecoverable
        self.joinLeave = joinLeave
    }
}
