public import CurlHTTP
internal import EventJSON

/// The operator API of one account: everything that a seat at the agents' desk can do.
///
/// Takes the access token of a user, or of an agent bot, which may call little and has no realtime stream. A value
/// that may be copied and used from anywhere. All calls throw `ChatwootError`.
public struct ChatwootOperatorAPI: Sendable {
    public let installation: ChatwootInstallation
    /// What the installation was seen to support.
    public let capabilities: ChatwootCapabilities
    /// The account that all calls but the profile's are about.
    public let accountID: Int
    let requester: ChatwootRequester

    public init(
        _ installation: ChatwootInstallation, accountID: Int, accessToken: ChatwootSecret,
        transport: any ChatwootTransport, capabilities: ChatwootCapabilities? = nil,
        wallClock: @escaping @Sendable () -> Double = ChatwootClock.now
    ) {
        self.installation = installation
        self.accountID = accountID
        self.capabilities = capabilities ?? ChatwootCapabilities(version: installation.version)
        requester = ChatwootRequester(
            transport: transport, origin: installation.origin, prefix: installation.appPrefix,
            headers: [HTTPHeader(installation.authHeaderName, accessToken.exposed)], wallClock: wallClock)
    }

    /// Any other request about the account: `path` begins with a slash, follows the account's own and is encoded
    /// already.
    public func request(_ method: HTTPMethod, _ path: String, body: HTTPBody = .none) async throws -> HTTPResponse {
        try await requester.answer(method, "\(accountPath)\(RequestPath(wire: path, display: path))", body: body)
    }

    /// The same account with the access token of another user.
    public func acting(with accessToken: ChatwootSecret) -> ChatwootOperatorAPI {
        ChatwootOperatorAPI(
            installation, accountID: accountID, accessToken: accessToken, transport: requester.transport,
            capabilities: capabilities, wallClock: requester.wallClock)
    }

    var accountPath: RequestPath { "/accounts/\(accountID)" }

    func conversationPath(_ id: Int) -> RequestPath { "\(accountPath)/conversations/\(id)" }
}
