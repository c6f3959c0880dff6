import Dispatch
import Synchronization

/// Something that becomes known once and can be awaited: tests wait for facts, not for time.
final class Fact<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var waiters: [CheckedContinuation<Value, Never>] = []
    }

    private let state = Mutex(State())

    func establish(_ value: Value) {
        let waiters = state.withLock { state in
            guard state.value == nil else { return [CheckedContinuation<Value, Never>]() }
            state.value = value
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    var value: Value {
        get async {
            await withCheckedContinuation { continuation in
                let known = state.withLock { state in
                    if state.value == nil { state.waiters.append(continuation) }
                    return state.value
                }
                if let known { continuation.resume(returning: known) }
            }
        }
    }
}

extension Fact where Value == Void {
    /// For scripts, which run on threads of their own.
    func wait() {
        let semaphore = DispatchSemaphore(value: 0)
        Task {
            await value
            semaphore.signal()
        }
        semaphore.wait()
    }

    func establish() { establish(()) }
}
