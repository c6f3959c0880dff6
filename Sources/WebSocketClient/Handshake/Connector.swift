import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One attempt to connect: resolve, connect, tunnel, TLS, upgrade, all before one deadline.
struct Connector {
    let configuration: WebSocketConfiguration
    let eventLoop: any EventLoop
    let logger: Logger

    func connect() async throws -> WebSocket {
        let url = try WebSocketURL(parsing: configuration.url)
        let request = try UpgradeRequest(url: url, configuration: configuration)
        let proxy = try ProxyAddress.select(configuration.proxy, for: url) { name in
            getenv(name).map { String(cString: $0) }
        }
        let tls = url.isSecure ? try TLSContexts.context(for: configuration) : nil
        let plan = Plan(
            configuration: configuration, url: url, request: request, proxy: proxy, tls: tls, logger: logger,
            deadline: .now() + TimeAmount(configuration.connectTimeout))
        logger.debug("connecting", metadata: ["ws.url": "\(url.display)", "ws.proxied": "\(proxy != nil)"])
        let result = eventLoop.makePromise(of: WebSocket.self)
        return try await withTaskCancellationHandler {
            plan.run(on: eventLoop, result)
            return try await result.futureResult.get()
        } onCancel: {
            result.fail(WebSocketError(.cancelled, "Connecting was cancelled.", retryable: true))
        }
    }
}

/// Everything the attempt has decided before it begins.
private struct Plan: Sendable {
    let configuration: WebSocketConfiguration
    let url: WebSocketURL
    let request: UpgradeRequest
    let proxy: ProxyAddress?
    let tls: NIOSSLContext?
    let logger: Logger
    let deadline: NIODeadline

    func run(on eventLoop: any EventLoop, _ result: EventLoopPromise<WebSocket>) {
        let timeout = eventLoop.scheduleTask(deadline: deadline) {
            result.fail(WebSocketError(.timeout, "\(url.host) did not answer in time.", retryable: true))
        }
        result.futureResult.whenComplete { _ in timeout.cancel() }
        let (host, port) = proxy.map { ($0.host, $0.port) } ?? (url.host, url.port)
        ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(configuration.connectTimeout))
            .channelOption(.autoRead, value: false)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.maxMessagesPerRead, value: 8)
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 1 << 10, initial: 16 << 10, maximum: 64 << 10)
            )
            .connect(host: host, port: port)
            .flatMapErrorThrowing { error in
                throw ConnectFailure.connecting(error, host: host, port: port, isProxy: proxy != nil)
            }
            .flatMap { channel in
                // Whoever decides the result otherwise, by deadline or cancellation, ends the channel too.
                result.futureResult.whenFailure { _ in channel.close(promise: nil) }
                return tunnel(channel).flatMap { upgrade(channel) }
            }
            .cascade(to: result)
    }

    private func tunnel(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard let proxy else { return channel.eventLoop.makeSucceededVoidFuture() }
        let done = channel.eventLoop.makePromise(of: Void.self)
        do {
            let handler = ProxyConnectHandler(host: url.host, port: url.port, proxy: proxy, promise: done)
            try channel.pipeline.syncOperations.addHandler(handler)
            channel.setOption(.autoRead, value: true).cascadeFailure(to: done)
        } catch {
            done.fail(error)
        }
        return done.futureResult
    }

    private func upgrade(_ channel: any Channel) -> EventLoopFuture<WebSocket> {
        let done = channel.eventLoop.makePromise(of: HTTPResponseHead.self)
        let outcome = SessionOutcome()
        let batches = WebSocketBatches.Producer.makeSequence(
            elementType: [WebSocketMessage].self, failureType: (any Error).self,
            backPressureStrategy: .init(lowWatermark: 2, highWatermark: 4), finishOnDeinit: true,
            delegate: ReadingDelegate(channel: channel))
        do {
            let pipeline = channel.pipeline.syncOperations
            if let tls {
                let name = TLSContexts.serverName(of: url.host)
                try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
            }
            let upgrader = NIOWebSocketClientUpgrader { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
            let http = HTTPHandlers()
            try pipeline.addHandlers([http.splitter, http.encoder, http.decoder])
            let install: (ChannelPipeline.SynchronousOperations) throws -> Void = { pipeline in
                let largest = min(max(configuration.maxFrameSize, 125), Int(UInt32.max))
                try pipeline.addHandlers([
                    WebSocketFrameEncoder(),
                    ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: largest)),
                    SessionHandler(
                        configuration: configuration, outcome: outcome, source: batches.source, logger: logger),
                ])
            }
            try pipeline.addHandler(
                HandshakeHandler(
                    request: request.head(upgrader), upgrader: upgrader, host: url.host, query: url.query,
                    httpHandlers: http, promise: done, install: install))
            channel.setOption(.autoRead, value: true).cascadeFailure(to: done)
        } catch {
            done.fail(ConnectFailure.handshake(error, host: url.host, certificate: nil))
        }
        let sequence = batches.sequence
        return done.futureResult.map { head in
            let lifetime = ConnectionLifetime(channel: channel)
            return WebSocket(
                lifetime: lifetime, subprotocol: head.headers.first(name: "sec-websocket-protocol"),
                batches: WebSocketBatches(sequence, lifetime: lifetime), outcome: outcome)
        }
    }
}
