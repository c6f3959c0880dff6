/// A message of either direction.
public enum CustomChannelMessage: Hashable, Sendable {
    case text(String)
    case attachment(Attachment)
    case location(Location)
    case quickReply(QuickReply)

    /// A file by its public link.
    public struct Attachment: Hashable, Sendable {
        public enum Kind: String, Sendable, CaseIterable { case image, video, audio, file }

        public var kind: Kind
        /// At most 2,000; open to anybody.
        public var url: String
        public var mimeType: String?
        /// At most 256, with its extension: without one the file may not open.
        public var fileName: String?
        /// At most 256; the platform shows it with images only.
        public var description: String?

        public init(
            _ kind: Kind, url: String, mimeType: String? = nil, fileName: String? = nil, description: String? = nil
        ) {
            self.kind = kind
            self.url = url
            self.mimeType = mimeType
            self.fileName = fileName
            self.description = description
        }
    }

    public struct Location: Hashable, Sendable {
        /// −90 to 90.
        public var latitude: Double
        /// −180 to 180.
        public var longitude: Double
        /// At most 256.
        public var address: String?

        public init(latitude: Double, longitude: Double, address: String? = nil) {
            self.latitude = latitude
            self.longitude = longitude
            self.address = address
        }
    }

    /// A question with answers to tap. A tap comes as a text that equals the answer.
    public struct QuickReply: Hashable, Sendable {
        /// At most 256.
        public var title: String
        /// 1 to 10, each at most 256.
        public var replies: [String]

        public init(title: String, replies: [String]) {
            self.title = title
            self.replies = replies
        }

        /// Title and numbered lines, for a provider without buttons.
        public var numberedText: String {
            ([title] + replies.enumerated().map { "\($0.offset + 1). \($0.element)" }).joined(separator: "\n")
        }

        /// The reply that a customer means who answers numbered lines: by its number, or by its words.
        public func reply(to answer: String) -> String? {
            let bare = answer.drop(while: \.isWhitespace)
            let trimmed = bare.lastIndex { !$0.isWhitespace }.map { String(bare[...$0]) } ?? ""
            if let exact = replies.first(where: { $0 == trimmed }) { return exact }
            let digits = trimmed.hasSuffix(".") ? String(trimmed.dropLast()) : trimmed
            if let number = Int(digits), number >= 1, number <= replies.count { return replies[number - 1] }
            return replies.first { $0.lowercased() == trimmed.lowercased() }
        }
    }

    /// The wire's word for the kind of message.
    public var type: String {
        switch self {
        case .text: "text"
        case .attachment: "attachment"
        case .location: "location"
        case .quickReply: "quick_reply"
        }
    }

    /// Holds the message to the limits of the protocol.
    public func check() throws(CustomChannelError) {
        let words = CustomChannelLimits.words
        switch self {
        case .text(let text):
            try FieldRule.text(text, "message.text", limit: CustomChannelLimits.text)
        case .attachment(let attachment):
            try FieldRule.link(attachment.url, "message.attachment.url")
            try FieldRule.optional(attachment.fileName, "message.attachment.fileName", limit: words)
            try FieldRule.optional(attachment.description, "message.attachment.description", limit: words)
        case .location(let location):
            try FieldRule.number(location.latitude, "message.latitude", in: -90...90)
            try FieldRule.number(location.longitude, "message.longitude", in: -180...180)
            try FieldRule.optional(location.address, "message.address", limit: words)
        case .quickReply(let question):
            try FieldRule.text(question.title, "message.title", limit: words)
            guard (1...CustomChannelLimits.replies).contains(question.replies.count) else {
                throw .tooLong(
                    "message.replies", length: question.replies.count, limit: CustomChannelLimits.replies,
                    unit: "items")
            }
            for (index, reply) in question.replies.enumerated() {
                try FieldRule.text(reply, "message.replies[\(index)]", limit: words)
            }
        }
    }
}
