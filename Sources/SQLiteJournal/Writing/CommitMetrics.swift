public import CoreMetrics

/// What the writer measures: once for a group, however many entries it holds.
public struct CommitMetrics: Sendable {
    private let duration: Timer
    private let entries, failures: Counter

    public init(_ factory: any MetricsFactory = NOOPMetricsHandler.instance) {
        duration = Timer(label: "moonwire_journal_commit_duration_seconds", factory: factory)
        entries = Counter(label: "moonwire_journal_entries_total", factory: factory)
        failures = Counter(label: "moonwire_journal_failed_commits_total", factory: factory)
    }

    func committed(_ count: Int, in time: Duration, failed: Bool) {
        let (seconds, attoseconds) = time.components
        duration.recordNanoseconds(seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000)
        entries.increment(by: count)
        if failed { failures.increment() }
    }

    /// What they are, and where their buckets lie in seconds.
    public static let texts: [(name: String, help: String, buckets: [Double])] = [
        (
            "moonwire_journal_commit_duration_seconds", "How long the journal's transactions took.",
            [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]
        ),
        ("moonwire_journal_entries_total", "Entries that the journal wrote: events, runs, steps and the like.", []),
        (
            "moonwire_journal_failed_commits_total",
            "Transactions in which something could not be written, such as on a full disk.", []
        ),
    ]
}
