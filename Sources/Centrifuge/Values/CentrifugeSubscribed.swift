/// How a subscription began, or went on after an interruption.
public struct CentrifugeSubscribed: Sendable, Hashable {
    /// Whether the server can send what is missed during an interruption.
    public var isRecoverable = false

    /// Whether the server watches that no publication is skipped.
    public var isPositioned = false

    /// Whether the client asked for what it had missed.
    public var wasRecovering = false

    /// Whether nothing was lost: what was missed follows as publications.
    public var recovered = false

    /// Whether missed publications follow at once.
    public var hasRecoveredPublications = false

    /// The place in the stream that the publications to come continue from; `nil` when the channel has none.
    public var position: CentrifugePosition?

    /// What the backend says about the subscription, as raw JSON; `null` when it says nothing.
    public var data: [UInt8] = JSONText.null

    /// Whether the channel was subscribed before and publications in between may be lost: the state that they carried
    /// has to be read again from its source, up to `position`.
    public var isStateLost = false

    /// Creates the description of a subscription without history.
    public init() {}
}

/// What the server said when it accepted the connection.
public struct CentrifugeConnected: Sendable, Hashable {
    /// The id of this connection, new each time.
    public var client: String

    /// The server's version, in its own words; may be empty.
    public var version: String

    /// What the backend says about the connection, as raw JSON; `null` when it says nothing.
    public var data: [UInt8]

    /// Creates a greeting.
    public init(client: String, version: String = "", data: [UInt8] = JSONText.null) {
        self.client = client
        self.version = version
        self.data = data
    }
}
