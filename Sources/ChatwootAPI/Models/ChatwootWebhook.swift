internal import EventJSON

/// An address that an account tells its events to.
public struct ChatwootWebhook: Hashable, Sendable {
    public let id: Int
    public let url: String
    public let name: String?
    public let inboxID: Int?
    /// Event names with underscores, such as `message_created`.
    public let subscriptions: [String]
    /// Signs the deliveries, where the installation signs them.
    public let secret: ChatwootSecret?

    init?(_ element: JSONElement) {
        guard let id = element["id"]?.id, let url = element.text("url") else { return nil }
        self.id = id
        self.url = url
        name = element.filledText("name")
        inboxID = element["inbox_id"]?.id ?? element["inbox"]?["id"]?.id
        subscriptions = element.strings("subscriptions")
        secret = element.secret("secret")
    }
}
