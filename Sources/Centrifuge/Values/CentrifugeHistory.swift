/// A part of a channel's past.
public struct CentrifugeHistory: Sendable, Hashable {
    /// The publications, oldest first unless asked for in reverse.
    public var publications: [CentrifugePublication]

    /// The current top of the stream.
    public var position: CentrifugePosition

    /// Creates a history.
    public init(publications: [CentrifugePublication], position: CentrifugePosition) {
        self.publications = publications
        self.position = position
    }
}

/// How many are present in a channel.
public struct CentrifugePresenceStats: Sendable, Hashable {
    /// Connections.
    public var clients: Int

    /// Different users behind them.
    public var users: Int

    /// Creates the numbers.
    public init(clients: Int, users: Int) {
        self.clients = clients
        self.users = users
    }
}
