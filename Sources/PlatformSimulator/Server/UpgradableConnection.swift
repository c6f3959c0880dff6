import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket

/// A connection that speaks HTTP until a request makes it a WebSocket.
struct UpgradableConnection: ServerChildChannelValue {
    enum Outcome: Sendable {
        case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
        case webSocket
    }

    let channel: any Channel
    let outcome: EventLoopFuture<Outcome>

    /// Sets up a new channel, on its event loop. `judge` decides what each request that asks for an upgrade becomes.
    init(
        _ channel: any Channel, upgrader: NIOTypedWebSocketServerUpgrader<Outcome>, logger: Logger,
        judge: @escaping (HTTPRequestHead) -> UpgradeSieve.Verdict
    ) throws {
        let upgrade = NIOTypedHTTPServerUpgradeConfiguration<Outcome>(upgraders: [upgrader]) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandlers([
                    HTTP1ToHTTPServerCodec(secure: false), HTTPConnectionStateHandler(logger: logger),
                ])
                return .http(
                    try NIOAsyncChannel(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)))
            }
        }
        var configuration = NIOUpgradableHTTPServerPipelineConfiguration(upgradeConfiguration: upgrade)
        configuration.enablePipelining = false
        configuration.enableErrorHandling = false
        configuration.enableResponseHeaderValidation = false
        self.channel = channel
        outcome = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
            configuration: configuration)
        let decoder = try channel.pipeline.syncOperations.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try channel.pipeline.syncOperations.addHandler(UpgradeSieve(judge: judge), position: .after(decoder))
    }
}

extension HTTPChannelHandler where Value == UpgradableConnection {
    func handle(value: UpgradableConnection, logger: Logger) async {
        do {
            switch try await value.outcome.get() {
            case .http(let connection): await handleHTTP(asyncChannel: connection, logger: logger)
            case .webSocket:
                try await withTaskCancellationHandler {
                    try await value.channel.closeFuture.get()
                } onCancel: {
                    value.channel.close(promise: nil)
                }
            }
        } catch {
            value.channel.close(promise: nil)
        }
    }
}
