/// Waits until a burst of changes is over: an editor writes a file in several steps, a checkout writes many files.
///
/// Told of each change with its time; says when the burst counts as over. Knows no clock of its own.
struct ChangeDebounce {
    typealias Time = ContinuousClock.Instant

    /// How long nothing may happen before the burst is over.
    let quiet: Duration
    /// How long a burst may last at most.
    let limit: Duration
    private var first: Time?
    private var last: Time?

    init(quiet: Duration = .milliseconds(200), limit: Duration = .seconds(2)) {
        self.quiet = quiet
        self.limit = limit
    }

    /// When the burst is over if nothing else happens; nil while there is none.
    var due: Time? {
        guard let first, let last else { return nil }
        return min(last + quiet, first + limit)
    }

    mutating func changed(at time: Time) {
        first = first ?? time
        last = time
    }

    /// Whether a burst is over by now. Says so once for each.
    mutating func ends(at time: Time) -> Bool {
        guard let due, time >= due else { return false }
        first = nil
        last = nil
        return true
    }
}
