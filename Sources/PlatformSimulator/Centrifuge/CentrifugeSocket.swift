import Foundation
import NIOCore
import NIOWebSocket
import Synchronization

/// The sending side of one Centrifuge connection: an outbox that any thread fills and the event loop packs into frames.
final class CentrifugeSocket: Sendable {
    private enum Item {
        case message([UInt8])
        /// Bytes that stand alone in their frame, whatever they are.
        case frame([UInt8])
    }

    private struct State {
        var outbox: [Item] = []
        var queued = 0
        var isScheduled = false
        var isClosing = false
        var mode: SocketMode
    }

    let channel: any Channel
    /// Counts connections from 1, so that captured commands can be told apart.
    let number: Int
    /// The id that the client is given.
    let id = UUID().uuidString.lowercased()
    private let faults: FaultDials
    private let state: Mutex<State>

    /// How long the peer has to answer a close frame.
    private static let closingTime = TimeAmount.seconds(5)

    init(channel: any Channel, number: Int, faults: FaultDials, mode: SocketMode) {
        self.channel = channel
        self.number = number
        self.faults = faults
        state = Mutex(State(mode: mode))
    }

    var mode: SocketMode {
        get { state.withLock { $0.mode } }
        set { state.withLock { $0.mode = newValue } }
    }

    var isClosing: Bool { state.withLock { $0.isClosing } }

    func sendPublication(_ push: [UInt8]) { enqueue(.message(push), push.count, unless: [.silent, .deaf, .mute]) }

    func sendPing() { enqueue(.message(Array("{}".utf8)), 2, unless: [.silent, .deaf]) }

    /// Sends what belongs to the protocol: replies, and pushes that are no publications.
    func send(_ value: JSONValue) {
        let bytes = value.bytes()
        enqueue(.message(bytes), bytes.count, unless: [.silent])
    }

    func sendRaw(_ text: String) { enqueue(.frame(Array(text.utf8)), text.utf8.count, unless: []) }

    private func enqueue(_ item: Item, _ size: Int, unless quiet: [SocketMode]) {
        enum Step { case nothing, drain, giveUp }
        let limit = faults.centrifuge.queueLimit
        let step = state.withLock { state -> Step in
            guard !quiet.contains(state.mode), !state.isClosing else { return .nothing }
            state.outbox.append(item)
            state.queued += size
            if limit > 0, state.queued > limit { return .giveUp }
            defer { state.isScheduled = true }
            return state.isScheduled ? .nothing : .drain
        }
        switch step {
        case .nothing: break
        case .giveUp: close(.slow)
        case .drain:
            let hold = faults.centrifuge.holdMilliseconds
            if hold > 0 {
                channel.eventLoop.scheduleTask(in: .milliseconds(Int64(hold))) { self.drain() }
            } else {
                channel.eventLoop.execute { self.drain() }
            }
        }
    }

    /// Packs what waits into frames, as far as the connection takes them; called again when it takes more.
    func drain() {
        let most = max(1, faults.centrifuge.messagesPerFrame)
        while channel.isWritable {
            let packed = state.withLock { state -> ByteBuffer? in
                defer { state.isScheduled = !state.outbox.isEmpty }
                return Self.pack(&state, most: most)
            }
            guard let packed else { break }
            channel.write(WebSocketFrame(fin: true, opcode: .text, data: packed), promise: nil)
        }
        channel.flush()
    }

    private static func pack(_ state: inout State, most: Int) -> ByteBuffer? {
        var buffer = ByteBuffer()
        var count = 0
        loop: for item in state.outbox.prefix(most) {
            switch item {
            case .message(let bytes):
                if count > 0 { buffer.writeInteger(UInt8(ascii: "\n")) }
                buffer.writeBytes(bytes)
                state.queued -= bytes.count
            case .frame(let bytes):
                guard count == 0 else { break loop }
                buffer.writeBytes(bytes)
                state.queued -= bytes.count
                count = 1
                break loop
            }
            count += 1
        }
        state.outbox.removeFirst(count)
        return count > 0 ? buffer : nil
    }

    /// Says why and ends; a code of 3000 ends without a word, as the server does it.
    func close(_ closure: CentrifugeClosure) {
        guard
            state.withLock({ state in
                defer { state.isClosing = true }
                return !state.isClosing
            })
        else { return }
        guard closure.code != 3000 else {
            kill()
            return
        }
        channel.eventLoop.execute {
            self.drain()
            // Nothing may follow the close frame.
            self.state.withLock { $0.outbox = [] }
            var data = ByteBuffer()
            data.write(webSocketErrorCode: WebSocketErrorCode(codeNumber: closure.code))
            data.writeBytes(closure.reason.utf8.prefix(123))
            self.channel.writeAndFlush(WebSocketFrame(fin: true, opcode: .connectionClose, data: data), promise: nil)
            self.channel.eventLoop.scheduleTask(in: Self.closingTime) { self.channel.close(promise: nil) }
        }
    }

    /// Cuts the connection with no goodbye.
    func kill() { channel.close(promise: nil) }
}
