/// A TWIN24 session as the simulator knows it.
public struct TwinSessionSnapshot: Sendable, Codable {
    public let id: String
    public let clientID: String
    public let chatID: String
    public let name: String
    /// `bot`, `help`, `operator` or `closed`.
    public let stage: String
    /// The operator who answers.
    public let operatorID: Int?
    /// All operators in it.
    public let operators: [Int]
    /// The result it was finished with.
    public let result: String?
    public let isSpam: Bool
    public let clientMessages: Int
    public let operatorMessages: Int
    /// Operator messages beyond the first of each text.
    public let duplicateOperatorMessages: Int
    /// Messages of the client that no operator has marked as read.
    public let unread: Int
}

/// A TWIN24 message as the simulator knows it.
public struct TwinMessageSnapshot: Sendable, Codable {
    public let id: String
    /// `CLIENT`, `OPERATOR` or `BOT`.
    public let authorType: String
    public let authorID: String
    public let body: String
    /// Names of the attached files.
    public let attachments: [String]
    public let replyTo: String?
    public let isEdited: Bool
    public let isRead: Bool
}

/// A notification as the simulator knows it.
public struct TwinNotificationSnapshot: Sendable, Codable {
    public let id: String
    /// As `phone:79001112233`.
    public let address: String
    /// In the order in which they are to be tried.
    public let channels: [String]
    /// Of the first channel.
    public let text: String
    public let groupID: String
    /// Why it was not taken.
    public let error: String?
}

/// A TWIN24 operator as the simulator knows it.
public struct TwinOperatorSnapshot: Sendable, Codable {
    public let id: Int
    /// `online`, `paused` or `offline`.
    public let status: String
    public let isBlocked: Bool
}

/// A session to start as a client.
public struct TwinSessionStart: Sendable {
    public var chatID = TwinDemoWorld.chatID
    /// Nil for a new client.
    public var clientID: String?
    public var clientName = TwinDemoWorld.clientName
    public var name: String?
    /// The client's first message.
    public var text: String?
    public var place = TwinPlace.operators

    public init(_ text: String? = nil, at place: TwinPlace = .operators, clientID: String? = nil) {
        self.text = text
        self.place = place
        self.clientID = clientID
    }
}

/// What a load came to.
public struct TwinBulkReport: Sendable, Codable {
    public let sessions: [String]
    public let messages: Int
    public let seconds: Double
}

/// A command that a client sent over its stream, verbatim and with its token: for tests in the same process.
public struct StreamCommand: Sendable {
    /// Counts connections from 1.
    public let connection: Int
    public let at: ContinuousClock.Instant
    /// JSON text.
    public let text: String
}

/// Something to do to all streams that are open.
public enum StreamAction: Sendable {
    /// Cuts the connections with no goodbye.
    case kill
    /// Ends them with a close frame; 3000 ends them with none.
    case close(code: Int, reason: String)
    /// Sends a push, as `{"disconnect":{"code":3001,"reason":"shutdown"}}`, in JSON text.
    case push(String)
    /// Sends this text as a frame of its own, whatever it is.
    case raw(String)
    case behave(SocketMode)
    /// The server subscribes them to a channel, or ends that.
    case subscribe(channel: String)
    case unsubscribe(channel: String)
}

/// Something to do to the stream of a channel.
public enum HistoryChange: Sendable {
    /// Keeps the position and loses what would be recovered.
    case lose
    /// Leaves a hole of so many offsets.
    case skip(Int)
    /// A new epoch, and offsets from the start.
    case restart
}
