import Synchronization

/// Lets tasks through one at a time for each key, in the order in which they came.
final class Turns: Sendable {
    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        /// A key that stands here is taken.
        var waiting: [String: [Waiter]] = [:]
        var cancelled: Set<Int> = []
        var last = 0
    }

    private let state = Mutex(State())

    /// - Throws: `CancellationError` when cancelled before the turn came, and what `body` throws.
    func with<Result>(_ key: String, _ body: () async throws -> Result) async throws -> Result {
        guard await take(key) else { throw CancellationError() }
        defer { give(key) }
        return try await body()
    }

    private func take(_ key: String) async -> Bool {
        let number: Int? = state.withLock { state in
            guard state.waiting[key] != nil else {
                state.waiting[key] = []
                return nil
            }
            state.last += 1
            return state.last
        }
        guard let number else { return true }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isTaken: Bool? = state.withLock { state in
                    if state.cancelled.remove(number) != nil { return false }
                    guard state.waiting[key] != nil else {
                        // It was given back in between.
                        state.waiting[key] = []
                        return true
                    }
                    state.waiting[key]?.append(Waiter(number: number, continuation: continuation))
                    return nil
                }
                if let isTaken { continuation.resume(returning: isTaken) }
            }
        } onCancel: {
            let waiter: Waiter? = state.withLock { state in
                guard let index = state.waiting[key]?.firstIndex(where: { $0.number == number }) else {
                    state.cancelled.insert(number)
                    return nil
                }
                return state.waiting[key]?.remove(at: index)
            }
            waiter?.continuation.resume(returning: false)
        }
    }

    private func give(_ key: String) {
        let next: Waiter? = state.withLock { state in
            guard state.waiting[key]?.isEmpty == false else {
                state.waiting[key] = nil
                return nil
            }
            return state.waiting[key]?.removeFirst()
        }
        next?.continuation.resume(returning: true)
    }
}
