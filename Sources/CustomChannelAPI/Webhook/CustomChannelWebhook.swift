public import CurlHTTP

/// What carries posts to the platform: an `HTTPClient`, or a double in tests.
public protocol CustomChannelTransport: Sendable {
    /// Sends a request and returns the answer, whatever its status.
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
}

extension HTTPClient: CustomChannelTransport {}

/// A channel as the platform's dialog shows it.
public struct CustomChannelCredentials: Sendable {
    /// Opaque.
    public var channelID: String
    /// The dialog's address, used byte for byte.
    public var webhookURL: String
    /// The newest token; calls of the platform may be let in with older ones besides.
    public var token: CustomChannelToken
    public var idType: CustomChannelIDType

    public init(channelID: String, webhookURL: String, token: CustomChannelToken, idType: CustomChannelIDType) {
        self.channelID = channelID
        self.webhookURL = webhookURL
        self.token = token
        self.idType = idType
    }
}

/// Tells the platform what happens on the customer's side.
///
/// Checks every limit before anything is sent. Sends once: to repeat, post the same event, whose mId is the same.
public struct CustomChannelWebhook: Sendable {
    public let credentials: CustomChannelCredentials
    /// For name resolution, TCP and TLS.
    public var connectTimeout: Duration = .seconds(5)
    /// For a whole post.
    public var timeout: Duration = .seconds(15)
    private let transport: any CustomChannelTransport

    public init(_ credentials: CustomChannelCredentials, transport: any CustomChannelTransport) {
        self.credentials = credentials
        self.transport = transport
    }

    /// Posts an event. Any 2xx is success, whatever its body.
    ///
    /// - Parameter now: Milliseconds since 1970, to hold the event's date against.
    public func post(_ event: CustomChannelEvent, now: Int64) async throws(CustomChannelError) {
        try event.check(credentials.idType, now: now)
        let request = HTTPRequest(
            .post, credentials.webhookURL,
            headers: [
                HTTPHeader("Authorization", "Bearer \(credentials.token.exposed)"),
                HTTPHeader("Cache-Control", "no-cache"), HTTPHeader("Accept", "application/json"),
            ], body: .json(event.body(channelID: credentials.channelID)), timeout: timeout,
            connectTimeout: connectTimeout, maxResponseBytes: 1 << 20, redirectLimit: 0)
        let response: HTTPResponse
        do {
            response = try await transport.send(request)
        } catch {
            // Success is told by the status line, so an answer that is too long to read may well have been one.
            throw CustomChannelError(
                .unavailable, message: "the webhook gave no answer: \(error.message)", transportError: error)
        }
        guard response.isSuccess else { throw CustomChannelError(response, hiding: credentials.token) }
    }
}

extension CustomChannelError {
    private static let longestExcerpt = 2048

    /// What an answer other than success means.
    init(_ response: HTTPResponse, hiding token: CustomChannelToken) {
        let code = Self.code(status: response.status)
        let said = String(decoding: response.body.prefix(Self.longestExcerpt), as: UTF8.self)
        let parts = token.exposed.isEmpty ? [said] : Self.parts(of: said, around: token.exposed)
        let excerpt = CustomChannelError.printable(parts.joined(separator: "***"))
        // What the platform says may repeat what the customer wrote.
        self.init(
            code, message: "the platform \(Self.sentence(for: code)) (\(response.status))",
            status: response.status, excerpt: excerpt.isEmpty ? nil : excerpt,
            retryAfter: response.retryAfter)
    }

    static func code(status: Int) -> Code {
        switch status {
        case 401, 403: .credentials
        case 300..<400, 404, 410: .address
        case 408, 425, 429: .unavailable
        case 400..<500: .rejected
        default: .unavailable
        }
    }

    private static func sentence(for code: Code) -> String {
        switch code {
        case .credentials: "does not take the token"
        case .address: "has no such channel at the webhook address"
        case .rejected: "refuses the event"
        default: "cannot take the event now"
        }
    }

    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    }

    private static func parts(of text: String, around token: String) -> [String] {
        var parts: [String] = []
        var rest = text[...]
        while let range = rest.firstRange(of: token) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
