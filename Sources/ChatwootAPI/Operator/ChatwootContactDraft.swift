public import EventJSON

/// A contact to make or to change.
public struct ChatwootContactDraft: Hashable, Sendable {
    public var details: ChatwootContactDetails
    /// The person's identifier in the business; one contact an account.
    public var identifier: String?
    /// Makes a session on this inbox too.
    public var inboxID: Int?
    public var sourceID: ChatwootSecret?
    public var additionalAttributes: JSONObject?
    public var isBlocked: Bool?

    public init(
        details: ChatwootContactDetails = .init(), identifier: String? = nil, inboxID: Int? = nil,
        sourceID: ChatwootSecret? = nil, additionalAttributes: JSONObject? = nil, isBlocked: Bool? = nil
    ) {
        self.details = details
        self.identifier = identifier
        self.inboxID = inboxID
        self.sourceID = sourceID
        self.additionalAttributes = additionalAttributes
        self.isBlocked = isBlocked
    }

    func write(to writer: inout JSONWriter) {
        writer.member("inbox_id", inboxID)
        writer.member("source_id", sourceID?.exposed)
        writer.member("identifier", identifier)
        details.write(to: &writer)
        writer.member("additional_attributes", additionalAttributes)
        writer.member("blocked", isBlocked)
    }
}
