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
    /// Everything before this is in memory once the page under way has come; `nil` without a journal behind.
    private var horizon: Instant?
    private var isOpen = false
    /// How far the journal has been read.
    private var position: Deadline?
    /// Whether the journal has more before the horizon.
    private var hasMore = false
    private var isReading = false

    private var hasRoom: Bool { heap.count < Self.limit }

    /// When the next page is read; `nil` for as soon as there is room.
    private var reading: Instant? {
        hasMore ? nil : horizon.map { $0 + (.zero - Self.window / 2) }
    }

    /// From now on the journal holds deadlines that are not in memory.
    mutating func leaveFarOnesToJournal() {
        isOpen = true
    }

    /// When there is something to do: a wait ends, or, where `reading` is possible, the next page is to be read.
    func next(reading isPossible: Bool) -> Instant? {
        guard isPossible, isOpen, !isReading else { return heap.min?.at }
        guard let reading else {
            return hasRoom ? Instant(rawValue: 0) : [heap.min?.at, position?.at].compactMap(\.self).min()
        }
        return heap.min.map { min($0.at, reading) } ?? reading
    }

    /// A wait that has begun. The journal has it too.
    mutating func add(_ deadline: Deadline) {
        if !isOpen || horizon.map({ deadline.at < $0 }) == true { heap.insert(deadline) }
    }

    /// Takes all that are due. One whose wait is over is for the caller to ignore.
    mutating func due(at now: Instant) -> [Deadline] {
        var due: [Deadline] = []
        while let first = heap.min, first.at <= now { due.append(heap.removeMin()) }
        return due
    }

    /// The page to read now, if it is time for one.
    mutating func page(at now: Instant) -> Page? {
        guard isOpen, !isReading else { return nil }
        if let reading {
            guard reading <= now else { return nil }
        } else if !hasRoom, let position, position.at > now {
            return nil
        }
        let before = hasMore ? horizon ?? now : now + Self.window
        horizon = before
        isReading = true
        return Page(after: position, before: before, limit: Self.limit)
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
                at: page.before + .milliseconds(-1), run: RunID(rawValue: .max), session: SessionDigest(rawValue: .max))
        }
    }
}
