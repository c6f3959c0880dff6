import TwinAPI

/// Knows which events are second deliveries: one event may come through two channels, in any order.
///
/// A channel does not repeat itself, so the n-th delivery in one channel is the n-th in another, and only a delivery that
/// no channel has brought yet is new. A session that comes and goes twice in the same words does so twice in each.
struct TwinRepeats: Sendable {
    /// Second deliveries come within this time.
    private static let period: Duration = .seconds(600)
    private static let generation = 20_000

    private var counts: [String: [String: Int]] = [:]
    private var older: [String: [String: Int]] = [:]
    private var began: ContinuousClock.Instant?

    /// Counts a delivery in a channel. `false` when another channel has brought the event before.
    mutating func isNew(_ event: TwinEvent, in channel: String, now: ContinuousClock.Instant) -> Bool {
        guard let key = event.duplicateKey else { return true }
        let start = began ?? now
        if now - start >= Self.period || counts.count >= Self.generation {
            older = counts
            counts = [:]
            began = now
        } else {
            began = start
        }
        var seen = counts[key] ?? older[key] ?? [:]
        let most = seen.values.max() ?? 0
        let count = seen[channel, default: 0] + 1
        seen[channel] = count
        counts[key] = seen
        return count > most
    }
}
