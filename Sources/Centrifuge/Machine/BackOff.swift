/// How long to wait before something is tried again: full jitter, so that a fleet does not come back in step.
struct BackOff: Sendable {
    var shortest: Duration
    var longest: Duration

    /// The wait before the retry after `step` others, for a random number from 0 up to but not including 1.
    ///
    /// Counts in whole milliseconds, ends included, like the reference client.
    func delay(step: Int, random: Double) -> Duration {
        let (low, high) = (shortest.milliseconds, longest.milliseconds)
        let (product, overflow) = low.multipliedReportingOverflow(by: 1 << Int64(min(max(step, 0), 31)))
        let span = overflow ? high : min(high, product)
        return .milliseconds(min(high, low + Int64(random * Double(span + 1))))
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        max(0, components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
    }
}
