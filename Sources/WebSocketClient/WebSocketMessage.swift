/// One whole message, put together from its fragments.
public struct WebSocketMessage: Sendable, Hashable {
    /// What the sender declared the payload to be.
    public enum Kind: Sendable, Hashable {
        /// Valid UTF-8.
        case text
        /// Any bytes.
        case binary
    }

    /// What the sender declared the payload to be.
    public var kind: Kind

    /// The unmasked bytes.
    public var payload: [UInt8]

    /// Creates a message.
    public init(kind: Kind, payload: [UInt8]) {
        self.kind = kind
        self.payload = payload
    }
}
