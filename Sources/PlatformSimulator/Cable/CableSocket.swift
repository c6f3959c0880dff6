import NIOCore
import NIOWebSocket
import Synchronization

/// The sending side of one WebSocket: an outbox that any thread fills and the event loop empties in one go.
final class CableSocket: Sendable {
    private struct State {
        var outbox: [ByteBuffer] = []
        var isScheduled = false
        var mode: SocketMode
        var streams: [String: [EventStream]] = [:]
        var isHalfSent = false
    }

    let channel: any Channel
    private let state: Mutex<State>

    init(channel: any Channel, mode: SocketMode) {
        self.channel = channel
        state = Mutex(State(mode: mode))
    }

    var mode: SocketMode {
        get { state.withLock { $0.mode } }
        set { state.withLock { $0.mode = newValue } }
    }

    /// What the socket's confirmed subscriptions listen to, by identifier.
    var streams: [String: [EventStream]] { state.withLock { $0.streams } }

    func setStreams(_ streams: [EventStream]?, for identifier: String) {
        state.withLock { $0.streams[identifier] = streams }
    }

    func sendEvent(_ frame: ByteBuffer) {
        enqueue(frame, unless: [.silent, .deaf, .mute])
    }

    func sendPing(_ frame: ByteBuffer) {
        enqueue(frame, unless: [.silent, .deaf])
    }

    /// Sends what belongs to the protocol: welcome, confirmations, goodbye.
    func sendControl(_ text: String) {
        enqueue(ByteBuffer(string: text), unless: [.silent])
    }

    private func enqueue(_ frame: ByteBuffer, unless quiet: [SocketMode]) {
        let mustSchedule = state.withLock { state in
            guard !quiet.contains(state.mode), !state.isHalfSent else { return false }
            state.outbox.append(frame)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if mustSchedule { channel.eventLoop.execute { self.drain() } }
    }

    private func drain() {
        let frames = state.withLock { state in
            defer {
                state.outbox.removeAll(keepingCapacity: true)
                state.isScheduled = false
            }
            return state.outbox
        }
        for frame in frames {
            channel.write(WebSocketFrame(fin: true, opcode: .text, data: frame), promise: nil)
        }
        channel.flush()
    }

    /// Says goodbye as a server that goes away, then closes with 1000.
    func disconnect(reason: String, reconnect: Bool) {
        sendControl("{\"type\":\"disconnect\",\"reason\":\"\(reason)\",\"reconnect\":\(reconnect)}")
        channel.eventLoop.execute {
            var data = ByteBuffer()
            data.write(webSocketErrorCode: .normalClosure)
            let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
            self.channel.writeAndFlush(frame).whenComplete { _ in
                // The peer's answer is not waited for: a server that goes down does not either.
                self.channel.close(promise: nil)
            }
        }
    }

    /// Cuts the connection with no goodbye.
    func kill() { channel.close(promise: nil) }

    /// Sends the first half of an event's frame, and then either nothing more or the end of the connection.
    func sendHalfFrame(thenCut: Bool) {
        state.withLock { $0.isHalfSent = true }
        let text = "{\"identifier\":\"half\",\"message\":{\"event\":\"message.created\",\"data\":{}}}"
        channel.eventLoop.execute {
            var bytes = ByteBuffer(bytes: [0x81, UInt8(text.utf8.count)])
            bytes.writeBytes(text.utf8.prefix(text.utf8.count / 2))
            // Past the encoder, as no encoder makes half a frame.
            let encoder = try? self.channel.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)
            encoder?.writeAndFlush(NIOAny(bytes), promise: nil)
            if thenCut { self.channel.close(promise: nil) }
        }
    }
}
