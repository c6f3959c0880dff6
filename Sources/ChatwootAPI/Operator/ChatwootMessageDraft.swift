internal import CurlHTTP
public import EventJSON

/// A message for an operator to write.
///
/// `content` is Markdown, and a Liquid template unless escaped: see `ChatwootText.escapingLiquid`.
public struct ChatwootMessageDraft: Hashable, Sendable {
    public var content: String?
    /// `incoming` writes in the contact's name; on API inboxes only.
    public var direction: ChatwootDirection
    /// A note among operators; contacts never see it.
    public var isPrivate: Bool
    public var contentType: ChatwootContentType?
    public var contentAttributes: JSONObject
    /// Comes back in the response and in the message's `message.created`.
    public var echoID: String?
    public var sourceID: String?
    public var attachments: [ChatwootFile]
    /// Files that were uploaded before, by their signed ids.
    public var uploadedAttachments: [String]
    public var isVoiceMessage: Bool
    public var externalCreatedAt: ChatwootTime?
    public var campaignID: Int?
    /// Writes as an agent bot.
    public var agentBotID: Int?
    /// For inboxes that take prepared templates: `name`, `category`, `language`, `processed_params`.
    public var templateParameters: JSONObject?

    public init(
        content: String? = nil, direction: ChatwootDirection = .outgoing, isPrivate: Bool = false,
        echoID: String? = nil, inReplyTo: Int? = nil, attachments: [ChatwootFile] = []
    ) {
        self.content = content
        self.direction = direction
        self.isPrivate = isPrivate
        self.echoID = echoID
        self.attachments = attachments
        contentAttributes = JSONObject()
        uploadedAttachments = []
        isVoiceMessage = false
        if let inReplyTo { contentAttributes["in_reply_to"] = .int(Int64(inReplyTo)) }
    }

    /// A note among operators.
    public static func note(_ content: String) -> ChatwootMessageDraft {
        ChatwootMessageDraft(content: content, isPrivate: true)
    }

    /// Text with quick replies, of which there must be at least one.
    public static func choices(_ content: String, _ choices: [ChatwootChoice]) -> ChatwootMessageDraft {
        interactive(
            content, .inputSelect,
            items: choices.map { ["title": .string($0.title), "value": .string($0.value)] })
    }

    /// Text with items of another interactive kind: `form`, `cards`, `article`.
    public static func interactive(
        _ content: String, _ contentType: ChatwootContentType, items: [JSON]
    ) -> ChatwootMessageDraft {
        var draft = ChatwootMessageDraft(content: content)
        draft.contentType = contentType
        draft.contentAttributes["items"] = .array(items)
        return draft
    }

    var body: HTTPBody { attachments.isEmpty ? jsonBody : .multipart(parts) }

    private var jsonBody: HTTPBody {
        .object { writer in
            writer.member("content", content)
            writer.member("message_type", direction == .outgoing ? nil : direction.description)
            writer.member("private", isPrivate ? true : nil)
            writer.member("content_type", contentType?.rawValue)
            writer.member("content_attributes", contentAttributes.isEmpty ? nil : contentAttributes)
            writer.member("echo_id", echoID)
            writer.member("source_id", sourceID)
            writer.member("attachments", uploadedAttachments.isEmpty ? nil : uploadedAttachments)
            writer.member("is_voice_message", isVoiceMessage ? true : nil)
            writer.member("external_created_at", externalCreatedAt?.wholeSeconds)
            writer.member("campaign_id", campaignID)
            writer.member("sender_type", agentBotID == nil ? nil : "AgentBot")
            writer.member("sender_id", agentBotID)
            writer.member("template_params", templateParameters)
        }
    }

    private var parts: [MultipartPart] {
        var parts: [MultipartPart] = []
        func add(_ name: String, _ text: String?) {
            if let text { parts.append(MultipartPart(name: name, text: text)) }
        }
        func json(_ object: JSONObject?) -> String? {
            object.map { String(decoding: JSON.object($0).bytes, as: UTF8.self) }
        }
        add("content", content)
        add("message_type", direction.description)
        add("private", isPrivate ? "true" : "false")
        add("content_type", contentType?.rawValue)
        add("content_attributes", contentAttributes.isEmpty ? nil : json(contentAttributes))
        add("echo_id", echoID)
        add("source_id", sourceID)
        add("is_voice_message", isVoiceMessage ? "true" : nil)
        add("external_created_at", externalCreatedAt?.wholeSeconds.map(String.init))
        add("campaign_id", campaignID.map(String.init))
        add("sender_type", agentBotID == nil ? nil : "AgentBot")
        add("sender_id", agentBotID.map(String.init))
        add("template_params", json(templateParameters))
        for id in uploadedAttachments { add("attachments[]", id) }
        return parts + attachments.map(\.part)
    }
}
