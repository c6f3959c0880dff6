public import EventJSON

/// A conversation to begin.
public struct ChatwootConversationDraft: Hashable, Sendable {
    /// The session to begin it on; or else `inboxID` and `contactID`.
    public var sourceID: ChatwootSecret?
    public var inboxID: Int?
    public var contactID: Int?
    public var status: ChatwootStatus?
    public var assigneeID: Int?
    public var teamID: Int?
    public var customAttributes: JSONObject?
    public var additionalAttributes: JSONObject?
    public var snoozedUntil: ChatwootTime?
    /// The first message.
    public var content: String?
    /// For inboxes that begin with a template; see `ChatwootMessageDraft.templateParameters`.
    public var templateParameters: JSONObject?

    public init(
        sourceID: ChatwootSecret? = nil, inboxID: Int? = nil, contactID: Int? = nil, status: ChatwootStatus? = nil,
        assigneeID: Int? = nil, teamID: Int? = nil, content: String? = nil
    ) {
        self.sourceID = sourceID
        self.inboxID = inboxID
        self.contactID = contactID
        self.status = status
        self.assigneeID = assigneeID
        self.teamID = teamID
        self.content = content
    }

    func write(to writer: inout JSONWriter) {
        writer.member("source_id", sourceID?.exposed)
        writer.member("inbox_id", inboxID)
        writer.member("contact_id", contactID)
        writer.member("status", status?.rawValue)
        writer.member("assignee_id", assigneeID)
        writer.member("team_id", teamID)
        writer.member("custom_attributes", customAttributes)
        writer.member("additional_attributes", additionalAttributes)
        writer.member("snoozed_until", snoozedUntil?.wholeSeconds)
        guard content != nil || templateParameters != nil else { return }
        writer.object("message") { writer in
            writer.member("content", content)
            writer.member("template_params", templateParameters)
        }
    }
}
