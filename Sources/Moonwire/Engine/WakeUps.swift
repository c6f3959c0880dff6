import HeapModule

/// The deadlines of waiting runs, earliest first.
struct WakeUps {
    struct WakeUp: Comparable {
        let at: Instant
        let run: RunID
        let step: Int

        static func < (left: WakeUp, right: WakeUp) -> Bool {
            (left.at, left.run.rawValue, left.step) < (right.at, right.run.rawValue, right.step)
        }
    }

    private var heap = Heap<WakeUp>()

    /// When the next one is due.
    var next: Instant? { heap.min?.at }

    mutating func add(_ wakeUp: WakeUp) {
        heap.insert(wakeUp)
    }

    /// Takes all that are due. A wake-up whose run has gone on is for the caller to ignore.
    mutating func due(at now: Instant) -> [WakeUp] {
        var due: [WakeUp] = []
        while let first = heap.min, first.at <= now {
            due.append(heap.removeMin())
        }
        return due
    }
}
