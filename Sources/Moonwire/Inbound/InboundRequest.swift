/// A request that came in over HTTP, before its body was read.
public struct InboundHead: Sendable {
    /// Made by the host for each request; stands in the access log and in the answer's `x-request-id`.
    public let id: String
    /// Upper case; where a route answers `GET`, a `HEAD` reaches it as one.
    public let method: String
    /// Without the query; repeated slashes are joined.
    public let path: String
    /// Percent-decoded, in the order of the request.
    public let query: [(name: String, value: String)]
    /// Names in lower case, in the order of the request; a repeated header stands several times.
    public let headers: [(name: String, value: String)]
    /// The peer's address without its port.
    public let remoteAddress: String?

    public init(
        id: String, method: String, path: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], remoteAddress: String? = nil
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.remoteAddress = remoteAddress
    }

    /// All values of a header. The name is given in lower case.
    public func values(of header: String) -> [String] {
        headers.filter { $0.name == header }.map(\.value)
    }

    /// The header's value; `nil` when it is absent or stands several times.
    public func onlyValue(of header: String) -> String? {
        let values = values(of: header)
        return values.count == 1 ? values.first : nil
    }
}

/// A request with its whole body.
public struct InboundRequest: Sendable {
    public let head: InboundHead
    public let body: [UInt8]

    public init(head: InboundHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }
}
