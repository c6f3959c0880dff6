import EventJSON
public import Moonwire
public import PrometheusMetrics

/// `/metrics`: what the host counts and what can be said of it now, in Prometheus' text format 0.0.4.
public struct MetricsRoute: InboundRoute {
    public let path = "/metrics"
    public let methods: Set<String> = ["GET"]
    public let bodyLimit = 0
    private let registry: MetricsRegistry
    private let figures: @Sendable () async -> EngineFigures

    public init(_ registry: MetricsRegistry, figures: @escaping @Sendable () async -> EngineFigures) {
        self.registry = registry
        self.figures = figures
    }

    public func answer(_ request: InboundRequest) async -> InboundResponse {
        let text = registry.text(with: FigureFamilies(await figures()).all)
        return InboundResponse(
            status: 200,
            headers: [
                ("content-type", "text/plain; version=0.0.4; charset=utf-8"), ("cache-control", "no-store"),
            ], body: .bytes(text))
    }
}
