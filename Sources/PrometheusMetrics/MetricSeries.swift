import CoreMetrics
import Synchronization

/// What a registry keeps under one name and one set of labels.
protocol MetricSeries: AnyObject, Sendable {
    /// The lines of the series as it stands.
    func samples(_ labels: [MetricLabel]) -> [MetricFamily.Sample]
}

/// Counts whole things: one atomic addition each.
final class CounterSeries: MetricSeries, CounterHandler {
    private let count = Atomic<Int64>(0)

    func increment(by amount: Int64) { count.wrappingAdd(max(amount, 0), ordering: .relaxed) }

    func reset() { count.store(0, ordering: .relaxed) }

    func samples(_ labels: [MetricLabel]) -> [MetricFamily.Sample] {
        [.init(labels: labels, value: Double(count.load(ordering: .relaxed)))]
    }
}

/// Adds up what is not whole.
final class SumSeries: MetricSeries, FloatingPointCounterHandler {
    private let sum = Mutex(0.0)

    func increment(by amount: Double) {
        guard amount.isFinite, amount > 0 else { return }
        sum.withLock { $0 += amount }
    }

    func reset() { sum.withLock { $0 = 0 } }

    func samples(_ labels: [MetricLabel]) -> [MetricFamily.Sample] {
        [.init(labels: labels, value: sum.withLock { $0 })]
    }
}

/// A value that goes up and down.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let bits = Atomic<UInt64>(Double(0).bitPattern)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }

    private func add(_ amount: Double) {
        guard amount.isFinite else { return }
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (exchanged, present) = bits.compareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = present
        }
    }

    func samples(_ labels: [MetricLabel]) -> [MetricFamily.Sample] {
        [.init(labels: labels, value: Double(bitPattern: bits.load(ordering: .relaxed)))]
    }
}

/// How values are spread over buckets.
final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
    private struct State {
        var counts: [Int64]
        var sum = 0.0
    }

    /// Upper bounds, rising. What is above the last one is counted too.
    private let bounds: [Double]
    private let state: Mutex<State>

    init(_ bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: [Int64](repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    /// In seconds, as Prometheus wants them.
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func samples(_ labels: [MetricLabel]) -> [MetricFamily.Sample] {
        let state = state.withLock { $0 }
        var samples: [MetricFamily.Sample] = []
        var count: Int64 = 0
        for (bound, here) in zip(bounds + [.infinity], state.counts) {
            count += here
            let bucket = labels + [MetricLabel(name: "le", value: ExpositionText.number(bound))]
            samples.append(.init(suffix: "_bucket", labels: bucket, value: Double(count)))
        }
        samples.append(.init(suffix: "_sum", labels: labels, value: state.sum))
        samples.append(.init(suffix: "_count", labels: labels, value: Double(count)))
        return samples
    }
}
