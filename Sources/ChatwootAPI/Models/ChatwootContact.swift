public import EventJSON

/// A person in an account: the record of the client API, and the contact of the operator API.
public struct ChatwootContact: Hashable, Sendable {
    public let id: Int
    public let name: String?
    public let email: String?
    public let phoneNumber: String?
    /// The person's identifier in the business behind the bot.
    public let identifier: String?
    public let isBlocked: Bool
    public let availability: ChatwootAvailability?
    public let avatarURL: String?
    public let customAttributes: JSONObject
    public let additionalAttributes: JSONObject
    public let createdAt: ChatwootTime?
    public let updatedAt: ChatwootTime?
    public let lastActivityAt: ChatwootTime?
    /// The person's sessions, where the view has them.
    public let sessions: [ChatwootContactInbox]

    init?(_ element: JSONElement) {
        guard let id = element["id"]?.id else { return nil }
        self.id = id
        name = element.text("name")
        email = element.filledText("email")
        phoneNumber = element.filledText("phone_number")
        identifier = element.filledText("identifier")
        isBlocked = element.flag("blocked")
        availability = element.word("availability_status")
        avatarURL = element.filledText("thumbnail")
        customAttributes = element.tree("custom_attributes")
        additionalAttributes = element.tree("additional_attributes")
        createdAt = element.time("created_at")
        updatedAt = element.time("updated_at")
        lastActivityAt = element.time("last_activity_at")
        sessions = element.list("contact_inboxes") { ChatwootContactInbox($0) }
    }
}

/// A contact's session on an API inbox, as the client API makes it.
public struct ChatwootContactSession: Hashable, Sendable {
    /// Names the session in all calls. Keep it: with the inbox identifier it is the credential.
    public let sourceID: ChatwootSecret
    /// Opens the session's realtime stream. Lasts as long as the session.
    public let pubsubToken: ChatwootSecret?
    /// May change when operators merge contacts: do not key by it.
    public let contactID: Int
    public let name: String?
    public let email: String?
    public let phoneNumber: String?

    init?(_ element: JSONElement) {
        guard let sourceID = element.secret("source_id"), let id = element["id"]?.id else { return nil }
        self.sourceID = sourceID
        pubsubToken = element.secret("pubsub_token")
        contactID = id
        name = element.text("name")
        email = element.filledText("email")
        phoneNumber = element.filledText("phone_number")
    }
}
