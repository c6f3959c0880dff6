/// What a script asks for when it suspends: one journaled crossing of the border.
public struct StepRequest: Sendable {
    public enum Action: Sendable {
        /// Performed by the session's channel, in the session's order.
        case channel(ChannelEffect)
        /// Performed by the host itself.
        case host(HostEffect)
        /// Resolved by an event or by the clock.
        case wait(Wait)
    }

    /// The step's name in the journal, such as `session:reply`.
    public let kind: String
    public let action: Action
    /// The session that the effect goes to; `nil` for what belongs to none.
    public let session: SessionID?
    /// The arguments as canonical JSON, as people read them in the journal. Holds secrets by name only.
    public let arguments: RawJSON
    /// `file:line` of the call in the script.
    public let location: String
    /// Tells whether a replayed step is the recorded one: a digest over kind, session and arguments.
    public let digest: UInt64

    public init(kind: String, action: Action, session: SessionID?, arguments: RawJSON, location: String) {
        self.kind = kind
        self.action = action
        self.session = session
        self.arguments = arguments
        self.location = location
        var digest = StableHash()
        digest.combine(kind.utf8)
        digest.combine(separator: 0)
        if let session {
            digest.combine(session.channel.rawValue.utf8)
            digest.combine(separator: 1)
            digest.combine(session.id.utf8)
        }
        digest.combine(separator: 2)
        digest.combine(arguments.bytes)
        self.digest = digest.value
    }
}
