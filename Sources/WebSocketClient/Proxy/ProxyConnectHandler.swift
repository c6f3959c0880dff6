import NIOCore

/// Asks an HTTP proxy for a tunnel, and gets out of the way when it stands.
final class ProxyConnectHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    static let answerLimit = 16 << 10

    private let request: String
    private let promise: EventLoopPromise<Void>
    private var answer = ByteBuffer()
    private var isDone = false

    init(host: String, port: Int, proxy: ProxyAddress, promise: EventLoopPromise<Void>) {
        let authority = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        var request = "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n"
        if let credentials = proxy.basicCredentials { request += "Proxy-Authorization: Basic \(credentials)\r\n" }
        self.request = request + "\r\n"
        self.promise = promise
    }

    func handlerAdded(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        if isDone {
            context.fireChannelRead(data)
            return
        }
        answer.writeBuffer(&part)
        let text = String(buffer: answer)
        guard let end = text.range(ofASCII: "\r\n\r\n") else {
            if answer.readableBytes > Self.answerLimit { finish(context, status: nil) }
            return
        }
        let status = text[..<end.lowerBound].split(separator: " ").dropFirst().first.flatMap { Int($0.prefix(3)) }
        finish(context, status: text.hasPrefix("HTTP/1.") ? status : nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(context, status: nil)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(context, status: nil)
    }

    private func finish(_ context: ChannelHandlerContext, status: Int?) {
        if isDone { return }
        isDone = true
        switch status {
        case .some(200..<300):
            // Nothing follows the answer before we have spoken: the server in the tunnel waits for us.
            context.pipeline.syncOperations.removeHandler(context: context, promise: promise)
        case .some(407):
            promise.fail(
                WebSocketError(.proxy, "The proxy wants other credentials.", retryable: false, httpStatus: 407))
            context.close(promise: nil)
        case let status:
            let why = status.map { "answered HTTP \($0)" } ?? "gave no usable answer"
            let message = "The proxy \(why) to the request for a tunnel."
            promise.fail(WebSocketError(.proxy, message, retryable: true, httpStatus: status))
            context.close(promise: nil)
        }
    }
}
