/// How a cable client is doing at one moment.
public struct CableStatus: Sendable, Hashable {
    /// Where the connection is in its life.
    public enum Phase: String, Sendable, Hashable {
        case idle, connecting, live, degraded, waiting, stopped
    }

    /// Where the connection is in its life.
    public var phase: Phase

    /// Attempts since the last stable connection.
    public var attempts: Int

    /// Why the last connection was lost or could not be made, in one sentence; `nil` while all is well.
    public var failure: String?

    /// Time since the last frame, pings included; `nil` before the first connection.
    public var silence: Duration?
}
