import EventJSON

/// How a file is read, and what has been read of it: kept with a broadcast in place of a platform's cursor.
public struct AudienceMark: Sendable, Hashable {
    public let encoding: String
    /// A character, or `tab`.
    public let delimiter: String
    /// Of all the text up to the last record that has been read.
    let digest: String

    init(encoding: String, delimiter: String, digest: String) {
        self.encoding = encoding
        self.delimiter = delimiter
        self.digest = digest
    }

    init?(text: String?) {
        guard let tree = text.flatMap({ try? JSON(parsing: Array($0.utf8)) }), let encoding = tree["encoding"]?.string,
            let delimiter = tree["delimiter"]?.string, let digest = tree["digest"]?.string
        else { return nil }
        self.init(encoding: encoding, delimiter: delimiter, digest: digest)
    }

    var text: String {
        let tree: JSON = [
            "encoding": .string(encoding), "delimiter": .string(delimiter), "digest": .string(digest),
        ]
        return String(decoding: tree.bytes, as: UTF8.self)
    }
}

extension BroadcastRecord {
    /// How its file is read; `nil` as long as nothing has been read, and for an audience that is no file.
    public var mark: AudienceMark? { plan.isFile ? AudienceMark(text: cursor) : nil }
}
