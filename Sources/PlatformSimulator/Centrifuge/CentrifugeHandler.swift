import NIOCore
import NIOWebSocket

/// The receiving side of one Centrifuge connection: frames, their lines, and the state before and after `connect`.
///
/// Bound to its event loop. The backend is asked in a task; commands that come meanwhile wait their turn.
final class CentrifugeHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    enum Phase {
        /// Waits for the connect command.
        case new
        case asking
        case connected(CentrifugeGuest)
        /// The connect command was refused: nothing more is heard.
        case refused
    }

    static let largestCommand = 65_536
    private static let refusalTime = TimeAmount.seconds(5)

    let hub: CentrifugeHub
    let backend: any CentrifugeBackend
    let faults: FaultDials
    let log: CommandLog
    private let plan: FaultSettings.Centrifuge.Connect
    var phase = Phase.new
    private(set) var socket: CentrifugeSocket?
    private var waiting: [CentrifugeCommand] = []
    private var fragments: ByteBuffer?
    var timers = CentrifugeTimers()

    init(server: CentrifugeServer, plan: FaultSettings.Centrifuge.Connect) {
        hub = server.hub
        backend = server.backend
        faults = server.faults
        log = server.log
        self.plan = plan
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let socket = CentrifugeSocket(
            channel: context.channel, number: hub.nextConnection(), faults: faults, mode: .normal)
        self.socket = socket
        hub.add(socket)
        let wait = TimeAmount.milliseconds(Int64(faults.centrifuge.connectWaitMilliseconds))
        timers.connect = context.eventLoop.assumeIsolated().scheduleTask(in: wait) {
            if case .new = self.phase { socket.close(.stale) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timers.cancel()
        if let socket { hub.remove(socket) }
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { socket?.drain() }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        // The server allows half-closed connections for HTTP; a WebSocket with one side closed is over.
        case let event as ChannelEvent where event == .inputClosed: context.close(promise: nil)
        case is ChannelShouldQuiesceEvent: socket?.close(.shutdown)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text where frame.fin, .binary where frame.fin: read(frame.unmaskedData)
        case .text, .binary: fragments = frame.unmaskedData
        case .continuation:
            guard var collected = fragments else { return }
            var part = frame.unmaskedData
            collected.writeBuffer(&part)
            fragments = frame.fin ? nil : collected
            if frame.fin { read(collected) }
        case .ping:
            let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
            context.channel.writeAndFlush(pong, promise: nil)
        case .connectionClose:
            let channel = context.channel
            guard socket?.isClosing != true else {
                channel.close(promise: nil)
                return
            }
            let echo = WebSocketFrame(fin: true, opcode: .connectionClose, data: frame.unmaskedData)
            channel.writeAndFlush(echo).whenComplete { _ in channel.close(promise: nil) }
        default: break
        }
    }

    private func read(_ bytes: ByteBuffer) {
        guard let socket, !socket.isClosing else { return }
        if case .refused = phase { return }
        guard bytes.readableBytes <= Self.largestCommand else { return end(.tooLarge) }
        var lines = bytes.readableBytesView.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
        for line in lines {
            log.add(connection: socket.number, line)
            guard let command = CentrifugeCommand(line: line) else { return end(.badRequest) }
            accept(command)
            if socket.isClosing { return }
        }
    }

    private func accept(_ command: CentrifugeCommand) {
        switch phase {
        case .new:
            guard command.id > 0, command.kind == .connect else { return end(.badRequest) }
            connect(command)
        case .asking: waiting.append(command)
        case .connected(let guest): handle(command, guest)
        case .refused: break
        }
    }

    func end(_ closure: CentrifugeClosure) {
        guard let socket else { return }
        socket.close(closure)
        // What is published from now on does not reach it any more.
        hub.remove(socket)
    }

    private func connect(_ command: CentrifugeCommand) {
        guard let socket else { return }
        timers.connect?.cancel()
        phase = .asking
        let credentials = CentrifugeCredentials(
            token: command.body["token"]?.string ?? "", data: command.body["data"] ?? .null)
        let bound = NIOLoopBound(self, eventLoop: socket.channel.eventLoop)
        let backend = backend
        switch plan.mode {
        case .silent: return
        case .error:
            settle(
                command,
                .failed(
                    .init(
                        code: plan.code, message: plan.reason.isEmpty ? "error" : plan.reason,
                        isTemporary: plan.temporary)))
        case .close: settle(command, .closed(.init(code: plan.code, reason: plan.reason)))
        case .normal, .refused:
            Task {
                let verdict = await backend.admit(credentials)
                bound.execute { $0.settle(command, verdict) }
            }
        }
    }

    private func settle(_ command: CentrifugeCommand, _ verdict: CentrifugeVerdict) {
        guard case .asking = phase, let socket, !socket.isClosing, socket.channel.isActive else { return }
        switch verdict {
        case .closed(let closure): end(closure)
        case .failed(let failure):
            phase = .refused
            socket.send(command.failure(failure))
            socket.channel.eventLoop.scheduleTask(in: Self.refusalTime) { socket.kill() }
        case .admitted(let guest):
            phase = .connected(guest)
            welcome(command, guest, socket)
            let commands = waiting
            waiting = []
            for command in commands where !socket.isClosing { accept(command) }
        }
    }
}

extension NIOLoopBound {
    /// Uses the value on its loop, from anywhere.
    func execute(_ body: @escaping @Sendable (Value) -> Void) {
        eventLoop.execute { body(self.value) }
    }
}
