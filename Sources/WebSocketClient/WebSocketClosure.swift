/// How a connection ended.
public struct WebSocketClosure: Sendable, Hashable {
    /// The close code of RFC 6455: the peer's, or our own when we closed first; 1005 when a close frame carried none,
    /// 1006 when the connection ended without one.
    public var code: UInt16

    /// The reason in words, the peer's or ours. May be empty.
    public var reason: String

    /// Whether both sides exchanged close frames.
    public var wasClean: Bool

    /// Whether this side asked for the end, by `close` or `abort` or because the peer broke a rule.
    public var isLocal: Bool

    /// Creates a closure.
    public init(code: UInt16, reason: String, wasClean: Bool, isLocal: Bool) {
        self.code = code
        self.reason = reason
        self.wasClean = wasClean
        self.isLocal = isLocal
    }
}

extension WebSocketClosure: CustomStringConvertible {
    public var description: String {
        reason.isEmpty ? "code \(code)" : "code \(code), \(reason)"
    }
}
