import HeapModule

/// When waits end by themselves: what comes soon is in memory, earliest first; the rest stays in the journal and is
/// read a page at a time.
struct Timetable {
    /// What to read from the journal next.
    struct Page: Sendable, Equatable {
        let after: Deadline?
        let before: Instant
        let limit: Int
    }

    /// How far ahead deadlines are in memory.
    static let window: Duration = .seconds(600)
    static let limit = 10_000

    private var heap = Heap<Deadline>()
    /// Everything before this is in memory once the page under way has come.
    private var horizon = Instant(rawValue: .max)
    /// How far the journal has been read.
    private var position: Deadline?
    /// Whether the journal has more before the horizon.
    private var hasMore = false
    private var isReading = false

    /// From now on the journal holds deadlines that are not in memory.
    mutating func leaveFarOnesToJournal() {
        horizon = Instant(rawValue: .min)
    }

    /// When there is something to do: a wait ends, or the next page is to be read.
    var next: Instant? {
        guard horizon.rawValue != .max, !isReading else { return heap.min?.at }
        guard !hasMore, horizon.rawValue != .min else { return Instant(rawValue: .min) }
        let reading = horizon - Self.window / 2
        return heap.min.map { min($0.at, reading) } ?? reading
    }

    /// A wait that has begun. The journal has it too.
    mutating func add(_ deadline: Deadline) {
        if deadline.at < horizon { heap.insert(deadline) }
    }

    /// Takes all that are due. One whose wait is over is for the caller to ignore.
    mutating func due(at now: Instant) -> [Deadline] {
        var due: [Deadline] = []
        while let first = heap.min, first.at <= now { due.append(heap.removeMin()) }
        return due
    }

    /// The page to read now, if it is time for one.
    mutating func page(at now: Instant) -> Page? {
        guard horizon.rawValue != .max, !isReading else { return nil }
        if !hasMore {
            guard horizon - Self.window / 2 <= now else { return nil }
            horizon = now + Self.window
        } else if heap.count >= Self.limit {
            return nil
        }
        isReading = true
        return Page(after: position, before: horizon, limit: Self.limit)
    }

    /// The page has come.
    mutating func fill(_ page: Page, with deadlines: [Deadline]) {
        isReading = false
        for deadline in deadlines { heap.insert(deadline) }
        hasMore = deadlines.count >= page.limit
        if hasMore, let last = deadlines.last {
            position = last
        } else {
            position = Deadline(
                at: page.before - .milliseconds(1), run: RunID(rawValue: .max), session: SessionDigest(rawValue: .max))
        }
    }
}

extension Instant {
    fileprivate static func - (left: Instant, right: Duration) -> Instant {
        Instant(rawValue: left.rawValue &- right.milliseconds)
    }
}
