import NIOCore
import Synchronization

/// All sockets of one simulator and what each of their subscriptions listens to.
///
/// One lock around the table of streams; frames are put into the sockets' outboxes outside of it.
final class CableHub: Sendable {
    private struct Listener: Sendable {
        let socket: CableSocket
        let identifier: String
        /// The frame up to the message: `{"identifier":"…","message":`.
        let prefix: [UInt8]
    }

    private struct State {
        var sockets: [ObjectIdentifier: CableSocket] = [:]
        var listeners: [EventStream: [Listener]] = [:]
        var frames = 0
        var refusals = 0
    }

    private let state = Mutex(State())

    var sockets: [CableSocket] { state.withLock { Array($0.sockets.values) } }

    var subscriptionCount: Int {
        state.withLock { state in
            // A user's subscription has two streams and counts once.
            Set(state.listeners.values.joined().map { "\(ObjectIdentifier($0.socket))\($0.identifier)" }).count
        }
    }

    /// Event frames handed to sockets so far.
    var frameCount: Int { state.withLock { $0.frames } }

    /// Subscribe commands that were refused in silence, for a wrong token above all.
    var refusalCount: Int { state.withLock { $0.refusals } }

    func countRefusal() {
        state.withLock { $0.refusals += 1 }
    }

    func add(_ socket: CableSocket) {
        state.withLock { $0.sockets[ObjectIdentifier(socket)] = socket }
    }

    func remove(_ socket: CableSocket) {
        state.withLock { state in
            state.sockets[ObjectIdentifier(socket)] = nil
            for stream in socket.streams.values.joined() {
                state.listeners[stream]?.removeAll { $0.socket === socket }
                if state.listeners[stream]?.isEmpty == true { state.listeners[stream] = nil }
            }
        }
    }

    func listen(_ socket: CableSocket, identifier: String, to streams: [EventStream]) {
        var prefix = Array("{\"identifier\":".utf8)
        JSONValue.string(identifier).write(to: &prefix, htmlSafe: true)
        prefix.append(contentsOf: ",\"message\":".utf8)
        let listener = Listener(socket: socket, identifier: identifier, prefix: prefix)
        state.withLock { state in
            for stream in streams { state.listeners[stream, default: []].append(listener) }
        }
    }

    func stopListening(_ socket: CableSocket, identifier: String, to streams: [EventStream]) {
        state.withLock { state in
            for stream in streams {
                state.listeners[stream]?.removeAll { $0.socket === socket && $0.identifier == identifier }
                if state.listeners[stream]?.isEmpty == true { state.listeners[stream] = nil }
            }
        }
    }

    func hasListeners(_ stream: EventStream) -> Bool {
        state.withLock { $0.listeners[stream] != nil }
    }

    /// Sends an event to every subscription that listens to one of the streams.
    func send(_ payload: [UInt8], to streams: [EventStream]) {
        let listeners = state.withLock { state in
            let found = streams.flatMap { state.listeners[$0] ?? [] }
            state.frames += found.count
            return found
        }
        for listener in listeners {
            var frame = ByteBuffer()
            frame.reserveCapacity(listener.prefix.count + payload.count + 1)
            frame.writeBytes(listener.prefix)
            frame.writeBytes(payload)
            frame.writeInteger(UInt8(ascii: "}"))
            listener.socket.sendEvent(frame)
        }
    }

    /// Sends a frame to every socket, pings above all.
    func ping(at seconds: Int) {
        let frame = ByteBuffer(string: "{\"type\":\"ping\",\"message\":\(seconds)}")
        for socket in sockets { socket.sendPing(frame) }
    }
}
