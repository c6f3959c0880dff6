/// The application behind the Centrifuge endpoint: who may connect, and to what.
protocol CentrifugeBackend: Sendable {
    /// Decides about a connect command, as a connect proxy or a token check does.
    func admit(_ credentials: CentrifugeCredentials) async -> CentrifugeVerdict
    /// Prolongs a connection that came with a token of its own; answers the seconds until the next time.
    func refresh(token: String, user: String) async throws(CentrifugeFailure) -> Int
    /// Whether a client may subscribe to a channel, publish in it and read it.
    func isOpen(_ channel: String) -> Bool
    func call(_ method: String, _ data: JSONValue) async throws(CentrifugeFailure) -> JSONValue
}

/// What a connect command shows.
struct CentrifugeCredentials: Sendable {
    /// A token of the connection itself, which the client has to refresh; empty when the application checks ``data``.
    let token: String
    let data: JSONValue
}

enum CentrifugeVerdict: Sendable {
    case admitted(CentrifugeGuest)
    case failed(CentrifugeFailure)
    case closed(CentrifugeClosure)
}

/// Somebody who may connect.
struct CentrifugeGuest: Sendable {
    let user: String
    /// The channels that the server subscribes the connection to.
    let channels: [String]
    var data: JSONValue?
    /// Seconds until the connection has to be refreshed by the client; nil when there is nothing to refresh.
    var ttl: Int?
    /// Seconds until the server ends the connection by itself; nil for never.
    var endsAfter: Double?
}
