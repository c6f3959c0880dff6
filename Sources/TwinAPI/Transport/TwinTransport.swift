public import CurlHTTP

/// What carries requests to the installation: an `HTTPClient`, or a double in tests.
public protocol TwinTransport: Sendable {
    /// Sends a request and returns the answer, whatever its status.
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
}

extension HTTPClient: TwinTransport {}
