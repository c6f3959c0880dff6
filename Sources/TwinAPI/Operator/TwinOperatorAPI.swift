public import CurlHTTP
internal import EventJSON

/// Everything that an operator can do from the seat: sessions, messages, queues, files.
///
/// Requests wait for the account's token, and one that is refused because of it is repeated once with another. A value
/// that may be copied and used from anywhere. All calls throw `TwinError`.
public struct TwinOperatorAPI: Sendable {
    public let installation: TwinInstallation
    /// The seat. Someone has to run it.
    public let account: TwinAccount
    /// Which methods were seen to work where the platform publishes none.
    public let methods: TwinMethods
    let chat: TwinSeatRequester
    let iam: TwinSeatRequester

    public init(_ account: TwinAccount, methods: TwinMethods = TwinMethods()) {
        self.account = account
        self.methods = methods
        installation = account.installation
        chat = TwinSeatRequester(account, .chat, methods: methods)
        iam = TwinSeatRequester(account, .iam, methods: methods)
    }

    /// Any other request to a service, as this operator: `path` begins with a slash, follows the service's address and
    /// is encoded already.
    public func request(
        _ service: TwinService, _ method: HTTPMethod, _ path: String, query: [(name: String, value: String)] = [],
        body: HTTPBody = .none
    ) async throws -> HTTPResponse {
        guard path.hasPrefix("/") else { throw TwinError.unusable("The path of a request", path) }
        var items: RequestQuery = []
        for (name, value) in query { items.append(name, value) }
        let requester = TwinSeatRequester(account, service, methods: methods)
        let call = TwinCall(method, RequestPath(wire: path, display: path), query: items, body: body)
        return try await requester.answer(call)
    }
}
