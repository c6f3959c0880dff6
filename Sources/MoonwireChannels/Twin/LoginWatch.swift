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

    /// When the last sign-in began.
    var lastLogin: ContinuousClock.Instant? { last.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        if request.method == .post, request.url.hasSuffix("/auth/login") {
            last.withLock { $0 = ContinuousClock.now }
        }
        return try await transport.send(request)
    }
}
