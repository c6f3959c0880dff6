import NIOCore

/// Ends the connection when neither the socket nor a walk over its batches is referenced any more.
final class ConnectionLifetime: Sendable {
    let channel: any Channel

    init(channel: any Channel) {
        self.channel = channel
    }

    deinit {
        channel.triggerUserOutboundEvent(SessionCommand.abort, promise: nil)
    }
}
