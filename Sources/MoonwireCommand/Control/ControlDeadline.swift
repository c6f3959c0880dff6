import NIOCore

/// Closes a connection that does not bring a whole request in time. Stands behind the line decoder.
///
/// The time counts while the other side is to speak: from the start to its line, and from each answer to the next line.
final class ControlDeadline: ChannelDuplexHandler {
    typealias InboundIn = [UInt8]
    typealias OutboundIn = [UInt8]
    typealias OutboundOut = [UInt8]

    private let limit: TimeAmount
    private var alarm: Scheduled<Void>?

    init(_ limit: TimeAmount) {
        self.limit = limit
    }

    func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        alarm?.cancel()
        alarm = nil
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        start(context)
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        alarm?.cancel()
        alarm = nil
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        alarm?.cancel()
        alarm = nil
    }

    private func start(_ context: ChannelHandlerContext) {
        alarm?.cancel()
        alarm = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { context.close(promise: nil) }
    }
}
