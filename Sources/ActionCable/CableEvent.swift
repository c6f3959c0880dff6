/// What a subscription hears.
public enum CableEvent: Sendable, Hashable {
    /// The server confirmed the subscription. `reconnect` tells whether it had been confirmed before: then events may
    /// have been missed in between.
    case confirmed(reconnect: Bool)

    /// A data frame for this subscription, whole and as received.
    case frame([UInt8])

    /// The server rejected the subscription. It is tried again only after `replaceToken`.
    case rejected

    /// The server did not answer: the token in the identifier may be wrong. Read it again and call `replaceToken`,
    /// with the same identifier if nothing changed. Without a call the same identifier is tried again.
    case tokenSuspect(round: Int)

    /// All rounds failed. The socket stays up for the others; the next connection tries once more.
    case authFailed

    /// Nothing was heard on the socket for a while, pings included.
    case degraded

    /// Frames are coming again after `degraded`.
    case recovered

    /// The connection was lost, or could not be made. The client goes on trying.
    case disconnected(reason: String)

    /// The server asked not to come back, or the client was stopped. Nothing follows.
    case stopped(reason: String)
}
