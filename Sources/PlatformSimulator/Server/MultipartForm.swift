import Foundation

/// A `multipart/form-data` body, read whole.
struct MultipartForm {
    struct Field {
        let name: String
        let value: String
    }

    private(set) var fields: [Field] = []
    private(set) var files: [UploadedFile] = []

    /// Nil when there is no boundary or the body does not end with it.
    init?(contentType: String, body: [UInt8]) {
        guard let boundary = Self.parameter("boundary", of: contentType) else { return nil }
        let data = Data(body)
        let delimiter = Data("--\(boundary)".utf8)
        let gap = Data("\r\n\r\n".utf8)
        guard var position = data.range(of: delimiter)?.upperBound else { return nil }
        while let next = data.range(of: Data("\r\n".utf8) + delimiter, in: position..<data.endIndex) {
            let part = data[position..<next.lowerBound]
            if let split = part.range(of: gap) {
                let head = String(decoding: part[part.startIndex..<split.lowerBound], as: UTF8.self)
                add(head: head, content: part[split.upperBound...])
            }
            position = next.upperBound
        }
        guard data[position...].starts(with: Data("--".utf8)) else { return nil }
    }

    private mutating func add(head: String, content: Data) {
        var disposition = ""
        var type = "text/plain"
        for line in head.split(separator: "\r\n") {
            let pair = line.split(separator: ":", maxSplits: 1)
            guard pair.count == 2 else { continue }
            let value = pair[1].trimmingCharacters(in: .whitespaces)
            switch pair[0].lowercased() {
            case "content-disposition": disposition = value
            case "content-type": type = value
            default: break
            }
        }
        guard let name = Self.parameter("name", of: disposition) else { return }
        if let filename = Self.parameter("filename", of: disposition) {
            files.append(
                UploadedFile(field: name, filename: filename, contentType: type, bytes: Array(content)))
        } else {
            fields.append(Field(name: name, value: String(decoding: content, as: UTF8.self)))
        }
    }

    private static func parameter(_ name: String, of header: String) -> String? {
        for part in header.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].trimmingCharacters(in: .whitespaces).lowercased() == name else { continue }
            let value = pair[1].trimmingCharacters(in: .whitespaces)
            return value.hasPrefix("\"") && value.hasSuffix("\"") && value.count > 1
                ? String(value.dropFirst().dropLast()) : value
        }
        return nil
    }
}
