internal import EventJSON

/// What one attempt to open the live stream needs. Ask for another before every attempt: the token changes.
///
/// The stream speaks Centrifuge protocol 2 in JSON. The server chooses the channels by the token: subscribe to none.
public struct TwinConnection: Sendable {
    /// Of the socket, with `ws` or `wss`.
    public let url: String
    /// The `data` of the connect command, a JSON object. Holds the token.
    public let data: TwinSecret
    let token: TwinToken

    init(_ installation: TwinInstallation, _ token: TwinToken) {
        url = installation.socketURL
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("application", installation.realtimeApplication)
        writer.object("settings") { $0.member("token", token.secret.exposed) }
        writer.endObject()
        data = TwinSecret(String(decoding: writer.bytes, as: UTF8.self))
        self.token = token
    }
}

extension TwinConnection: CustomStringConvertible, CustomReflectable {
    public var description: String { url }
    public var customMirror: Mirror { Mirror(self, children: ["url": url]) }
}

extension TwinAccount {
    /// What the next attempt to open the live stream needs; waits for a token like a request.
    public func connection() async throws -> TwinConnection {
        TwinConnection(installation, try await token())
    }

    /// What the next attempt needs after the live stream refused the token of this one: another token, which is asked
    /// for unless that has been done since.
    ///
    /// Throws `unauthenticated` when the platform refused too many tokens within an hour: another attempt would be as
    /// vain.
    public func connection(after refused: TwinConnection) async throws -> TwinConnection {
        guard reject(refused.token, .stream) else { throw refusal }
        return TwinConnection(installation, try await token(after: refused.token))
    }
}
