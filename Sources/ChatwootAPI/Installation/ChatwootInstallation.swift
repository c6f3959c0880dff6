/// One installation of Chatwoot, or of a white-label made from it: where it is and how it differs.
///
/// This target knows the wire of the Chatwoot family: its client API, its operator API, its realtime events. It does
/// not know who uses it or what a conversation is for.
public struct ChatwootInstallation: Hashable, Sendable {
    /// Scheme, host and port, without a slash at the end.
    public var origin: String
    /// What the client API's paths start with.
    public var publicPrefix: String
    /// What the operator API's paths start with.
    public var appPrefix: String
    /// The path of the realtime socket.
    public var cablePath: String
    /// The realtime channel's name.
    public var channelName: String
    /// The header that carries an operator's token. With dashes, as many proxies drop names with underscores.
    public var authHeaderName: String
    /// What the socket sends as `Origin`; some forks refuse a socket without it. Nil sends the installation's own.
    public var originHeader: String?
    /// How often a client or operator says that it is there.
    public var presenceInterval: Duration
    /// What source ids made by `newSourceID` start with.
    public var sourceIDPrefix: String
    /// How many requests a minute all bots behind one address may send. Old forks throttle at 300.
    public var requestBudgetPerMinute: Int
    /// The upstream release that the installation is known to correspond to, if it is known.
    public var version: ChatwootVersion?

    public init(
        origin: String,
        publicPrefix: String = "/public/api/v1",
        appPrefix: String = "/api/v1",
        cablePath: String = "/cable",
        channelName: String = "RoomChannel",
        authHeaderName: String = "api-access-token",
        originHeader: String? = nil,
        presenceInterval: Duration = .seconds(20),
        sourceIDPrefix: String = "bot-",
        requestBudgetPerMinute: Int = 250,
        version: ChatwootVersion? = nil
    ) {
        self.origin = origin.hasSuffix("/") ? String(origin.dropLast()) : origin
        self.publicPrefix = publicPrefix
        self.appPrefix = appPrefix
        self.cablePath = cablePath
        self.channelName = channelName
        self.authHeaderName = authHeaderName
        self.originHeader = originHeader
        self.presenceInterval = presenceInterval
        self.sourceIDPrefix = sourceIDPrefix
        self.requestBudgetPerMinute = requestBudgetPerMinute
        self.version = version
    }

    /// The address of the realtime socket.
    public var cableURL: String {
        let socketOrigin =
            if origin.hasPrefix("https:") { "wss:" + origin.dropFirst(6) } else if origin.hasPrefix("http:") {
                "ws:" + origin.dropFirst(5)
            } else { origin }
        return socketOrigin + cablePath
    }

    /// The `Origin` to send when the socket opens.
    public var cableOrigin: String { originHeader ?? origin }

    /// A source id that no one can guess: 128 random bits behind the prefix, in characters that a path takes as they are.
    public func newSourceID() -> ChatwootSecret {
        var random = SystemRandomNumberGenerator()
        return newSourceID(using: &random)
    }

    /// A source id from a given source of randomness, which must be unpredictable outside of tests.
    public func newSourceID(using random: inout some RandomNumberGenerator) -> ChatwootSecret {
        let digits = [random.next(), random.next()].map { (word: UInt64) in
            let text = String(word, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return ChatwootSecret(sourceIDPrefix + digits.joined())
    }
}

extension ChatwootInstallation {
    /// Chatwoot's own cloud.
    public static let chatwootCloud = ChatwootInstallation(
        origin: "https://app.chatwoot.com", requestBudgetPerMinute: 2400)
    /// Bevatel's cloud. Which upstream release it corresponds to is not known.
    public static let bevatel = ChatwootInstallation(origin: "https://chat.bevatel.com")
    /// Hoory's cloud. Which upstream release it corresponds to is not known.
    public static let hoory = ChatwootInstallation(origin: "https://app.hoory.com")
}
