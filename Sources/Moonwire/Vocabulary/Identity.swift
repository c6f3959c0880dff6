/// A chat platform by its configuration name.
public struct Platform: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let chatwoot = Platform(rawValue: "chatwoot")
    public static let bevatel = Platform(rawValue: "bevatel")
    public static let hoory = Platform(rawValue: "hoory")
    public static let twin24 = Platform(rawValue: "twin24")
    public static let bonychat = Platform(rawValue: "bonychat")
    public static let respondIO = Platform(rawValue: "respond.io")
    /// The host itself: schedules, webhooks of scripts.
    public static let host = Platform(rawValue: "host")
}

/// Whose seat the host takes on a channel: the customer's or the agent's.
public enum Role: String, Hashable, Sendable, Codable {
    case client
    case `operator`
}

/// The configured name of one connection to a platform.
public struct ChannelID: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    public init(stringLiteral value: String) {
        rawValue = value
    }

    public var description: String { rawValue }

    /// What belongs to no platform: ticks of schedules, webhooks of scripts. No configured channel may have this name.
    public static let host = ChannelID("host")
}

/// One conversation of one channel: the unit of order.
public struct SessionID: Hashable, Sendable, Codable, CustomStringConvertible {
    public let channel: ChannelID
    /// The platform's own id; empty for what belongs to the channel itself (`channel.connected`).
    public let id: String

    public init(channel: ChannelID, id: String) {
        self.channel = channel
        self.id = id
    }

    public var description: String { "\(channel)/\(id)" }
}

/// The journal's number of an admitted event; grows in admission order.
public struct EventID: RawRepresentable, Hashable, Sendable, Codable, Comparable {
    public let rawValue: Int64

    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    public static func < (left: EventID, right: EventID) -> Bool { left.rawValue < right.rawValue }
}

/// One execution of one handler for one trigger.
public struct RunID: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    public let rawValue: Int64

    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    public var description: String { String(rawValue, radix: 36) }
}
