/// A place in a channel's stream, from which the server can send what was missed.
public struct CentrifugePosition: Sendable, Hashable {
    /// Names the stream. Offsets of different epochs cannot be compared.
    public var epoch: String

    /// The number of the last publication before this place; 0 before the first.
    public var offset: UInt64

    /// Creates a position.
    public init(epoch: String, offset: UInt64) {
        self.epoch = epoch
        self.offset = offset
    }
}
