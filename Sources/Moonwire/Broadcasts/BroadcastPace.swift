/// How fast a broadcast goes, as whoever looks at it now and then sees it.
public struct BroadcastPace: Sendable {
    private struct Sample: Sendable {
        let at: Instant
        let sent, ended: Int64
    }

    /// How much of the past counts.
    static let window = Duration.seconds(15)
    /// Looks that are closer together add nothing.
    private static let step = Duration.milliseconds(250)

    /// The oldest one may be older than the window: whoever looks seldom still sees what has gone on since.
    private var samples: [Sample] = []

    public init() {}

    public mutating func note(_ record: BroadcastRecord, at now: Instant) {
        if let last = samples.last, now < last.at + Self.step { return }
        samples.append(Sample(at: now, sent: record.counts.sent, ended: record.counts.ended))
        while samples.count > 1, samples[1].at + Self.window <= now { samples.removeFirst() }
    }

    /// Messages sent a second: lately, where somebody has looked for a second; since it started, where nobody has, and
    /// of one that is over.
    func rate(of record: BroadcastRecord, at now: Instant) -> Double {
        rate(of: record, at: now, \.sent, record.counts.sent)
    }

    /// How long it takes at this pace until everybody has had a turn. `nil` unless it runs and gets on.
    func secondsLeft(of record: BroadcastRecord, at now: Instant) -> Double? {
        guard record.state == .running || record.state == .finishing else { return nil }
        let rate = rate(of: record, at: now, \.ended, record.counts.ended)
        guard rate > 0 else { return nil }
        return (Double(record.counts.pending + record.counts.claimed) / rate).rounded(.up)
    }

    private func rate(
        of record: BroadcastRecord, at now: Instant, _ path: KeyPath<Sample, Int64>, _ count: Int64
    ) -> Double {
        if !record.state.isOver, let first = samples.first, now - first.at >= .seconds(1) {
            return max(Double(count - first[keyPath: path]), 0) / (now.seconds - first.at.seconds)
        }
        guard record.state != .paused, let start = record.startedAt else { return 0 }
        let span = (record.endedAt ?? now).seconds - start.seconds
        // Of one that has only just begun nothing can be said.
        return span > 0 && (record.state.isOver || span >= 1) ? Double(count) / span : 0
    }
}
