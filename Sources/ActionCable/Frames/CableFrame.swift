/// A frame from the server, by what it asks of the client.
enum CableFrame: Sendable, Hashable {
    case welcome
    case ping
    case confirm(identifier: String)
    case reject(identifier: String)
    case disconnect(reason: String, reconnect: Bool)
    case data(identifier: String)
    /// Nothing that this version knows; it still shows that the server lives.
    case unknown
}
