import CurlHTTP
import EventJSON

/// What is written of a body: its JSON, or what kind of thing it was and how long.
struct RecordedBody {
    /// To add to an entry; empty for no body.
    private(set) var members: [(String, JSON)] = []

    /// One JSON document, or several on lines of their own as Centrifuge sends them.
    init(_ bytes: [UInt8], type: String?, _ redaction: inout Redaction) {
        if bytes.isEmpty { return }
        if let tree = try? JSON(parsing: bytes) {
            members = [("body", redaction.document(tree))]
            return
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        let trees = lines.compactMap { try? JSON(parsing: Array($0)) }
        guard trees.count != lines.count || trees.isEmpty else {
            var documents: [JSON] = []
            for tree in trees { documents.append(redaction.document(tree)) }
            members = [("lines", .array(documents))]
            return
        }
        members = Self.outline(bytes.count, type)
    }

    init(_ body: HTTPBody, _ redaction: inout Redaction) {
        switch body {
        case .none: break
        case .bytes(let bytes, let type): members = RecordedBody(bytes, type: type, &redaction).members
        case .file(_, let type): members = [("type", .string(type))]
        case .multipart(let parts):
            var fields: [JSON] = []
            for part in parts { fields.append(Self.field(part, &redaction)) }
            members = [("form", .array(fields))]
        }
    }

    private static func field(_ part: MultipartPart, _ redaction: inout Redaction) -> JSON {
        var field: JSONObject = ["name": .string(part.name)]
        switch part.content {
        case .bytes(let bytes) where part.filename == nil:
            let text = String(decoding: bytes, as: UTF8.self)
            field.append("text", .string(redaction.text(text, key: part.name)))
        case .bytes(let bytes): for (key, value) in outline(bytes.count, part.contentType) { field.append(key, value) }
        case .file: if let type = part.contentType { field.append("type", .string(type)) }
        }
        return .object(field)
    }

    private static func outline(_ length: Int, _ type: String?) -> [(String, JSON)] {
        [("bytes", .int(Int64(length)))] + (type.map { [("type", .string($0))] } ?? [])
    }
}
