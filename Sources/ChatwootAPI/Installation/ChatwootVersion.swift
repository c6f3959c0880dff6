/// An upstream release, such as 3.7.
public struct ChatwootVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let major: Int
    public let minor: Int

    public init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads `"3.7"` or `"3.7.1"`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count >= 2, let major = parts[0], let minor = parts[1], major >= 0, minor >= 0 else { return nil }
        self.init(major, minor)
    }

    public static func < (one: ChatwootVersion, other: ChatwootVersion) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }

    public var description: String { "\(major).\(minor)" }
}

/// Something that not every installation can do.
public struct ChatwootFeature: Hashable, Sendable, CustomStringConvertible {
    public let name: String
    /// The upstream release that brought it.
    public let since: ChatwootVersion

    /// The client API shows an inbox.
    public static let inboxDetails = ChatwootFeature(name: "inbox details", since: .init(2, 11))
    /// The operator API lists the messages after an id.
    public static let messagesAfter = ChatwootFeature(name: "messages after an id", since: .init(2, 16))
    /// Clients can tell that they type, and that they have read.
    public static let clientTyping = ChatwootFeature(name: "client typing", since: .init(3, 1))
    /// The operator API lists conversations that changed within a time.
    public static let updatedWithin = ChatwootFeature(name: "conversations updated within", since: .init(3, 6))
    /// The client API shows one conversation, and resolves it.
    public static let clientConversation = ChatwootFeature(name: "client conversation", since: .init(3, 7))
    /// The operator API sets a message's delivery status.
    public static let messageStatus = ChatwootFeature(name: "message status", since: .init(4, 2))
    /// A session verified by HMAC can list its conversations; before, that call crashes.
    public static let verifiedListing = ChatwootFeature(name: "listing for verified sessions", since: .init(4, 7))
    /// Conversations can be assigned to an agent bot.
    public static let assignBot = ChatwootFeature(name: "bot assignment", since: .init(4, 8))

    public var description: String { name }
}
