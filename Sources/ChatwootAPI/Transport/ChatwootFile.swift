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
        self.contentType = contentType ?? Self.contentType(forFilename: filename)
        self.content = .bytes(bytes)
    }

    /// A file on disk. Without a name the path's last part is told, without a content type its ending decides.
    public init(path: String, filename: String? = nil, contentType: String? = nil) {
        let name = filename ?? path.split(separator: "/").last.map(String.init) ?? "file"
        self.filename = name
        self.contentType = contentType ?? Self.contentType(forFilename: name)
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

    private static func contentType(forFilename name: String) -> String {
        let ending = name.split(separator: ".").dropFirst().last?.lowercased() ?? ""
        return contentTypes[ending] ?? "application/octet-stream"
    }

    private static let contentTypes = [
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
        "svg": "image/svg+xml", "bmp": "image/bmp", "tiff": "image/tiff", "heic": "image/heic",
        "mp4": "video/mp4", "webm": "video/webm", "mov": "video/quicktime", "ogv": "video/ogg",
        "mp3": "audio/mpeg", "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg", "m4a": "audio/mp4",
        "wav": "audio/wav", "aac": "audio/aac", "amr": "audio/amr",
        "pdf": "application/pdf", "txt": "text/plain", "csv": "text/csv", "json": "application/json",
        "zip": "application/zip", "doc": "application/msword", "xls": "application/vnd.ms-excel",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]
}
