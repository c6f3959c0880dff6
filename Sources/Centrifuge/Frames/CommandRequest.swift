/// A call of the application, without its id.
enum CommandRequest: Sendable, Hashable {
    case publish(channel: String, data: [UInt8])
    case rpc(method: String, data: [UInt8])
    case history(channel: String, limit: Int, since: CentrifugePosition?, reverse: Bool)
    case presence(channel: String)
    case presenceStats(channel: String)
    /// Gets no answer.
    case send(data: [UInt8])

    /// What the call is, for error texts.
    var name: String {
        switch self {
        case .publish: "a publication"
        case .rpc: "a remote call"
        case .history: "the history of a channel"
        case .presence, .presenceStats: "the presence of a channel"
        case .send: "a message"
        }
    }
}
