import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket
import Synchronization

/// A connection of the simulator's port: `/cable` becomes a WebSocket, everything else stays HTTP.
struct SimulatorChannel: HTTPChannelHandler {
    typealias HTTPConnection = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    enum Outcome: Sendable {
        case http(HTTPConnection)
        case cable
    }

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let outcome: EventLoopFuture<Outcome>
    }

    let responder: Responder
    let hub: CableHub
    let world: ChatwootWorld
    let faults: FaultDials
    let throttle: Throttle
    let connections: OpenConnections

    private static let subprotocol = "actioncable-v1-json"
    private static let largestFrame = 1 << 20

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        connections.add(channel)
        return channel.eventLoop.makeCompletedFuture {
            let mode = ModeBox()
            let upgrade = NIOTypedHTTPServerUpgradeConfiguration<Outcome>(upgraders: [cableUpgrader(mode)]) { channel in
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
            let outcome = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
                configuration: configuration)
            let decoder = try channel.pipeline.syncOperations.handler(
                type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try channel.pipeline.syncOperations.addHandler(
                UpgradeSieve { head in judge(head, channel, mode) }, position: .after(decoder))
            return Value(channel: channel, outcome: outcome)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.outcome.get() {
            case .http(let connection): await handleHTTP(asyncChannel: connection, logger: logger)
            case .cable:
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

    /// Whether a request becomes a socket; the dial is read here and obeyed when the WebSocket is there.
    private func judge(_ head: HTTPRequestHead, _ channel: any Channel, _ mode: ModeBox) -> UpgradeSieve.Verdict {
        let headers = head.headers
        guard head.uri.split(separator: "?", maxSplits: 1).first == "/cable", head.method == .GET,
            headers.first(name: "Upgrade")?.lowercased() == "websocket",
            headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "upgrade" }),
            headers["Sec-WebSocket-Key"].count == 1, headers["Sec-WebSocket-Version"] == ["13"]
        else { return .ignore }
        // Upgrades count like requests; one over the limit is answered by the throttle of requests.
        guard throttle.admit(channel, limit: faults.settings.limits.requestsPerMinute) else { return .ignore }
        let next = faults.nextSocket()
        guard next.mode != .refused else { return .refuse(status: next.status) }
        mode.value.withLock { $0 = next.mode }
        return .grant
    }

    private func cableUpgrader(_ mode: ModeBox) -> NIOTypedWebSocketServerUpgrader<Outcome> {
        NIOTypedWebSocketServerUpgrader(
            maxFrameSize: Self.largestFrame,
            shouldUpgrade: { channel, head in
                var headers = HTTPHeaders()
                let offered = head.headers[canonicalForm: "Sec-WebSocket-Protocol"]
                if offered.contains(Substring(Self.subprotocol)) {
                    headers.add(name: "Sec-WebSocket-Protocol", value: Self.subprotocol)
                }
                return channel.eventLoop.makeSucceededFuture(headers)
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    let mode = mode.value.withLock { $0 }
                    try channel.pipeline.syncOperations.addHandler(
                        CableHandler(hub: hub, world: world, faults: faults, mode: mode))
                    return .cable
                }
            })
    }

    private final class ModeBox: Sendable {
        let value = Mutex(SocketMode.normal)
    }
}

/// All connections that are open, so that they can be cut.
final class OpenConnections: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        channels.withLock { $0[id] = channel }
        channel.closeFuture.whenComplete { _ in self.channels.withLock { $0[id] = nil } }
    }

    func cutAll() {
        for channel in channels.withLock({ Array($0.values) }) { channel.close(promise: nil) }
    }
}
