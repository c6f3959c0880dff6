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
            let upgrade = NIOTypedHTTPServerUpgradeConfiguration<Outcome>(upgraders: [cableUpgrader()]) { channel in
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

    private func cableUpgrader() -> NIOTypedWebSocketServerUpgrader<Outcome> {
        // The dial is read when the request comes, and obeyed when the WebSocket is there.
        let mode = ModeBox()
        return NIOTypedWebSocketServerUpgrader(
            maxFrameSize: Self.largestFrame,
            shouldUpgrade: { channel, head in
                let path = head.uri.split(separator: "?", maxSplits: 1).first
                guard path == "/cable", throttle.admit(channel, limit: faults.settings.limits.requestsPerMinute) else {
                    return channel.eventLoop.makeSucceededFuture(nil)
                }
                let next = faults.nextSocket().mode
                guard next != .refused else { return channel.eventLoop.makeSucceededFuture(nil) }
                mode.value.withLock { $0 = next }
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
