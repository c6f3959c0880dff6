internal import CurlHTTP

/// A file to send with a message.
public struct ChatwootFile: Sendable, Hashable {
    /// Where the bytes come from.
    public enum Content: Sendable, Hashable {
        case bytes([UInt8])
        /// A file on disk, streamed while it is sent.
        case path(String)
    }

    public var filename: String
    /// Decides how the platform shows the file.
    public var contentType: String
    public var content: Content

    /// A file in memory. Without a content type the file name's ending decides.
    public init(filename: String, contentType: String? = nil, bytes: [UInt8]) {
        self.filename = filename
        self.contentType = contentType ?? FileContentType.named(filename)
        self.content = .bytes(bytes)
    }

    /// A file on disk. Without a name the path's last part is told, without a content type its ending decides.
    public init(path: String, filename: String? = nil, contentType: String? = nil) {
        let name = filename ?? path.split(separator: "/").last.map(String.init) ?? "file"
        self.filename = name
        self.contentType = contentType ?? FileContentType.named(name)
        self.content = .path(path)
    }

    var part: MultipartPart {
        let content: MultipartPart.Content =
            switch content {
            case .bytes(let bytes): .bytes(bytes)
            case .path(let path): .file(path: path)
            }
        return MultipartPart(name: "attachments[]", filename: filename, contentType: contentType, content: content)
    }
}
