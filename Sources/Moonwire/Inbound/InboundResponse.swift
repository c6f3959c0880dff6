public import EventJSON

/// What a route answers.
public struct InboundResponse: Sendable {
    public enum Body: Sendable {
        case bytes([UInt8])
        /// Sent as it comes, until the stream ends or the caller goes away.
        case stream(AsyncStream<[UInt8]>)
    }

    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: Body
    /// Called once: with `true` when the whole answer was handed to the connection of a caller who was still there, with
    /// `false` when it could not be, or when the caller had ended its side by then.
    public var written: (@Sendable (Bool) -> Void)?

    public init(
        status: Int, headers: [(name: String, value: String)] = [], body: Body = .bytes([]),
        written: (@Sendable (Bool) -> Void)? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.written = written
    }

    public static func json(
        _ status: Int, _ value: JSON, headers: [(name: String, value: String)] = []
    ) -> InboundResponse {
        InboundResponse(
            status: status, headers: [("content-type", "application/json; charset=utf-8")] + headers,
            body: .bytes(value.bytes))
    }

    /// `{"error":{"message": …}}`, with a `code` when there is one for programs.
    public static func failure(
        _ status: Int, _ message: String, code: String? = nil, headers: [(name: String, value: String)] = []
    ) -> InboundResponse {
        var error = JSONObject()
        if let code { error.append("code", .string(code)) }
        error.append("message", .string(message))
        return .json(status, ["error": .object(error)], headers: headers)
    }
}
