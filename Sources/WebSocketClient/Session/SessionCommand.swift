/// What the façade asks of the session handler, from any thread, as an outbound event.
enum SessionCommand: Sendable, Hashable {
    case close(code: UInt16, reason: String)
    case abort
    /// The consumer has caught up.
    case resumeReading
}
