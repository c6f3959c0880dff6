/// A contact session; its parts are the credentials of a client.
public struct ClientSession: Sendable, Codable {
    public let inboxIdentifier: String
    public let sourceID: String
    public let pubsubToken: String
    public let contactID: Int
}

/// A message as the simulator knows it.
public struct MessageSnapshot: Sendable, Codable {
    public let id: Int
    public let kind: MessageKind
    public let content: String?
    public let contentType: String
    /// JSON text.
    public let contentAttributes: String
    public let isPrivate: Bool
    public let status: String
    /// `Contact`, `User`, `AgentBot` or nil for the system.
    public let senderType: String?
    public let senderID: Int?
    public let echoID: String?
    /// Names of the attached files.
    public let attachments: [String]
}

/// A conversation as the simulator knows it.
public struct ConversationSnapshot: Sendable, Codable {
    /// The display id.
    public let id: Int
    public let inboxID: Int
    public let status: String
    public let assigneeID: Int?
    public let assigneeBotID: Int?
    public let teamID: Int?
    public let labels: [String]
    /// JSON text.
    public let customAttributes: String
    public let priority: String?
    public let incoming: Int
    /// Without private notes.
    public let outgoing: Int
    public let notes: Int
    /// Outgoing messages beyond the first of each content.
    public let duplicateContents: Int
    /// Outgoing messages beyond the first of each echo id.
    public let duplicateEchoes: Int
    /// Seconds since 1970; 0 for never.
    public let contactLastSeen: Int
    public let agentLastSeen: Int
}

/// Totals since the start or the last reset.
public struct SimulatorCounters: Sendable, Codable {
    public let conversations: Int
    public let incoming: Int
    public let outgoing: Int
    public let activities: Int
    public let templates: Int
    public let notes: Int
    public let duplicateContents: Int
    public let duplicateEchoes: Int
    /// Events that the world announced.
    public let events: Int
    /// Event frames handed to sockets.
    public let frames: Int
    public let requests: Int
    public let sockets: Int
    public let subscriptions: Int
    /// Subscribe commands that were refused in silence, for a wrong token above all.
    public let refusedSubscriptions: Int
    /// How often each fault has happened.
    public let faults: [String: Int]
}

/// A request as the log keeps it, with every credential hidden.
public struct RequestRecord: Sendable, Codable {
    public let number: Int
    public let method: String
    public let path: String
    /// 0 when the connection was closed without an answer.
    public let status: Int
    public let milliseconds: Double
}

/// A load to write: so many messages over so many sessions, evenly in turn.
public struct BulkOrder: Sendable {
    public var messages: Int
    public var sessions: Int
    /// Messages per second; 0 for as fast as it goes.
    public var rate: Double
    public var inbox: String
    /// The content; `{n}` stands for the number of the message, from 1.
    public var text: String
    /// Bytes to which the content is filled up; 0 for no filling.
    public var size: Int

    public init(
        messages: Int, sessions: Int = 1, rate: Double = 0, inbox: String = DemoWorld.hooryInboxIdentifier,
        text: String = "Message {n}", size: Int = 0
    ) {
        self.messages = messages
        self.sessions = sessions
        self.rate = rate
        self.inbox = inbox
        self.text = text
        self.size = size
    }

    /// The content of a message by its number, from 1.
    func content(of number: Int) -> String {
        let content = text.replacing("{n}", with: String(number))
        return content + String(repeating: "x", count: max(0, size - content.utf8.count))
    }
}

/// What a load came to.
public struct BulkReport: Sendable, Codable {
    /// Display ids of the conversations, in the order of their sessions.
    public let conversations: [Int]
    public let messages: Int
    public let seconds: Double
}

/// Something to do to all sockets that are open.
public enum SocketAction: Sendable {
    /// Cuts the connections with no goodbye.
    case kill
    /// Says goodbye and closes with 1000.
    case disconnect(reason: String = "server_restart", reconnect: Bool = true)
    case behave(SocketMode)
    /// Sends half a frame, and then nothing or the end.
    case halfFrame(thenCut: Bool)
}
