import Foundation
import NIOCore

/// Lets a listening port rest when the process cannot open what another connection needs.
///
/// Such a port stays readable, so that it would be looked at again at once and without end. Those who knock wait.
final class AcceptPause: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = Never

    static let length = TimeAmount.seconds(1)

    /// Told of each error that begins a rest.
    private let tell: @Sendable (IOError) -> Void
    private var end: Scheduled<Void>?

    init(tell: @escaping @Sendable (IOError) -> Void) {
        self.tell = tell
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError, Self.isShortage(error) else {
            context.fireErrorCaught(error)
            return
        }
        guard end == nil else { return }
        tell(error)
        reads(context, false)
        let bound = context.loopBound
        end = context.eventLoop.assumeIsolated().scheduleTask(in: Self.length) { [weak self] in
            self?.end = nil
            self?.reads(bound.value, true)
        }
    }

    func read(context: ChannelHandlerContext) {
        if end == nil { context.read() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end?.cancel()
        end = nil
    }

    /// A read that is under way ends with this option only.
    private func reads(_ context: ChannelHandlerContext, _ value: Bool) {
        // Fails on a port that has been closed.
        try? context.channel.syncOptions?.setOption(.autoRead, value: value)
    }

    private static func isShortage(_ error: IOError) -> Bool {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode)
    }
}
