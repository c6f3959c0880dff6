/// A word from a set that the platform may extend: a word that is not known here is kept as it came.
public protocol ChatwootWord: RawRepresentable, Hashable, Sendable, CustomStringConvertible where RawValue == String {
    init(rawValue: String)
}

extension ChatwootWord {
    public var description: String { rawValue }
}

/// Where a conversation stands.
public struct ChatwootStatus: ChatwootWord {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let open = Self(rawValue: "open")
    public static let resolved = Self(rawValue: "resolved")
    public static let pending = Self(rawValue: "pending")
    public static let snoozed = Self(rawValue: "snoozed")
}

/// How a message is shown and answered.
public struct ChatwootContentType: ChatwootWord {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let text = Self(rawValue: "text")
    public static let inputText = Self(rawValue: "input_text")
    public static let inputTextArea = Self(rawValue: "input_textarea")
    public static let inputEmail = Self(rawValue: "input_email")
    /// Quick replies.
    public static let inputSelect = Self(rawValue: "input_select")
    public static let cards = Self(rawValue: "cards")
    public static let form = Self(rawValue: "form")
    public static let article = Self(rawValue: "article")
    public static let incomingEmail = Self(rawValue: "incoming_email")
    public static let inputCSAT = Self(rawValue: "input_csat")
    public static let integrations = Self(rawValue: "integrations")
    public static let sticker = Self(rawValue: "sticker")
    public static let voiceCall = Self(rawValue: "voice_call")
}

/// How far a message got. On API inboxes `failed` only means that the inbox's webhook is dead.
public struct ChatwootDelivery: ChatwootWord {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let sent = Self(rawValue: "sent")
    public static let delivered = Self(rawValue: "delivered")
    public static let read = Self(rawValue: "read")
    public static let failed = Self(rawValue: "failed")
}

/// How urgent a conversation is.
public struct ChatwootPriority: ChatwootWord {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let low = Self(rawValue: "low")
    public static let medium = Self(rawValue: "medium")
    public static let high = Self(rawValue: "high")
    public static let urgent = Self(rawValue: "urgent")
}

/// Whether someone is there.
public struct ChatwootAvailability: ChatwootWord {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let online = Self(rawValue: "online")
    public static let busy = Self(rawValue: "busy")
    public static let offline = Self(rawValue: "offline")
}
