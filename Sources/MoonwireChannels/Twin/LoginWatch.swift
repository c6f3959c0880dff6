import CurlHTTP
import Synchronization
import TwinAPI

/// Notes when the account signs in by password: the platform may answer that by throwing out the account's own stream,
/// even before it answers the sign-in.
final class LoginWatch: TwinTransport {
    private let transport: any TwinTransport
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    init(_ transport: any TwinTransport) {
        self.transport = transport
    }

    /// When the last sign-in began that was not refused.
    var lastLogin: ContinuousClock.Instant? { last.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        guard request.method == .post, request.url.hasSuffix("/auth/login") else {
            return try await transport.send(request)
        }
        let before = last.withLock { last in
            defer { last = ContinuousClock.now }
            return last
        }
        let response: HTTPResponse
        do {
            response = try await transport.send(request)
        } catch {
            // Without an answer it may have had its effect.
            if !error.mayHaveBeenSent { last.withLock { $0 = before } }
            throw error
        }
        // One login at a time: nobody has noted another meanwhile.
        if (400..<500).contains(response.status) { last.withLock { $0 = before } }
        return response
    }
}
