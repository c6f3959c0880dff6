import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Synchronization

/// A connection of the simulator's port: `/cable` and the Centrifuge endpoint become WebSockets, all else stays HTTP.
struct SimulatorChannel: HTTPChannelHandler {
    typealias Outcome = UpgradableConnection.Outcome

    let responder: Responder
    let hub: CableHub
    let world: ChatwootWorld
    let centrifuge: CentrifugeServer
    let faults: FaultDials
    let throttle: Throttle
    let connections: OpenConnections

    private static let cableSubprotocol = "actioncable-v1-json"
    private static let largestFrame = 1 << 20

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<UpgradableConnection> {
        connections.add(channel)
        return channel.eventLoop.makeCompletedFuture {
            let plan = PlanBox()
            return try UpgradableConnection(channel, upgrader: upgrader(plan), logger: logger) { head in
                judge(head, channel, plan)
            }
        }
    }

    /// What a request becomes; the dials are read here and obeyed when the WebSocket is there.
    private func judge(_ head: HTTPRequestHead, _ channel: any Channel, _ plan: PlanBox) -> UpgradeSieve.Verdict {
        let headers = head.headers
        let path = head.uri.split(separator: "?", maxSplits: 1).first ?? ""
        let isCentrifuge = path.hasSuffix(CentrifugeServer.pathEnd)
        guard path == "/cable" || isCentrifuge, head.method == .GET,
            headers.first(name: "Upgrade")?.lowercased() == "websocket",
            headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "upgrade" }),
            headers["Sec-WebSocket-Key"].count == 1, headers["Sec-WebSocket-Version"] == ["13"]
        else { return .ignore }
        // Upgrades count like requests; one over the limit is answered by the throttle of requests.
        guard throttle.admit(channel, limit: faults.settings.limits.requestsPerMinute) else { return .ignore }
        if isCentrifuge {
            guard isOfThisHost(headers) else { return .refuse(status: 403) }
            let next = faults.nextStream()
            guard next.mode != .refused else { return .refuse(status: next.code) }
            plan.value.withLock { $0 = .centrifuge(next) }
        } else {
            let next = faults.nextSocket()
            guard next.mode != .refused else { return .refuse(status: next.status) }
            plan.value.withLock { $0 = .cable(next.mode) }
        }
        return .grant
    }

    /// A page of another host is refused; a program that names none is welcome.
    private func isOfThisHost(_ headers: HTTPHeaders) -> Bool {
        guard let origin = headers.first(name: "Origin"), let host = headers.first(name: "Host") else { return true }
        return origin.lowercased().hasSuffix("://\(host.lowercased())")
    }

    private func upgrader(_ plan: PlanBox) -> NIOTypedWebSocketServerUpgrader<Outcome> {
        NIOTypedWebSocketServerUpgrader(
            maxFrameSize: Self.largestFrame,
            shouldUpgrade: { channel, head in
                var headers = HTTPHeaders()
                let offered = head.headers[canonicalForm: "Sec-WebSocket-Protocol"]
                let spoken = plan.value.withLock { $0.subprotocol }
                if offered.contains(Substring(spoken)) { headers.add(name: "Sec-WebSocket-Protocol", value: spoken) }
                return channel.eventLoop.makeSucceededFuture(headers)
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    switch plan.value.withLock({ $0 }) {
                    case .cable(let mode):
                        try channel.pipeline.syncOperations.addHandler(
                            CableHandler(hub: hub, world: world, faults: faults, mode: mode))
                    case .centrifuge(let connect):
                        try channel.pipeline.syncOperations.addHandler(
                            CentrifugeHandler(server: centrifuge, plan: connect))
                    }
                    return .webSocket
                }
            })
    }

    /// What a connection is to become, once its request has been judged.
    private enum Plan: Sendable {
        case cable(SocketMode)
        case centrifuge(FaultSettings.Centrifuge.Connect)

        var subprotocol: String {
            switch self {
            case .cable: SimulatorChannel.cableSubprotocol
            case .centrifuge: CentrifugeServer.subprotocol
            }
        }
    }

    private final class PlanBox: Sendable {
        let value = Mutex(Plan.cable(.normal))
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
