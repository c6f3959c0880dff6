internal import EventJSON

/// One session of a contact on one inbox.
public struct ChatwootContactInbox: Hashable, Sendable {
    public let id: Int?
    public let contactID: Int?
    public let inboxID: Int?
    /// Names the session. On API inboxes a credential.
    public let sourceID: ChatwootSecret?
    /// Opens the session's realtime stream.
    public let pubsubToken: ChatwootSecret?
    public let isVerified: Bool

    init?(_ element: JSONElement) {
        guard element.isObject else { return nil }
        id = element["id"]?.id
        contactID = element["contact_id"]?.id
        inboxID =
            (element["inbox_id"] ?? element["channel_id"])?.id ?? (element["inbox"] ?? element["channel"])?["id"]?.id
        sourceID = element.secret("source_id")
        pubsubToken = element.secret("pubsub_token")
        isVerified = element.flag("hmac_verified")
    }
}
