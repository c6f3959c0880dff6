/// What a request carries.
public enum HTTPBody: Sendable {
    /// No body. POST, PUT and PATCH say so with `Content-Length: 0`.
    case none
    /// Bytes in memory. An empty content type sends no `Content-Type`.
    case bytes([UInt8], contentType: String)
    /// A regular file, streamed from disk; it is opened before the request starts and never read whole.
    case file(path: String, contentType: String)
    /// `multipart/form-data` in the order given; files are streamed from disk.
    case multipart([MultipartPart])

    /// A JSON document that is already serialised.
    public static func json(_ bytes: [UInt8]) -> HTTPBody {
        .bytes(bytes, contentType: "application/json")
    }
}

/// One field of a `multipart/form-data` body.
public struct MultipartPart: Sendable {
    /// Where the part's bytes come from.
    public enum Content: Sendable {
        case bytes([UInt8])
        /// A regular file, streamed from disk.
        case file(path: String)
    }

    public var name: String
    /// The file name told to the server; without one the part is a plain field.
    public var filename: String?
    public var contentType: String?
    public var content: Content

    public init(name: String, filename: String? = nil, contentType: String? = nil, content: Content) {
        self.name = name
        self.filename = filename
        self.contentType = contentType
        self.content = content
    }

    /// A plain text field.
    public init(name: String, text: String) {
        self.init(name: name, content: .bytes(Array(text.utf8)))
    }
}
