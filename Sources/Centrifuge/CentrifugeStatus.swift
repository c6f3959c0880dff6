/// How a client is doing at one moment.
public struct CentrifugeStatus: Sendable, Hashable {
    /// Where the connection is in its life.
    public enum Phase: String, Sendable, Hashable {
        /// `run` was not called yet.
        case idle
        /// Credentials are being had, the socket is being opened, or the server has not accepted yet.
        case connecting
        case connected
        /// Between two attempts.
        case waiting
        /// The consumer is too far behind: the next attempt waits for it.
        case heldBack
        case stopped
    }

    /// Where the connection is in its life.
    public var phase: Phase

    /// Attempts since the last stable connection.
    public var attempts: Int

    /// Why the last connection was lost or could not be made; `nil` while all is well.
    public var failure: CentrifugeReason?

    /// Time since the last frame; `nil` without a connection.
    public var silence: Duration?

    /// Events that wait for the consumer.
    public var waitingEvents: Int

    /// Publications dropped because they had come before.
    public var duplicates: Int
}
