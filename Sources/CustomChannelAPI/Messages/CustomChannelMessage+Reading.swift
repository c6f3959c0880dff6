internal import EventJSON

extension CustomChannelMessage {
    /// Reads what the platform wrote, more tolerantly than we write: places may be nested and numbers may be texts, and
    /// lengths are the platform's to keep.
    init(reading element: JSONElement) throws(CustomChannelRefusal) {
        guard element.isObject else { throw CustomChannelRefusal("message must be an object") }
        guard let type = element["type"]?.string else { throw CustomChannelRefusal("message.type is missing") }
        switch type {
        case "text": self = .text(try element.filledText("text", "message.text"))
        case "attachment": self = .attachment(try Attachment(reading: element))
        case "location": self = .location(try Location(reading: element))
        case "quick_reply": self = .quickReply(try QuickReply(reading: element))
        default:
            throw CustomChannelRefusal(
                "message.type '\(type.prefix(40))' is not known: it is text, attachment, location or quick_reply")
        }
    }
}

extension CustomChannelMessage.Attachment {
    fileprivate init(reading message: JSONElement) throws(CustomChannelRefusal) {
        guard let element = message["attachment"], element.isObject else {
            throw CustomChannelRefusal("message.attachment is missing")
        }
        let type = try element.filledText("type", "message.attachment.type")
        guard let kind = Kind(rawValue: type) else {
            throw CustomChannelRefusal(
                "message.attachment.type '\(type.prefix(40))' is not known: it is image, video, audio or file")
        }
        self.init(
            kind, url: try element.filledText("url", "message.attachment.url"),
            mimeType: element["mimeType"]?.string, fileName: element["fileName"]?.string,
            description: element["description"]?.string)
    }
}

extension CustomChannelMessage.Location {
    fileprivate init(reading message: JSONElement) throws(CustomChannelRefusal) {
        let nested = message["location"].flatMap { $0.isObject ? $0 : nil }
        self.init(
            latitude: try Self.number("latitude", message, nested, in: -90...90),
            longitude: try Self.number("longitude", message, nested, in: -180...180),
            address: (message["address"] ?? nested?["address"])?.string)
    }

    private static func number(
        _ name: StaticString, _ message: JSONElement, _ nested: JSONElement?, in range: ClosedRange<Double>
    ) throws(CustomChannelRefusal) -> Double {
        let element = message[name] ?? nested?[name]
        guard let number = element?.double ?? element?.string.flatMap(Double.init), range.contains(number) else {
            throw CustomChannelRefusal(
                "message.\(name) must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

extension CustomChannelMessage.QuickReply {
    fileprivate init(reading message: JSONElement) throws(CustomChannelRefusal) {
        let replies = message["replies"]?.elements.map(\.string) ?? []
        guard !replies.isEmpty, !replies.contains(nil) else {
            throw CustomChannelRefusal("message.replies must be a list of texts")
        }
        self.init(title: try message.filledText("title", "message.title"), replies: replies.compactMap(\.self))
    }
}

extension JSONElement {
    fileprivate func filledText(_ name: StaticString, _ path: String) throws(CustomChannelRefusal) -> String {
        guard let element = self[name] else { throw CustomChannelRefusal("\(path) is missing") }
        guard let text = element.string, !text.isEmpty else {
            throw CustomChannelRefusal("\(path) must be a text that is not empty")
        }
        return text
    }
}
