import Synchronization

/// A clock that stands still until a test moves it.
public final class ManualClock: Clock, Sendable {
    public struct Instant: InstantProtocol {
        var offset: Duration

        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        public func duration(to other: Instant) -> Duration { other.offset - offset }
        public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct State {
        var now = Instant(offset: .seconds(1000))
        var nextID = 0
        var sleepers: [Int: (until: Instant, wake: CheckedContinuation<Void, Never>)] = [:]
        var watchers: [(until: Instant, wake: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    public init() {}

    public var now: Instant { state.withLock { $0.now } }
    public var minimumResolution: Duration { .zero }

    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                    if deadline <= state.now || Task.isCancelled { return [continuation] }
                    state.sleepers[id] = (deadline, continuation)
                    let ready = state.watchers.filter { $0.until >= deadline }.map(\.wake)
                    state.watchers.removeAll { $0.until >= deadline }
                    return ready
                }
                woken.forEach { $0.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id)?.wake }?.resume()
        }
        try Task.checkCancellation()
    }

    /// Moves the time and wakes who has slept long enough.
    public func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.until <= state.now }
            due.keys.forEach { state.sleepers[$0] = nil }
            return due.values.map(\.wake)
        }
        woken.forEach { $0.resume() }
    }

    /// Waits until someone sleeps who will wake within `duration`, then moves the time by that much.
    public func advanceWhenSleeping(by duration: Duration) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                let limit = state.now.advanced(by: duration)
                if state.sleepers.values.contains(where: { $0.until <= limit }) { return true }
                state.watchers.append((limit, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
        advance(by: duration)
    }
}
