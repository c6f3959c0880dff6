import CurlHTTP
import Testing

/// Runs a body with a client and shuts it down afterwards. No proxy unless the configuration is given.
func withClient<Result>(
    _ configuration: HTTPClientConfiguration = .init(proxy: .none), _ body: (HTTPClient) async throws -> Result
) async throws -> Result {
    let client = try HTTPClient(configuration: configuration)
    do {
        let result = try await body(client)
        await client.shutdown()
        return result
    } catch {
        await client.shutdown()
        throw error
    }
}

extension HTTPClient {
    /// The error of a request that must fail.
    func failure(of request: HTTPRequest, sourceLocation: SourceLocation = #_sourceLocation) async throws -> HTTPError {
        try await #require(throws: HTTPError.self, sourceLocation: sourceLocation) { try await self.send(request) }
    }
}
