internal import Synchronization

/// Sees what passes over the connections of a configuration, for recordings.
///
/// What it is told may hold credentials. It is called on the connection's event loop and must be quick.
public final class WebSocketTap: Sendable {
    private let last = Atomic(0)
    private let observe: @Sendable (WebSocketTraffic) -> Void

    public init(_ observe: @escaping @Sendable (WebSocketTraffic) -> Void) {
        self.observe = observe
    }

    /// What one connection tells of itself.
    struct Connection: Sendable {
        let number: Int
        let tap: WebSocketTap

        func tell(_ happening: WebSocketTraffic.Happening) {
            tap.observe(WebSocketTraffic(connection: number, happening: happening))
        }
    }

    func newConnection() -> Connection {
        Connection(number: last.add(1, ordering: .relaxed).newValue, tap: self)
    }
}

/// One thing that happened on a connection.
public struct WebSocketTraffic: Sendable {
    /// What happened.
    public enum Happening: Sendable {
        /// The server switched protocols.
        case opened(url: String)
        /// This side sent a whole message. Control frames are not told.
        case sent(WebSocketMessage)
        /// The server sent a whole message.
        case received(WebSocketMessage)
        /// Nothing follows.
        case closed(WebSocketClosure)
    }

    /// Counts the connections of a tap, from 1.
    public let connection: Int
    public let happening: Happening
}
