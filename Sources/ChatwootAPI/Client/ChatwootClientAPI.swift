public import CurlHTTP
internal import EventJSON

/// The public client API of one API inbox: everything that a contact can do.
///
/// Needs no account and no token: the inbox identifier together with a source id is the credential. A value that may
/// be copied and used from anywhere. All calls throw `ChatwootError`.
public struct ChatwootClientAPI: Sendable {
    public let installation: ChatwootInstallation
    /// What the installation was seen to support.
    public let capabilities: ChatwootCapabilities
    /// Opens the API for one inbox.
    public let inboxIdentifier: ChatwootSecret
    let requester: ChatwootRequester

    public init(
        _ installation: ChatwootInstallation, inboxIdentifier: ChatwootSecret, transport: any ChatwootTransport,
        capabilities: ChatwootCapabilities? = nil, wallClock: @escaping @Sendable () -> Double = ChatwootClock.now
    ) {
        self.installation = installation
        self.inboxIdentifier = inboxIdentifier
        self.capabilities = capabilities ?? ChatwootCapabilities(version: installation.version)
        requester = ChatwootRequester(
            transport: transport, origin: installation.origin, prefix: installation.publicPrefix, headers: [],
            wallClock: wallClock)
    }

    /// The inbox: its name, its hours, and whether it refuses contacts without an identity hash.
    public func inbox() async throws -> ChatwootInbox {
        do {
            let inbox = try await requester.send(.get, inboxPath) { ChatwootInbox($0) }
            capabilities.observe(.inboxDetails, supported: true)
            return inbox
        } catch let error as ChatwootError where error.code == .notFound {
            throw capabilities.supports(.inboxDetails) == false ? ChatwootError.unsupported(.inboxDetails) : error
        }
    }

    /// Any other request about a contact session: `path` begins with a slash, follows the session's own and is encoded
    /// already.
    public func request(
        _ session: ChatwootSecret, _ method: HTTPMethod, _ path: String, body: HTTPBody = .none
    ) async throws -> HTTPResponse {
        try await requester.answer(
            method, "\(contactPath(session))\(RequestPath(wire: path, display: path))", body: body)
    }

    var inboxPath: RequestPath { "/inboxes/\(secret: inboxIdentifier)" }

    func contactPath(_ session: ChatwootSecret) -> RequestPath { "\(inboxPath)/contacts/\(secret: session)" }

    func conversationPath(_ session: ChatwootSecret, _ id: Int) -> RequestPath {
        "\(contactPath(session))/conversations/\(id)"
    }
}
