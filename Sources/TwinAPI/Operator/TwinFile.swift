internal import CurlHTTP

/// A file to upload.
public struct TwinFile: Sendable, Hashable {
    /// Where the bytes come from.
    public enum Content: Sendable, Hashable {
        case bytes([UInt8])
        /// A file on disk, streamed while it is sent.
        case path(String)
    }

    public var filename: String
    public var contentType: String
    public var content: Content

    /// Without a content type the file name's ending decides.
    public init(filename: String, contentType: String? = nil, _ content: Content) {
        self.filename = filename
        self.contentType = contentType ?? FileContentType.named(filename)
        self.content = content
    }

    var part: MultipartPart {
        let content: MultipartPart.Content =
            switch content {
            case .bytes(let bytes): .bytes(bytes)
            case .path(let path): .file(path: path)
            }
        return MultipartPart(name: "file[]", filename: filename, contentType: contentType, content: content)
    }
}

/// A file's bytes, as downloaded.
public struct TwinDownload: Hashable, Sendable {
    public let bytes: [UInt8]
    public let contentType: String?
}
