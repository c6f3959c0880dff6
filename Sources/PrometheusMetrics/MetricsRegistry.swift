public import CoreMetrics
import Synchronization

/// What is known of a metric before anything is measured.
public struct MetricDescription: Sendable {
    public let name: String
    public let help: String
    /// Upper bounds of a histogram's buckets, in the metric's unit; the registry's own when there are none.
    public let buckets: [Double]

    public init(_ name: String, help: String, buckets: [Double] = []) {
        self.name = name
        self.help = help
        self.buckets = buckets
    }
}

/// Keeps metrics in memory and writes them in Prometheus' text format.
///
/// This target knows names, labels and numbers, and nothing of what they count. A registry is handed to whoever
/// measures; there is none for the whole process. Handles are made once and are safe to use from any thread: a counter
/// costs one atomic addition, a histogram one short lock. The same name and labels give the same handle.
///
/// How many metrics there are, and how many series each may have, is limited, so that a label with ever new values cannot fill the memory: what is
/// beyond is measured by nobody and counted in `metrics_series_refused_total`. So is a name that is in use for another
/// kind of metric.
public final class MetricsRegistry: MetricsFactory {
    private struct Family {
        let kind: MetricFamily.Kind
        var series: [[MetricLabel]: any MetricSeries] = [:]
    }

    private struct State {
        var families: [String: Family] = [:]
        /// The names of all lines, by the family that they belong to.
        var names: [String: String] = [:]
    }

    private static let familyLimit = 1000
    private static let refusals = "metrics_series_refused_total"

    private let descriptions: [String: MetricDescription]
    private let seriesLimit: Int
    private let state = Mutex(State())
    private let refused: CounterSeries

    /// Seconds, from what a fast answer takes to what a patient caller waits.
    public static let buckets: [Double] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

    /// - Parameter seriesLimit: How many series each metric may have.
    public init(_ descriptions: [MetricDescription] = [], seriesLimit: Int = 500) {
        self.seriesLimit = seriesLimit
        self.descriptions = Dictionary(
            (descriptions + [
                MetricDescription(Self.refusals, help: "Series that were not kept, because of their number or name.")
            ])
            .map { (MetricName.metric($0.name), $0) }, uniquingKeysWith: { first, _ in first })
        let refused = CounterSeries()
        self.refused = refused
        state.withLock { state in
            state.families[Self.refusals] = Family(kind: .counter, series: [[]: refused])
            state.names[Self.refusals] = Self.refusals
        }
    }

    /// Everything measured so far, and what the caller has looked up for this moment: of two metrics with one name the
    /// registry's own stands.
    public func text(with others: [MetricFamily] = []) -> [UInt8] {
        let kept = state.withLock { $0.families }
        var families = kept.map { name, family in
            let series = family.series.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            return MetricFamily(
                name, family.kind, help: descriptions[name]?.help ?? name,
                samples: series.flatMap { $0.value.samples($0.key) })
        }
        families += others.filter { kept[$0.name] == nil }
        var text = ExpositionText()
        for family in families.sorted(by: { $0.name < $1.name }) { text.write(family) }
        return text.bytes
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, .counter, dimensions) { _ in CounterSeries() }
    }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, .counter, dimensions) { _ in SumSeries() }
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, .gauge, dimensions) { _ in GaugeSeries() }
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return series(label, .gauge, dimensions) { _ in GaugeSeries() } }
        return series(label, .histogram, dimensions) { HistogramSeries($0) }
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, .histogram, dimensions) { HistogramSeries($0) }
    }

    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}

extension MetricsRegistry {
    /// The series of that name and these labels, made when it is new. One that cannot be kept is given all the same, so
    /// that whoever measures need not know.
    private func series<Series: MetricSeries>(
        _ label: String, _ kind: MetricFamily.Kind, _ dimensions: [(String, String)], make: ([Double]) -> Series
    ) -> Series {
        let name = MetricName.metric(label)
        let labels = MetricLabel.list(dimensions)
        let bounds = descriptions[name].map(\.buckets).flatMap { $0.isEmpty ? nil : $0 } ?? Self.buckets
        let fresh = make(bounds.sorted())
        let found: Series? = state.withLock { state in
            if let known = state.families[name]?.series[labels] { return known as? Series }
            guard Self.isFree(name, kind, in: state), state.families[name]?.series.count ?? 0 < seriesLimit
            else { return nil }
            state.families[name, default: Family(kind: kind)].series[labels] = fresh
            for line in Self.lines(of: name, kind) { state.names[line] = name }
            return fresh
        }
        if let found { return found }
        refused.increment(by: 1)
        return fresh
    }

    /// Whether no other metric, or this one as another kind, has a line of that name.
    private static func isFree(_ name: String, _ kind: MetricFamily.Kind, in state: State) -> Bool {
        if let family = state.families[name] { return family.kind == kind }
        guard state.families.count < familyLimit else { return false }
        return lines(of: name, kind).allSatisfy { state.names[$0] == nil }
    }

    private static func lines(of name: String, _ kind: MetricFamily.Kind) -> [String] {
        kind == .histogram ? [name] + ["_bucket", "_sum", "_count"].map { name + $0 } : [name]
    }

    private func remove(_ handler: AnyObject) {
        state.withLock { state in
            for (name, family) in state.families {
                guard let labels = family.series.first(where: { $0.value === handler })?.key else { continue }
                state.families[name]?.series[labels] = nil
                guard state.families[name]?.series.isEmpty == true else { return }
                state.families[name] = nil
                state.names = state.names.filter { $0.value != name }
                return
            }
        }
    }
}
