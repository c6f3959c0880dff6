/// Something for the log that changes nothing.
enum MachineNote: Sendable, Hashable {
    /// Numbers of a channel's stream were skipped. Said once per connection.
    case gap(channel: String)
    /// The connection was closed because the consumer is too far behind.
    case consumerBehind
    /// The connection ended so soon that the next wait is not a short one.
    case shortLife
    /// An answer to no command: too late, or never asked for.
    case strayReply
}
