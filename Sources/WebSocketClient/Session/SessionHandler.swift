import Logging
import NIOCore
import NIOWebSocket

/// Turns frames into batches, answers control frames, and keeps the deadlines of an open connection.
///
/// Reads from the socket only when the consumer wants more: automatic reading is off.
final class SessionHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = Never
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    typealias Source = WebSocketBatches.Producer.Source

    /// How long the peer may take to answer a close frame.
    static let closeTimeout: TimeAmount = .seconds(5)

    private let configuration: WebSocketConfiguration
    private let outcome: SessionOutcome
    private let source: Source
    private let logger: Logger
    private let tap: WebSocketTap.Connection?

    private var assembler: MessageAssembler
    private var batch: [WebSocketMessage] = []
    private var consumerIsBehind = false
    private var isFinished = false
    private var sentClose: WebSocketClosure?
    private var lastRead = NIODeadline.uptimeNanoseconds(0)

    init(configuration: WebSocketConfiguration, outcome: SessionOutcome, source: Source, logger: Logger) {
        self.configuration = configuration
        self.outcome = outcome
        self.source = source
        self.logger = logger
        self.tap = configuration.tap?.newConnection()
        self.assembler = MessageAssembler(maxMessageSize: configuration.maxMessageSize)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        lastRead = context.eventLoop.now
        tap?.tell(.opened(url: configuration.url))
        if let interval = configuration.pingInterval { schedulePing(context, every: TimeAmount(interval)) }
        if let timeout = configuration.idleTimeout { scheduleIdleCheck(context, timeout: TimeAmount(timeout)) }
        context.read()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish(nil, WebSocketClosure(code: 1006, reason: "", wasClean: false, isLocal: false))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isFinished { return }
        do {
            switch try assembler.append(unwrapInboundIn(data)) {
            case .none: break
            case .message(let message):
                if sentClose == nil { batch.append(message) }
                tap?.tell(.received(message))
            case .ping(let data): write(context, .pong, data)
            case .close(let code, let reason): receivedClose(context, code: code, reason: reason)
            }
        } catch {
            violated(context, error)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        lastRead = context.eventLoop.now
        deliver()
        if !consumerIsBehind, !isFinished { context.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deliver()
        let closure = sentClose ?? WebSocketClosure(code: 1006, reason: "", wasClean: false, isLocal: false)
        finish(nil, closure)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error as? NIOWebSocketError {
        case .invalidFrameLength:
            let limit = configuration.maxFrameSize
            violated(context, .init(code: 1009, message: "a frame is larger than \(limit) bytes"))
        case .fragmentedControlFrame, .multiByteControlFrameLength:
            violated(context, .init(code: 1002, message: "a control frame is fragmented or too long"))
        case nil:
            fail(context, ConnectFailure.ended(by: error))
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if let tap {
            let frame = unwrapOutboundIn(data)
            let kind: WebSocketMessage.Kind = frame.opcode == .binary ? .binary : .text
            tap.tell(.sent(WebSocketMessage(kind: kind, payload: Array(frame.data.readableBytesView))))
        }
        context.write(data, promise: promise)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        switch event as? SessionCommand {
        case .close(let code, let reason):
            startClose(context, code: code, reason: reason)
            promise?.succeed()
        case .abort:
            deliver()
            finish(nil, WebSocketClosure(code: 1006, reason: "aborted", wasClean: false, isLocal: true))
            context.close(promise: nil)
            promise?.succeed()
        case .resumeReading:
            if consumerIsBehind { lastRead = context.eventLoop.now }
            consumerIsBehind = false
            if !isFinished { context.read() }
            promise?.succeed()
        case nil:
            context.triggerUserOutboundEvent(event, promise: promise)
        }
    }

    /// Hands the messages of one read to the consumer.
    private func deliver() {
        if batch.isEmpty || isFinished { return }
        let whole = batch
        batch.removeAll(keepingCapacity: false)
        if case .stopProducing = source.yield(contentsOf: CollectionOfOne(whole)) { consumerIsBehind = true }
    }

    private func receivedClose(_ context: ChannelHandlerContext, code: UInt16?, reason: String) {
        deliver()
        if var closure = sentClose {
            closure.wasClean = true
            finish(nil, closure)
        } else {
            finish(nil, WebSocketClosure(code: code ?? 1005, reason: reason, wasClean: true, isLocal: false))
            writeClose(context, code: code, reason: "")
        }
        context.close(promise: nil)
    }

    private func startClose(_ context: ChannelHandlerContext, code: UInt16, reason: String) {
        if isFinished {
            context.close(promise: nil)
            return
        }
        if sentClose != nil { return }
        let code = MessageAssembler.mayBeSent(code) ? code : 1000
        sentClose = WebSocketClosure(code: code, reason: reason, wasClean: false, isLocal: true)
        writeClose(context, code: code, reason: reason)
        schedule(context, in: Self.closeTimeout) { handler, context in
            context.close(promise: nil)
        }
        // The answer may be behind data that the consumer has not asked for.
        consumerIsBehind = false
        context.read()
    }

    /// Tells the peer which rule it broke, and gives the connection up.
    private func violated(_ context: ChannelHandlerContext, _ violation: MessageAssembler.Violation) {
        if isFinished { return }
        writeClose(context, code: violation.code, reason: violation.message)
        fail(
            context,
            WebSocketError(
                violation.code == 1009 ? .tooLarge : .protocolViolation,
                "The connection was closed because \(violation.message).", retryable: true),
            code: violation.code)
    }

    private func fail(_ context: ChannelHandlerContext, _ error: WebSocketError, code: UInt16 = 1006) {
        deliver()
        finish(error, WebSocketClosure(code: code, reason: error.message, wasClean: false, isLocal: true))
        context.close(promise: nil)
    }

    private func finish(_ error: WebSocketError?, _ closure: WebSocketClosure) {
        if isFinished { return }
        isFinished = true
        batch = []
        tap?.tell(.closed(closure))
        // The closure is readable before the consumer sees the end.
        outcome.settle(closure)
        if let error { source.finish(error) } else { source.finish() }
    }
}

// MARK: - Frames sent and deadlines

extension SessionHandler {
    private func write(_ context: ChannelHandlerContext, _ opcode: WebSocketOpcode, _ data: ByteBuffer) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    private func writeClose(_ context: ChannelHandlerContext, code: UInt16?, reason: String) {
        var data = context.channel.allocator.buffer(capacity: 128)
        if let code {
            data.writeInteger(code)
            var room = 123
            let fitting = reason.prefix { letter in
                room -= letter.utf8.count
                return room >= 0
            }
            data.writeString(String(fitting))
        }
        write(context, .connectionClose, data)
    }

    private func schedulePing(_ context: ChannelHandlerContext, every interval: TimeAmount) {
        schedule(context, in: interval) { handler, context in
            handler.write(context, .ping, ByteBuffer())
            handler.schedulePing(context, every: interval)
        }
    }

    private func scheduleIdleCheck(_ context: ChannelHandlerContext, timeout: TimeAmount) {
        // While the consumer is behind nothing is read, and the silence is ours.
        let now = context.eventLoop.now
        let due = consumerIsBehind ? now + timeout : lastRead + timeout
        schedule(context, in: max(due - now, .milliseconds(1))) { handler, context in
            if !handler.consumerIsBehind, handler.lastRead + timeout <= context.eventLoop.now {
                let message = "Nothing was heard for \(Duration(timeout)); the connection was given up."
                handler.fail(context, WebSocketError(.timeout, message, retryable: true))
            } else {
                handler.scheduleIdleCheck(context, timeout: timeout)
            }
        }
    }

    private func schedule(
        _ context: ChannelHandlerContext, in delay: TimeAmount,
        _ body: @escaping (SessionHandler, ChannelHandlerContext) -> Void
    ) {
        context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            guard let self, !self.isFinished else { return }
            body(self, context)
        }
    }
}
