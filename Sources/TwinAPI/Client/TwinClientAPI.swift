internal import CurlHTTP
internal import EventJSON

/// The client's side, without any token: begins sessions and writes in them. To play the customer in tests.
///
/// A value that may be copied and used from anywhere. All calls throw `TwinError`.
public struct TwinClientAPI: Sendable {
    private let requester: TwinRequester

    /// `address` is where clients reach the chat service, such as `https://front.example.org/api/chats/v1`; without
    /// one, the installation's own.
    public init(_ installation: TwinInstallation, address: String? = nil, transport: any TwinTransport) {
        let address = address ?? installation.chat
        requester = TwinRequester(
            address: address.hasSuffix("/") ? String(address.dropLast()) : address, service: .chat,
            connectTimeout: installation.connectTimeout, timeout: installation.requestTimeout, transport: transport)
    }

    /// Begins a session in a chat.
    public func start(chat id: String, _ draft: TwinClientDraft) async throws -> TwinClientSession {
        let path: RequestPath = "/chats/\(try TwinOperatorAPI.id(id))/sessions"
        return try await session(TwinCall(.post, path, query: [("x_widget", "1")], body: draft.json))
    }

    /// Goes on with the client's last session in a chat, or begins one.
    public func continueOrStart(chat id: String, _ draft: TwinClientDraft) async throws -> TwinClientSession {
        try await session(TwinCall(.put, "/chats/\(try TwinOperatorAPI.id(id))/sessions", body: draft.json))
    }

    /// Writes as the client. The answer may be empty.
    public func send(_ body: String, attachments: [String] = [], to session: String) async throws {
        let json = HTTPBody.object { writer in
            writer.member("body", body)
            writer.member("attachments", attachments)
        }
        let path: RequestPath = "/sessions/\(try TwinOperatorAPI.id(session))/messages"
        _ = try await requester.answer(TwinCall(.post, path, body: json), authorization: .none)
    }

    private func session(_ call: TwinCall) async throws -> TwinClientSession {
        let response = try await requester.answer(call, authorization: .none)
        guard let session = response.decoded({ TwinClientSession($0) }) else {
            throw TwinError.undecodable(requester.place(of: call), status: response.status)
        }
        return session
    }
}
