import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Synchronization

/// A connection of a replay's port: recorded sockets become WebSockets, all else stays HTTP.
struct ReplayChannel: HTTPChannelHandler {
    typealias Outcome = UpgradableConnection.Outcome

    let responder: Responder
    let sockets: ReplaySockets
    let speed: Double
    let connections: OpenConnections

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<UpgradableConnection> {
        connections.add(channel)
        return channel.eventLoop.makeCompletedFuture {
            try UpgradableConnection(channel, upgrader: upgrader, logger: logger, judge: judge)
        }
    }

    private func judge(_ head: HTTPRequestHead) -> UpgradeSieve.Verdict {
        let headers = head.headers
        guard headers.first(name: "Upgrade")?.lowercased() == "websocket", head.method == .GET,
            headers["Sec-WebSocket-Key"].count == 1, headers["Sec-WebSocket-Version"] == ["13"]
        else { return .ignore }
        return sockets.holds(Self.path(head.uri)) ? .grant : .ignore
    }

    private var upgrader: NIOTypedWebSocketServerUpgrader<Outcome> {
        NIOTypedWebSocketServerUpgrader(
            maxFrameSize: 1 << 20,
            shouldUpgrade: { channel, head in
                // Which one the recorded server picked is not recorded; a client offers its best first.
                var headers = HTTPHeaders()
                if let offered = head.headers[canonicalForm: "Sec-WebSocket-Protocol"].first {
                    headers.add(name: "Sec-WebSocket-Protocol", value: String(offered))
                }
                return channel.eventLoop.makeSucceededFuture(headers)
            },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    let script = sockets.next(Self.path(head.uri))
                    try channel.pipeline.syncOperations.addHandler(ReplaySocketHandler(script, speed: speed))
                    return .webSocket
                }
            })
    }

    private static func path(_ uri: String) -> String {
        String(uri.split(separator: "?", maxSplits: 1).first ?? "")
    }
}

/// The recorded lives of the sockets: the first for the first connection to its path, the last one for ever.
final class ReplaySockets: Sendable {
    private let scripts: [String: [RecordedTraffic.Connection]]
    private let used = Mutex<[String: Int]>([:])

    init(_ connections: [RecordedTraffic.Connection]) {
        scripts = Dictionary(grouping: connections, by: \.path)
    }

    func holds(_ path: String) -> Bool { scripts[path] != nil }

    func next(_ path: String) -> RecordedTraffic.Connection {
        let known = scripts[path] ?? []
        let index = used.withLock { used in
            defer { used[path, default: 0] += 1 }
            return min(used[path, default: 0], max(known.count - 1, 0))
        }
        return known.indices.contains(index) ? known[index] : RecordedTraffic.Connection(path: path)
    }
}
