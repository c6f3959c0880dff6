import NIOCore
import NIOHTTP1

/// A request's peer was too slow.
struct SlowPeer: Error {}

/// Ends connections whose peers take too long, to write and to read.
///
/// Stands above the HTTP codec; ``RawEnd`` below it tells of bytes that are no part yet.
final class ConnectionDeadlines: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart

    private let patience: ServerSettings.Patience
    private let raw: RawEnd
    private var phase: ConnectionPhase
    private var timer: Scheduled<Void>?
    private var timerDue = NIODeadline.distantFuture
    private var isOver = false
    private var unwritten = 0
    private var lastWritten: Duration
    private var streams = false

    init(patience: ServerSettings.Patience, raw: RawEnd) {
        self.patience = patience
        self.raw = raw
        phase = ConnectionPhase(patience: patience, now: Self.now)
        lastWritten = Self.now
    }

    private static var now: Duration { .nanoseconds(Int64(truncatingIfNeeded: NIODeadline.now().uptimeNanoseconds)) }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = context.loopBound
        raw.bytesCame = { [weak self] in
            guard let self else { return }
            phase.bytesCame(now: Self.now)
            schedule(bound.value)
        }
        schedule(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        isOver = true
        timer?.cancel()
        timer = nil
        raw.bytesCame = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: phase.headCame(now: Self.now)
        case .body: break
        case .end: phase.requestEnded()
        }
        schedule(context)
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            streams = head.status.mayHaveResponseBody && !head.headers.contains(name: "content-length")
        case .body: break
        case .end:
            streams = false
            // Before the write, which may already bring the next request of a pipeline.
            phase.answerEnded(now: Self.now)
        }
        unwritten += 1
        if unwritten == 1 { lastWritten = Self.now }
        let promise = promise ?? context.eventLoop.makePromise()
        let bound = context.loopBound
        promise.futureResult.assumeIsolated().whenComplete { [weak self] _ in
            guard let self else { return }
            unwritten -= 1
            lastWritten = Self.now
            schedule(bound.value)
        }
        schedule(context)
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Nobody reads a stream any more, which might say nothing for long.
        if streams, case ChannelEvent.inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    private var deadline: Duration? {
        let writing = unwritten > 0 ? lastWritten + patience.write : nil
        return [phase.deadline, writing].compactMap(\.self).min()
    }

    /// A timer that is early looks again; only one that would be late is replaced.
    private func schedule(_ context: ChannelHandlerContext) {
        guard !isOver, let deadline else { return }
        let due = NIODeadline.uptimeNanoseconds(UInt64(max(0, deadline / .nanoseconds(1))))
        if let timer {
            guard timerDue > due else { return }
            timer.cancel()
        }
        timerDue = due
        let bound = context.loopBound
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { [weak self] in
            self?.expire(bound.value)
        }
    }

    private func expire(_ context: ChannelHandlerContext) {
        timer = nil
        if unwritten > 0, Self.now >= lastWritten + patience.write {
            context.close(promise: nil)
            return
        }
        switch phase.expire(now: Self.now) {
        case .none: schedule(context)
        case .close: context.close(promise: nil)
        case .refuseHead:
            raw.refuse()
            schedule(context)
        case .refuseBody:
            context.fireErrorCaught(SlowPeer())
            schedule(context)
        }
    }
}

/// The bytes of a connection, before they are HTTP.
final class RawEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    var bytesCame: (() -> Void)?
    private let caller: Caller
    /// Told of a 408 that no request could be given.
    private let refused: @Sendable (any Channel) -> Void
    private var context: ChannelHandlerContext?
    private var hasBytes = false

    init(_ caller: Caller, refused: @escaping @Sendable (any Channel) -> Void) {
        self.caller = caller
        self.refused = refused
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasBytes = true
        bytesCame?()
        context.fireChannelRead(data)
    }

    /// Seen here at once; above the codec it comes after what a pipeline holds back.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { caller.leave() }
        context.fireUserInboundEventTriggered(event)
    }

    /// Answers half a request; a connection that never said anything is just closed.
    func refuse() {
        guard let context else { return }
        guard hasBytes else {
            context.close(promise: nil)
            return
        }
        refused(context.channel)
        let text = "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        let bound = context.loopBound
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text))).assumeIsolated().whenComplete { _ in
            bound.value.close(promise: nil)
        }
    }
}
