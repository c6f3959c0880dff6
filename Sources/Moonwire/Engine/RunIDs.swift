import Synchronization

/// Hands out run numbers that grow with time and are unique on this host, also after a restart.
final class RunIDs: Sendable {
    private let last: Mutex<Int64> = Mutex(0)

    /// 2^20 numbers per millisecond from the epoch on; a burst beyond that borrows from the next millisecond.
    func next(at now: Instant) -> RunID {
        let floor = now.rawValue << 20
        return last.withLock { last in
            last = max(last + 1, floor)
            return RunID(rawValue: last)
        }
    }
}
