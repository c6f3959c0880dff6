internal import CurlHTTP
internal import EventJSON

/// Sends requests of one API of one installation, reads answers, and turns everything else into a `ChatwootError`.
struct ChatwootRequester: Sendable {
    let transport: any ChatwootTransport
    /// Origin and prefix.
    let base: String
    /// The prefix alone, for error messages.
    let prefix: String
    let headers: [HTTPHeader]
    /// Seconds since 1970, to find the next full minute after a rate limit.
    let wallClock: @Sendable () -> Double

    init(
        transport: any ChatwootTransport, origin: String, prefix: String, headers: [HTTPHeader],
        wallClock: @escaping @Sendable () -> Double
    ) {
        self.transport = transport
        self.base = origin + prefix
        self.prefix = prefix
        self.headers = [HTTPHeader("Accept", "application/json")] + headers
        self.wallClock = wallClock
    }

    /// Sends and hands the answer's JSON to `decode`, which returns nil when it is not what was expected.
    func send<Value>(
        _ method: HTTPMethod, _ path: RequestPath, query: RequestQuery = [], body: HTTPBody = .none,
        decode: (JSONElement) -> Value?
    ) async throws -> Value {
        let response = try await answer(method, path, query: query, body: body)
        let value = try? JSONParser(maxBytes: response.body.count).parse(response.body, decode)
        guard let value else {
            throw ChatwootError.undecodable(method: method, displayPath: prefix + path.display, status: response.status)
        }
        return value
    }

    /// Sends and ignores what the answer holds.
    func send(
        _ method: HTTPMethod, _ path: RequestPath, query: RequestQuery = [], body: HTTPBody = .none
    ) async throws {
        _ = try await answer(method, path, query: query, body: body)
    }

    /// The answer, of whatever content.
    func answer(
        _ method: HTTPMethod, _ path: RequestPath, query: RequestQuery = [], body: HTTPBody = .none
    ) async throws -> HTTPResponse {
        let request = HTTPRequest(
            method, base + path.wire + query.encoded, displayPath: prefix + path.display, headers: headers, body: body)
        let response: HTTPResponse
        do {
            response = try await transport.send(request)
        } catch {
            throw ChatwootError(error, method: method, displayPath: request.displayPath)
        }
        guard response.isSuccess else {
            throw ChatwootError(
                response, method: method, displayPath: request.displayPath, secondsSince1970: wallClock())
        }
        return response
    }
}

extension HTTPBody {
    /// A JSON object from what `write` puts into it.
    static func object(_ write: (inout JSONWriter) -> Void) -> HTTPBody {
        var writer = JSONWriter()
        writer.beginObject()
        write(&writer)
        writer.endObject()
        return .bytes(writer.bytes, contentType: "application/json")
    }
}
