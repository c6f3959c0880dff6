internal import EventJSON

/// Someone began or ended to write.
public struct ChatwootTyping: Hashable, Sendable {
    public let conversationID: Int
    public let inboxID: Int?
    /// The session of the conversation. A credential.
    public let sourceID: ChatwootSecret?
    public let user: ChatwootSender?
    /// Whether a note among operators is being written. Not for contacts to see.
    public let isPrivate: Bool

    init?(_ element: JSONElement) {
        // Only what typing is about is read: the event holds a whole conversation.
        guard let conversation = element["conversation"], let id = conversation["id"]?.id else { return nil }
        conversationID = id
        inboxID = (conversation["inbox_id"] ?? conversation["channel_id"])?.id
        sourceID = conversation["contact_inbox"]?.secret("source_id")
        user = element["user"].flatMap { ChatwootSender($0) }
        isPrivate = element.flag("is_private")
    }
}

/// Who is there. Whoever is missing is offline.
public struct ChatwootPresence: Hashable, Sendable {
    /// Operators, by user id.
    public let users: [Int: ChatwootAvailability]
    /// Contacts, by contact id; for operators only.
    public let contacts: [Int: ChatwootAvailability]

    init(_ element: JSONElement) {
        users = Self.availabilities(element["users"])
        contacts = Self.availabilities(element["contacts"])
    }

    private static func availabilities(_ element: JSONElement?) -> [Int: ChatwootAvailability] {
        var found: [Int: ChatwootAvailability] = [:]
        element?.forEachMember { key, value in
            guard let id = key.id, let word = value.string else { return }
            found[id] = ChatwootAvailability(rawValue: word)
        }
        return found
    }
}
