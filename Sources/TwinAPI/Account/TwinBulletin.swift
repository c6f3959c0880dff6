internal import Synchronization

/// Tells any number of tasks that something has changed. Nobody who looked before the change misses it.
final class TwinBulletin: Sendable {
    private struct State {
        var version = 0
        var nextID = 0
        var readers: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    var version: Int { state.withLock { $0.version } }

    func publish() {
        let readers = state.withLock { state in
            state.version += 1
            defer { state.readers = [:] }
            return state.readers.values
        }
        for reader in readers { reader.resume() }
    }

    /// Returns when something has changed since `version`, or when the task is cancelled.
    func wait(after version: Int) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.version != version || Task.isCancelled { return true }
                    state.readers[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.readers.removeValue(forKey: id) }?.resume()
        }
    }
}
