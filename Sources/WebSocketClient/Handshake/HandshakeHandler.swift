import NIOCore
import NIOHTTP1
import NIOSSL
import NIOWebSocket

/// Sends the upgrade request, reads the answer, and makes the pipeline a WebSocket's or says why not.
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// How much of the body of a refusal is kept, and how long it may take to come.
    static let bodyLimit = 512
    static let bodyTimeout: TimeAmount = .seconds(1)

    private let request: HTTPRequestHead
    private let upgrader: NIOWebSocketClientUpgrader
    private let host: String
    private let query: String?
    private let promise: EventLoopPromise<HTTPResponseHead>
    /// Builds the WebSocket part of the pipeline, behind the HTTP handlers.
    private let install: (ChannelPipeline.SynchronousOperations) throws -> Void
    private let httpHandlers: HTTPHandlers

    private var head: HTTPResponseHead?
    private var body: [UInt8] = []
    private var isDone = false
    private var wasSent = false

    init(
        request: HTTPRequestHead, upgrader: NIOWebSocketClientUpgrader, host: String, query: String?,
        httpHandlers: HTTPHandlers, promise: EventLoopPromise<HTTPResponseHead>,
        install: @escaping (ChannelPipeline.SynchronousOperations) throws -> Void
    ) {
        self.request = request
        self.upgrader = upgrader
        self.host = host
        self.query = query
        self.httpHandlers = httpHandlers
        self.promise = promise
        self.install = install
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // Over TLS this waits inside the TLS handler until the handshake is over.
        if context.channel.isActive { send(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        send(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isDone { return }
        switch unwrapInboundIn(data) {
        case .head(let head): received(context, head)
        case .body(let part): collect(context, part)
        case .end: head.map { $0.status == .switchingProtocols ? upgrade(context, $0) : refuse(context, $0) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let head {
            refuse(context, head)
        } else {
            fail(context, WebSocketError(.closed, "\(host) closed the connection without an answer.", retryable: true))
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isDone { return }
        if let head {
            refuse(context, head)
        } else {
            let certificate = try? context.pipeline.syncOperations.handler(type: NIOSSLHandler.self).peerCertificate
            fail(context, ConnectFailure.handshake(error, host: host, certificate: certificate))
        }
    }

    private func send(_ context: ChannelHandlerContext) {
        if wasSent { return }
        wasSent = true
        context.write(wrapOutboundOut(.head(request)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func received(_ context: ChannelHandlerContext, _ head: HTTPResponseHead) {
        self.head = head
        if head.status == .switchingProtocols { return httpHandlers.splitter.holdRest() }
        httpHandlers.splitter.passRest()
        // A server that keeps the connection open may never end the body.
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.bodyTimeout) { [weak self] in
            self?.refuse(context, head)
        }
    }

    private func collect(_ context: ChannelHandlerContext, _ part: ByteBuffer) {
        body.append(contentsOf: part.readableBytesView.prefix(Self.bodyLimit - body.count))
        if body.count >= Self.bodyLimit { head.map { refuse(context, $0) } }
    }

    private func upgrade(_ context: ChannelHandlerContext, _ head: HTTPResponseHead) {
        guard head.isUpgradeToWebSocket, upgrader.shouldAllowUpgrade(upgradeResponse: head) else {
            let message = "\(host) switched protocols, but not by the rules of WebSocket."
            fail(context, WebSocketError(.protocolViolation, message, retryable: false))
            return
        }
        isDone = true
        let pipeline = context.pipeline.syncOperations
        let gone = context.eventLoop.makePromise(of: Void.self)
        pipeline.removeHandler(httpHandlers.encoder, promise: nil)
        pipeline.removeHandler(httpHandlers.decoder, promise: gone)
        gone.futureResult.assumeIsolated().whenComplete { _ in self.becomeWebSocket(context, head) }
    }

    private func becomeWebSocket(_ context: ChannelHandlerContext, _ head: HTTPResponseHead) {
        do {
            let pipeline = context.pipeline.syncOperations
            // Fails on a channel that has ended meanwhile, which is no reason to lose its last frames.
            try? context.channel.syncOptions?.setOption(.autoRead, value: false)
            try install(pipeline)
            promise.succeed(head)
            pipeline.removeHandler(context: context, promise: nil)
            try httpHandlers.splitter.release(pipeline)
        } catch {
            promise.fail(ConnectFailure.ended(by: error))
            context.close(promise: nil)
        }
    }

    private func refuse(_ context: ChannelHandlerContext, _ head: HTTPResponseHead) {
        if isDone { return }
        fail(context, ConnectFailure.refused(head, body: body, host: host, hiding: query))
    }

    private func fail(_ context: ChannelHandlerContext, _ error: WebSocketError) {
        if isDone { return }
        isDone = true
        promise.fail(error)
        context.close(promise: nil)
    }
}

/// The handlers of the HTTP part, in their order, to be removed after the upgrade.
struct HTTPHandlers {
    let splitter = HeadSplitter()
    let encoder = HTTPRequestEncoder()
    let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
}

extension HTTPResponseHead {
    fileprivate var isUpgradeToWebSocket: Bool {
        headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
    }
}
