import EventJSON
import Moonwire

/// What a person sent, as far as a question looks at it.
struct Answer {
    let text: String
    /// What was pressed or filled in, where the platform tells apart.
    let submitted: JSON?
    let attachments: [Attachment]

    init(_ message: Message) {
        text = message.text
        submitted = message.submittedValues.flatMap { try? JSON(parsing: $0.bytes) }
        attachments = message.attachments
    }

    /// The value of the first thing pressed or filled in, else the text without surrounding blanks.
    var said: String {
        for item in submitted?.elements ?? [] {
            if let value = item["value"]?.string ?? item["title"]?.string { return value }
        }
        return FoldedText(text).trimmed
    }
}

/// How an answer was read.
enum Reading: Equatable {
    case accepted(JSON)
    /// Not what was asked for.
    case refused
}

extension Attachment {
    /// As scripts see it.
    var json: JSON {
        var object = JSONObject()
        object.append("id", .string(id))
        object.append("kind", .string(kind))
        for (key, value) in [("url", url), ("name", name), ("mime", mime)] {
            if let value { object.append(key, .string(value)) }
        }
        if let size { object.append("size", .int(size)) }
        if let latitude { object.append("latitude", .double(latitude)) }
        if let longitude { object.append("longitude", .double(longitude)) }
        return .object(object)
    }
}
