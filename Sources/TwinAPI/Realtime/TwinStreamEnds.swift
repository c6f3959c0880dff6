/// What the ends of the live stream say about the token.
///
/// How the platform refuses a token on the stream is not published. An end after which the protocol would not connect
/// again counts as a refusal when it comes soon after the connect, and so does the end of a token's time.
public struct TwinStreamEnds: Sendable, Hashable {
    /// What to do after an end.
    public enum Verdict: Sendable, Hashable {
        /// Connect again, as the protocol says.
        case reconnect
        /// Renew the token, and connect again even if the protocol would not.
        case renew
        /// Give the account up: a new token was refused as well.
        case fail
        /// The protocol ends the stream for a reason that is not the token.
        case stop
    }

    /// The close code of a stream whose token's time is over.
    public static let expiredCode = 3005

    /// How long after a connect an end may be a refusal.
    public var suspicion: Duration
    private var connectedAt: Duration?
    private var hasRenewed = false

    public init(suspicion: Duration = .seconds(10)) {
        self.suspicion = suspicion
    }

    /// The server answered the connect command.
    public mutating func connected(now: Duration) {
        connectedAt = now
    }

    /// The stream ended, or the connect command was refused. `isTerminal` is the protocol's word that a client should
    /// not connect again; `code` is the close or error code.
    public mutating func ended(code: Int?, isTerminal: Bool, now: Duration) -> Verdict {
        let lived = connectedAt.map { now - $0 }
        connectedAt = nil
        if let lived, lived >= suspicion { hasRenewed = false }
        let isRefusal = code == Self.expiredCode || isTerminal && lived ?? .zero < suspicion
        guard isRefusal else { return isTerminal ? .stop : .reconnect }
        defer { hasRenewed = true }
        return hasRenewed ? .fail : .renew
    }
}
