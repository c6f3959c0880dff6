import CoreMetrics
import Testing

@testable import PrometheusMetrics

struct MetricsRegistryTests {
    private func text(_ registry: MetricsRegistry, with others: [MetricFamily] = []) -> [String] {
        String(decoding: registry.text(with: others), as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { !$0.contains("metrics_series_refused_total") }
    }

    @Test func aCounterHasItsHelpItsTypeAndItsLabelsInOrder() {
        let registry = MetricsRegistry([MetricDescription("runs_total", help: "Runs.\nMore of \\it.")])
        let done = Counter(
            label: "runs_total", dimensions: [("state", "done"), ("channel", "a\"b\\c\nd")], factory: registry)
        let failed = Counter(label: "runs_total", dimensions: [("state", "failed")], factory: registry)
        done.increment(by: 3)
        failed.increment()
        #expect(
            text(registry) == [
                #"# HELP runs_total Runs.\nMore of \\it."#, "# TYPE runs_total counter",
                #"runs_total{channel="a\"b\\c\nd",state="done"} 3"#, #"runs_total{state="failed"} 1"#,
            ])
    }

    @Test func theSameNameAndLabelsAreOneSeries() {
        let registry = MetricsRegistry()
        for _ in 1...2 {
            Counter(label: "n_total", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
            Counter(label: "n_total", dimensions: [("a", "1"), ("b", "2"), ("c", "")], factory: registry).increment()
        }
        #expect(text(registry).last == #"n_total{a="1",b="2"} 4"#)
    }

    @Test func aHistogramCountsInRisingBucketsAndSeconds() {
        let registry = MetricsRegistry([MetricDescription("took_seconds", help: "Time.", buckets: [0.5, 0.1])])
        let timer = Timer(label: "took_seconds", dimensions: [("channel", "desk")], factory: registry)
        timer.recordMilliseconds(100)
        timer.recordMilliseconds(250)
        timer.recordSeconds(2)
        #expect(
            Array(text(registry).dropFirst()) == [
                "# TYPE took_seconds histogram", #"took_seconds_bucket{channel="desk",le="0.1"} 1"#,
                #"took_seconds_bucket{channel="desk",le="0.5"} 2"#, #"took_seconds_bucket{channel="desk",le="+Inf"} 3"#,
                #"took_seconds_sum{channel="desk"} 2.35"#, #"took_seconds_count{channel="desk"} 3"#,
            ])
    }

    @Test func gaugesGoUpAndDown() {
        let registry = MetricsRegistry()
        let meter = Meter(label: "level", factory: registry)
        meter.set(2.5)
        meter.increment(by: 1)
        meter.decrement(by: 4)
        Recorder(label: "last", aggregate: false, factory: registry).record(7)
        FloatingPointCounter(label: "sum_total", factory: registry).increment(by: 0.25)
        #expect(text(registry).filter { !$0.hasPrefix("#") } == ["last 7", "level -0.5", "sum_total 0.25"])
    }

    @Test(arguments: [
        (0.0, "0"), (-3, "-3"), (1e15, "1000000000000000"), (0.1, "0.1"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
        (.nan, "NaN"), (1e300, "1e+300"),
    ])
    func numbersAreWrittenAsPrometheusReadsThem(_ value: Double, _ text: String) {
        #expect(ExpositionText.number(value) == text)
    }

    @Test func whatIsNoNameIsMadeOne() {
        let registry = MetricsRegistry()
        Counter(label: "9 lives-total", dimensions: [("le", "x"), ("é", "y"), ("__a", "z")], factory: registry)
            .increment()
        #expect(text(registry).last == #"_9_lives_total{label___="y",label___a="z",label_le="x"} 1"#)
    }

    @Test func aLabelWithEverNewValuesFillsNoMemory() {
        let registry = MetricsRegistry(seriesLimit: 10)
        for number in 1...1000 {
            Counter(label: "n_total", dimensions: [("id", "\(number)")], factory: registry).increment()
        }
        #expect(text(registry).count { $0.hasPrefix("n_total{") } == 10)
        let all = String(decoding: registry.text(), as: UTF8.self)
        #expect(all.contains("\nmetrics_series_refused_total 990\n"))
    }

    @Test func oneNameIsOneKindOfMetric() {
        let registry = MetricsRegistry()
        Counter(label: "x", factory: registry).increment()
        Meter(label: "x", factory: registry).set(5)
        Meter(label: "x", dimensions: [("k", "v")], factory: registry).set(5)
        Timer(label: "took", factory: registry).recordSeconds(1)
        // A line of that name is the histogram's.
        Counter(label: "took_count", factory: registry).increment(by: 77)
        let lines = text(registry)
        #expect(lines.contains("x 1"))
        #expect(lines.contains("took_count 1"))
        #expect(lines.count { $0.hasPrefix("# TYPE") } == 2)
        #expect(String(decoding: registry.text(), as: UTF8.self).contains("metrics_series_refused_total 3"))
    }

    @Test func whatIsDestroyedIsGoneAndItsNameIsFree() {
        let registry = MetricsRegistry()
        let timer = Timer(label: "took", factory: registry)
        timer.destroy()
        Counter(label: "took_count", factory: registry).increment()
        #expect(text(registry).filter { !$0.hasPrefix("#") } == ["took_count 1"])
    }

    @Test func whatWasLookedUpStandsBesideWhatWasCounted() {
        let registry = MetricsRegistry()
        Counter(label: "b_total", factory: registry).increment()
        var looked = MetricFamily("a", .gauge, help: "A.")
        looked.add(1, ("k", "v"))
        looked.add(2, ("k", "v"))
        looked.add(3, ("k", "w"))
        var taken = MetricFamily("b_total", .counter, help: "Not this one.")
        taken.add(99)
        let empty = MetricFamily("c", .gauge, help: "Nothing.")
        #expect(
            text(registry, with: [looked, taken, empty]) == [
                "# HELP a A.", "# TYPE a gauge", #"a{k="v"} 1"#, #"a{k="w"} 3"#, "# HELP b_total b_total",
                "# TYPE b_total counter", "b_total 1",
            ])
    }

    @Test func nothingIsLostWhenManyCountAtOnce() async {
        let registry = MetricsRegistry()
        await withDiscardingTaskGroup { group in
            for _ in 1...4 {
                group.addTask {
                    let counter = Counter(label: "n_total", factory: registry)
                    let meter = Meter(label: "level", factory: registry)
                    let timer = Timer(label: "took", factory: registry)
                    for _ in 1...20_000 {
                        counter.increment()
                        meter.increment(by: 1)
                        timer.recordSeconds(1)
                    }
                }
            }
        }
        let lines = text(registry)
        #expect(lines.contains("n_total 80000") && lines.contains("level 80000") && lines.contains("took_count 80000"))
    }
}
