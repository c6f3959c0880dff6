internal import CurlHTTP
internal import EventJSON

/// A message to write: plain text, files by the ids of their uploads, and the message that is answered.
public struct TwinMessageDraft: Hashable, Sendable {
    public var body: String
    /// Ids that an upload gave.
    public var attachments: [String]
    public var replyTo: String?

    public init(_ body: String, attachments: [String] = [], replyTo: String? = nil) {
        self.body = body
        self.attachments = attachments
        self.replyTo = replyTo
    }

    var json: HTTPBody {
        .object { writer in
            writer.member("body", body)
            writer.member("attachments", attachments.isEmpty ? nil : attachments)
            writer.member("replyToMessageId", replyTo)
        }
    }
}

/// What the platform says about a message that it has taken.
public struct TwinSentMessage: Hashable, Sendable {
    public let id: String
    public let createdAt: TwinTime?

    init?(_ element: JSONElement) {
        guard let id = element.id("id") ?? element.id("messageId", "message_id") else { return nil }
        self.id = id
        createdAt = element.time("createdAt", "created_at")
    }
}
