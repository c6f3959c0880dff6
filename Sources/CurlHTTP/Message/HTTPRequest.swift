/// One request: where to, what, and within which limits.
public struct HTTPRequest: Sendable {
    public var method: HTTPMethod
    /// The absolute URL (`http` or `https`, ASCII, percent-encoded). It is never printed.
    public var url: String
    /// What errors and logs show in place of the URL. Replace credentials in paths yourself; the default is the
    /// URL's path with every segment but the first hidden and without its query.
    public var displayPath: String
    /// Sent as they are; names and values with control characters are refused before anything is sent.
    public var headers: [HTTPHeader]
    public var body: HTTPBody
    /// For the whole request, from `send` to the last byte, queueing and redirects included.
    public var timeout: Duration
    /// For name resolution, TCP, proxy and TLS together.
    public var connectTimeout: Duration
    /// The largest body, counted after decompression; more is `HTTPError.Code.tooLarge`.
    public var maxResponseBytes: Int
    /// How many redirects to follow; 0 returns the 3xx answer. To another origin travel no header but the harmless
    /// ones and no body; a step from https to http is refused.
    public var redirectLimit: Int

    public init(
        _ method: HTTPMethod,
        _ url: String,
        displayPath: String? = nil,
        headers: [HTTPHeader] = [],
        body: HTTPBody = .none,
        timeout: Duration = .seconds(20),
        connectTimeout: Duration = .seconds(10),
        maxResponseBytes: Int = 8 * 1024 * 1024,
        redirectLimit: Int = 0
    ) {
        self.method = method
        self.url = url
        self.displayPath = displayPath ?? Self.concealedPath(of: url)
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.maxResponseBytes = maxResponseBytes
        self.redirectLimit = redirectLimit
    }

    /// The first path segment, then `/…` when there is more: webhook and public-inbox URLs carry secrets further on.
    static func concealedPath(of url: String) -> String {
        let bytes = url.utf8
        var index = bytes.startIndex
        var slashes = 0
        while index < bytes.endIndex, slashes < 3 {
            let byte = bytes[index]
            if byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") { return "/" }
            if byte == UInt8(ascii: "/") { slashes += 1 }
            index = bytes.index(after: index)
        }
        guard slashes == 3 else { return "/" }
        let path = bytes[index...].prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let first = path.prefix { $0 != UInt8(ascii: "/") }
        // A lone segment may itself be the secret.
        guard first.endIndex < path.endIndex else { return first.isEmpty ? "/" : "/…" }
        return "/" + String(decoding: first, as: UTF8.self) + "/…"
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "\(method.rawValue) \(displayPath)" }
    public var debugDescription: String { description }
}
