import Moonwire
import PrometheusMetrics
import SQLiteJournal

extension MetricsRegistry {
    /// With a help line for everything that a host counts.
    static func host() -> MetricsRegistry {
        MetricsRegistry(
            MetricTexts.engine.map { MetricDescription($0.name, help: $0.help) }
                + CommitMetrics.texts.map { MetricDescription($0.name, help: $0.help, buckets: $0.buckets) })
    }
}
