/// A request that has been checked and can be put on the wire as it is.
struct PreparedRequest: Sendable {
    enum Body: Sendable {
        case none
        case bytes([UInt8])
        case source(BodySource)
        case parts([Part])
    }

    struct Part: Sendable {
        let name: String
        let filename: String?
        let contentType: String?
        let source: BodySource
    }

    var method: HTTPMethod
    var url: String {
        didSet { origin = Self.origin(of: url) }
    }
    /// The URL up to its path: what shares connections.
    private(set) var origin: String
    var isSecure: Bool
    var headers: [HTTPHeader]
    var body: Body
    var route: HostPolicy.Route
}

extension PreparedRequest {
    /// Checks a request on the sender's own time; files are opened here.
    init(_ request: HTTPRequest, policy: HostPolicy) throws(HTTPError) {
        try Self.checkURL(request)
        try Self.checkHead(request)
        method = request.method
        url = request.url
        origin = Self.origin(of: request.url)
        isSecure = Self.hasPrefix(request.url, "https://")
        headers = request.headers
        route = .open
        switch request.body {
        case .none:
            body = .none
        case .bytes(let bytes, let contentType):
            body = bytes.count > Self.copiedBodyLimit ? .source(BodySource(bytes: bytes)) : .bytes(bytes)
            try addContentType(contentType, of: request)
        case .file(let path, let contentType):
            body = .source(try Self.open(path, of: request))
            try addContentType(contentType, of: request)
        case .multipart(let parts):
            var prepared: [Part] = []
            for part in parts { prepared.append(try Self.part(part, of: request)) }
            body = .parts(prepared)
        }
        if method == .head, !isBodyless {
            throw request.failure(.invalidRequest, "A HEAD request cannot have a body.")
        }
        switch policy.judge(url: url, isSecure: isSecure) {
        case .route(let allowed): route = allowed
        case .forbidden: throw request.failure(.forbiddenAddress, HostPolicy.refusal)
        case .unreadable: throw request.failure(.badURL, Self.badURL)
        }
    }

    /// Bodies up to this size are sent with the head in one piece; larger ones are read by libcurl bit by bit.
    private static let copiedBodyLimit = 64 * 1024
    private static let badURL = "The URL is not an absolute http or https URL."

    var isBodyless: Bool {
        if case .none = body { true } else { false }
    }

    private mutating func addContentType(_ type: String, of request: HTTPRequest) throws(HTTPError) {
        guard Self.isFieldValue(type) else { throw request.failure(.invalidRequest, "The content type is not valid.") }
        let name = "content-type".utf8
        guard !headers.contains(where: { HTTPHeaders.equal($0.name.utf8, name) }) else { return }
        headers.append(HTTPHeader("Content-Type", type))
    }

    private static func checkURL(_ request: HTTPRequest) throws(HTTPError) {
        guard hasPrefix(request.url, "http://") || hasPrefix(request.url, "https://") else {
            throw request.failure(.badURL, badURL)
        }
        // libcurl takes what follows a third slash for the host, which would show a piece of the path as one.
        let authority = request.url.utf8.drop { $0 != UInt8(ascii: ":") }.dropFirst(3)
        guard let first = authority.first, !"/?#\\".utf8.contains(first) else {
            throw request.failure(.badURL, badURL)
        }
        guard request.url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw request.failure(
                .badURL, "The URL contains spaces, control characters or letters that must be percent-encoded.")
        }
    }

    private static func checkHead(_ request: HTTPRequest) throws(HTTPError) {
        guard isToken(request.method.rawValue), request.method.rawValue != "CONNECT" else {
            throw request.failure(.invalidRequest, "The method is not valid.")
        }
        for header in request.headers {
            // The message names no name: a broken one may well be a value in the wrong place.
            guard isToken(header.name) else { throw request.failure(.invalidRequest, "A header name is not valid.") }
            guard isFieldValue(header.value) else {
                throw request.failure(
                    .invalidRequest, "The value of header \(header.name) contains control characters.")
            }
            // These frame the message, and two framings of one message are how requests are smuggled.
            for reserved in ["content-length", "transfer-encoding", "connection", "expect", "upgrade"]
            where HTTPHeaders.equal(header.name.utf8, reserved.utf8) {
                throw request.failure(.invalidRequest, "Header \(header.name) is set by the client itself.")
            }
        }
    }

    private static func part(_ part: MultipartPart, of request: HTTPRequest) throws(HTTPError) -> Part {
        for text in [part.name, part.filename, part.contentType] {
            guard text.map({ !$0.utf8.contains(0) }) ?? true else {
                throw request.failure(.invalidRequest, "The name or type of a part contains a zero byte.")
            }
        }
        guard part.contentType.map(isFieldValue) ?? true else {
            throw request.failure(.invalidRequest, "The content type of a part is not valid.")
        }
        let source: BodySource
        switch part.content {
        case .bytes(let bytes): source = BodySource(bytes: bytes)
        case .file(let path): source = try open(path, of: request)
        }
        return Part(name: part.name, filename: part.filename, contentType: part.contentType, source: source)
    }

    private static func open(_ path: String, of request: HTTPRequest) throws(HTTPError) -> BodySource {
        do {
            return try BodySource(path: path)
        } catch {
            throw request.failure(.file, "A file to upload cannot be opened: \(error.reason).")
        }
    }

    private static func origin(of url: String) -> String {
        let bytes = url.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return url }
        let delimiters: (UInt8) -> Bool = { byte in
            byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
        }
        let authority = bytes[colon...].dropFirst(3)
        return String(url[..<(authority.firstIndex(where: delimiters) ?? url.endIndex)])
    }

    static func hasPrefix(_ url: String, _ scheme: StaticString) -> Bool {
        var bytes = url.utf8.makeIterator()
        return scheme.withUTF8Buffer { buffer in
            buffer.allSatisfy { wanted in
                guard let byte = bytes.next() else { return false }
                return byte == wanted || (byte >= 0x41 && byte <= 0x5a && byte | 0x20 == wanted)
            }
        }
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func isFieldValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
    }
}
