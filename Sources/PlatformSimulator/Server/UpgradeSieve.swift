import NIOCore
import NIOHTTP1

/// Lets only those upgrade requests through that will be granted, and turns all others into plain requests.
///
/// NIO's upgrade handler drops the head of a request whose upgrade is refused, so that no answer could be given: a refusal
/// has to happen before it, and `Upgrade: h2c`, which HTTP clients send on their own, must not reach it at all.
final class UpgradeSieve: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    enum Verdict {
        case grant
        /// Not a request for an upgrade, or for none that exists here.
        case ignore
        case refuse(status: Int)
    }

    /// Carries the status of a refusal to the route that answers it.
    static let refusalHeader = "x-simulator-refusal"

    private let judge: (HTTPRequestHead) -> Verdict
    private var isDone = false

    init(judge: @escaping (HTTPRequestHead) -> Verdict) { self.judge = judge }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // After the first head nothing can become a WebSocket any more, and what flows may not even be HTTP.
        guard !isDone, case .head(var head) = unwrapInboundIn(data) else {
            context.fireChannelRead(data)
            return
        }
        isDone = true
        head.headers.remove(name: Self.refusalHeader)
        switch judge(head) {
        case .grant: break
        case .ignore: strip(&head)
        case .refuse(let status):
            strip(&head)
            head.headers.add(name: Self.refusalHeader, value: String(status))
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    private func strip(_ head: inout HTTPRequestHead) {
        guard head.headers.contains(name: "Upgrade") else { return }
        head.headers.remove(name: "Upgrade")
        // The decoder reads nothing after a request that wanted an upgrade, so the connection ends with its answer.
        head.headers.replaceOrAdd(name: "Connection", value: "close")
    }
}
