/// What the server answered; any status is an answer, not an error.
public struct HTTPResponse: Sendable {
    /// The version of the protocol the answer came in.
    public enum Version: Hashable, Sendable {
        case http10, http11, http2, http3, unknown
    }

    public let status: Int
    /// As received: `Content-Encoding` and `Content-Length` describe the wire, `body` is already decompressed.
    public let headers: HTTPHeaders
    public let body: [UInt8]
    public let httpVersion: Version

    public init(status: Int, headers: HTTPHeaders = .init(), body: [UInt8] = [], httpVersion: Version = .http11) {
        self.status = status
        self.headers = headers
        self.body = body
        self.httpVersion = httpVersion
    }

    public var isSuccess: Bool { (200...299).contains(status) }
}

extension HTTPResponse: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "HTTP status \(status), \(body.count) bytes" }
    public var debugDescription: String { description }
}
