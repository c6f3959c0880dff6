import EventJSON
public import Moonwire

/// `/readyz`: whether the host can do its work now, and which part cannot. 503 when it cannot.
public struct ReadinessRoute: InboundRoute {
    public let path = "/readyz"
    public let methods: Set<String> = ["GET"]
    public let bodyLimit = 0
    private let health: @Sendable () async -> HostHealth

    public init(_ health: @escaping @Sendable () async -> HostHealth) {
        self.health = health
    }

    public func answer(_ request: InboundRequest) async -> InboundResponse {
        let health = await health()
        var channels = JSONObject()
        for (channel, stream) in health.streams.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            channels.append(channel.rawValue, .string(stream.rawValue))
        }
        return .json(
            health.isReady ? 200 : 503,
            [
                "status": .string(health.isReady ? "ready" : "not ready"),
                "journal": .string(health.journal ? "open" : "cannot be read"),
                "lanes": .string(health.lanes ? "alive" : "do not answer"), "channels": .object(channels),
            ], headers: [("cache-control", "no-store")])
    }
}
