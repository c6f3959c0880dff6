/// A question to the application's providers. Numbered, so that an answer which comes too late is recognised.
struct CredentialQuestion: Sendable, Hashable {
    enum Subject: Sendable, Hashable, CustomStringConvertible {
        case connectionToken
        case connectData
        case subscriptionToken(channel: String)

        var description: String {
            switch self {
            case .connectionToken: "connection's token"
            case .connectData: "data of the connect command"
            case .subscriptionToken(let channel): "token for \(printable(channel))"
            }
        }
    }

    var number: Int
    var subject: Subject
}

/// What a provider answered.
enum CredentialAnswer: Sendable, Hashable {
    case token(String)
    case data([UInt8])
    /// There will be none.
    case unauthorized
    /// There is none now. The words are ours: the provider's own may hold a secret.
    case failed(String)
}
