import Foundation

/// One item of a conversation.
final class Message {
    enum Kind: Int {
        case incoming = 0, outgoing, activity, template
    }

    /// Who wrote a message.
    enum Author: Equatable {
        case contact(Int)
        case user(Int)
        case bot(Int)
    }

    let id: Int
    let conversation: Conversation
    let kind: Kind
    var content: String?
    var contentType = "text"
    var contentAttributes = JSONObject()
    var isPrivate = false
    var status = "sent"
    var sourceID: String?
    var echoID: String?
    var author: Author?
    var attachments: [Attachment] = []
    let createdAt: Date
    var updatedAt: Date

    init(id: Int, conversation: Conversation, kind: Kind, content: String?, now: Date) {
        self.id = id
        self.conversation = conversation
        self.kind = kind
        self.content = content
        createdAt = now
        updatedAt = now
    }

    /// Whether the contact's side may see it.
    var isVisibleToContact: Bool { !isPrivate && kind != .activity }
}

/// A file of a message; its bytes are served by the simulator itself.
struct Attachment: Sendable {
    let id: Int
    let filename: String
    let contentType: String
    let bytes: [UInt8]
    /// The unguessable part of the file's addresses.
    let key: String

    /// What the platform calls the file, by its content type.
    var fileType: String {
        if ["image/png", "image/jpeg", "image/jpg", "image/gif", "image/bmp", "image/webp"].contains(contentType) {
            return "image"
        }
        if ["video/ogg", "video/mp4", "video/webm", "video/quicktime"].contains(contentType) { return "video" }
        return contentType.hasPrefix("audio/") ? "audio" : "file"
    }

    var fileExtension: String? {
        let parts = filename.split(separator: ".")
        return parts.count > 1 ? parts.last.map(String.init) : nil
    }
}
