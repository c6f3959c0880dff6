internal import EventJSON

extension CustomChannelMessage {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("type", type)
        switch self {
        case .text(let text): writer.member("text", text)
        case .attachment(let attachment):
            writer.object("attachment") { writer in
                writer.member("type", attachment.kind.rawValue)
                writer.member("url", attachment.url)
                writer.filled("mimeType", attachment.mimeType)
                writer.filled("fileName", attachment.fileName ?? attachment.nameInLink)
                writer.filled("description", attachment.description)
            }
        case .location(let location):
            writer.key("latitude")
            writer.value(location.latitude)
            writer.key("longitude")
            writer.value(location.longitude)
            writer.filled("address", location.address)
        case .quickReply(let question):
            writer.member("title", question.title)
            writer.member("replies", question.replies)
        }
        writer.endObject()
    }
}

extension CustomChannelMessage.Attachment {
    /// The last part of the link's path; a file without a name may not open on the other side.
    fileprivate var nameInLink: String {
        let path = url.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").dropFirst(2)
        return path.last.map { String($0.prefix(CustomChannelLimits.words / 2)) } ?? kind.rawValue
    }
}

extension JSONWriter {
    /// Absent fields are left out, and an empty text says no more than an absent one.
    mutating func filled(_ key: StaticString, _ text: String?) {
        if let text, !text.isEmpty { member(key, text) }
    }
}
