import EventJSON
public import Moonwire

/// `/healthz`: answers as long as the process does.
public struct HealthRoute: InboundRoute {
    public let path = "/healthz"
    public let methods: Set<String> = ["GET"]
    public let bodyLimit = 0

    public init() {}

    public func answer(_ request: InboundRequest) async -> InboundResponse {
        .json(200, ["status": "ok"], headers: [("cache-control", "no-store")])
    }
}
