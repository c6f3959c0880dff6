/// A message that was published into a channel.
public struct CentrifugePublication: Sendable, Hashable {
    /// The payload: one JSON value, byte for byte as the server sent it. `null` when there was none.
    public var data: [UInt8]

    /// The number of the publication in the channel's stream; `nil` where the channel keeps no history.
    public var offset: UInt64?

    /// Labels that the publisher added.
    public var tags: [String: String]

    /// When it was published, in milliseconds since 1970, if the server says so.
    public var time: Int64?

    /// Who published it, when that was a client and not the backend.
    public var info: CentrifugeClientInfo?

    /// Creates a publication.
    public init(
        data: [UInt8], offset: UInt64? = nil, tags: [String: String] = [:], time: Int64? = nil,
        info: CentrifugeClientInfo? = nil
    ) {
        self.data = data
        self.offset = offset
        self.tags = tags
        self.time = time
        self.info = info
    }
}

/// Another client of the server, as channels show it.
public struct CentrifugeClientInfo: Sendable, Hashable {
    /// The user's name at the backend; empty for an anonymous one.
    public var user: String

    /// The id of the client's connection.
    public var client: String

    /// What the backend says about the connection, as raw JSON.
    public var connectionInfo: [UInt8]?

    /// What the backend says about the client in this channel, as raw JSON.
    public var channelInfo: [UInt8]?

    /// Creates an info.
    public init(user: String, client: String, connectionInfo: [UInt8]? = nil, channelInfo: [UInt8]? = nil) {
        self.user = user
        self.client = client
        self.connectionInfo = connectionInfo
        self.channelInfo = channelInfo
    }
}
