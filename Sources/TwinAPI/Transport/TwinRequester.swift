internal import CurlHTTP
internal import EventJSON

/// Sends requests to one service and turns every answer but success into a `TwinError`. Knows no token of its own.
struct TwinRequester: Sendable {
    let transport: any TwinTransport
    let service: TwinService
    let address: String
    let connectTimeout: Duration
    let timeout: Duration
    /// The path of the service's address, for error messages.
    private let prefix: String

    init(_ installation: TwinInstallation, _ service: TwinService, transport: any TwinTransport) {
        self.init(
            address: installation.address(of: service), service: service, connectTimeout: installation.connectTimeout,
            timeout: installation.requestTimeout, transport: transport)
    }

    init(
        address: String, service: TwinService, connectTimeout: Duration, timeout: Duration,
        transport: any TwinTransport
    ) {
        self.transport = transport
        self.service = service
        self.address = address
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        let path = address.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).dropFirst(3).first
        prefix = path.map { "/" + $0 } ?? ""
    }

    /// The answer to one request, sent once.
    func answer(_ call: TwinCall, authorization: Authorization) async throws(TwinError) -> HTTPResponse {
        let place = place(of: call)
        var headers = [HTTPHeader("Accept", "application/json")]
        if let value = authorization.header { headers.append(HTTPHeader("Authorization", value)) }
        // The vendor's own client names a content type on every call.
        if case .none = call.body { headers.append(HTTPHeader("Content-Type", "application/json")) }
        var request = HTTPRequest(
            call.method, address + call.path.wire + call.query.encoded, displayPath: place.path, headers: headers,
            body: call.body, timeout: timeout, connectTimeout: connectTimeout, redirectLimit: call.redirectLimit)
        if let limit = call.maxResponseBytes { request.maxResponseBytes = limit }
        let response: HTTPResponse
        do {
            response = try await transport.send(request)
        } catch {
            throw TwinError(error, place)
        }
        guard response.isSuccess else {
            throw TwinError(response, place, hiding: call.secrets + authorization.secrets)
        }
        return response
    }

    /// What an error says about where it happened.
    func place(of call: TwinCall) -> TwinError.Place {
        TwinError.Place(method: call.method, service: service, path: prefix + call.path.display)
    }
}

extension TwinRequester {
    /// What stands in the `Authorization` header.
    enum Authorization: Sendable {
        case none
        case bearer(TwinSecret)
        /// The token alone, as a refresh takes it.
        case bare(TwinSecret)

        var header: String? {
            switch self {
            case .none: nil
            case .bearer(let token): "Bearer \(token.exposed)"
            case .bare(let token): token.exposed
            }
        }

        var secrets: [TwinSecret] {
            switch self {
            case .none: []
            case .bearer(let token), .bare(let token): [token]
            }
        }
    }
}

/// One request, without address and credentials.
struct TwinCall: Sendable {
    var method: HTTPMethod
    var path: RequestPath
    var query: RequestQuery
    var body: HTTPBody
    var maxResponseBytes: Int?
    var redirectLimit = 0
    /// What the body holds that nobody may read.
    var secrets: [TwinSecret] = []

    init(_ method: HTTPMethod, _ path: RequestPath, query: RequestQuery = [], body: HTTPBody = .none) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
    }
}

extension HTTPResponse {
    /// Hands the body's JSON to `decode`; nil when it is not JSON or not what was expected.
    func decoded<Value>(_ decode: (JSONElement) -> Value?) -> Value? {
        (try? JSONParser(maxBytes: body.count).parse(body, decode)) ?? nil
    }
}

extension HTTPBody {
    /// A JSON object from what `write` puts into it.
    static func object(_ write: (inout JSONWriter) -> Void) -> HTTPBody {
        var writer = JSONWriter()
        writer.beginObject()
        write(&writer)
        writer.endObject()
        return .json(writer.bytes)
    }
}

extension TwinCall {
    /// Method and path with a star for each id: what an operator may do or not.
    var endpoint: String {
        let parts = path.display.split(separator: "/").map { part in
            part.allSatisfy(\.isLetter) ? String(part) : "*"
        }
        return "\(method.rawValue) /\(parts.joined(separator: "/"))"
    }
}
