import NIOCore
import NIOHTTP1
import Synchronization

/// Holds a connection until somebody serves it.
///
/// A listener that is closed at the moment of an accept lets go of what it has just set up, and NIO ends the process
/// when a connection's writer goes away without having been finished. So it is held here, and finished with the
/// connection: the deadlines see to that one's end.
final class Unserved: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias Parts = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    /// What is held; also touched by whoever serves, which is no thread of the channel's.
    final class Place: Sendable {
        private let parts: Mutex<Parts?>

        init(_ parts: Parts) {
            self.parts = Mutex(parts)
        }

        /// Once: for whoever serves the connection, or for its end.
        func take() -> Parts? {
            parts.withLock { parts in
                defer { parts = nil }
                return parts
            }
        }
    }

    private let place: Place

    init(_ place: Place) {
        self.place = place
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let parts = place.take() { Task { try? await parts.executeThenClose { _, _ in } } }
        context.fireChannelInactive()
    }
}
