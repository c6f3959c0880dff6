import Synchronization

/// What other threads ask of the loop's thread; taken out as a whole.
///
/// The alarm is rung under the lock and only while the loop is about to wait, so a burst of requests costs one system
/// call, and the alarm can never be rung after it was closed.
final class Mailbox: Sendable {
    struct Contents: Sendable {
        var submissions: [Exchange] = []
        var cancellations: [Exchange] = []
        var isStopping = false

        var isEmpty: Bool { submissions.isEmpty && cancellations.isEmpty && !isStopping }
    }

    private struct State: Sendable {
        var contents = Contents()
        var isLoopWaiting = false
        var isClosed = false
        var stopWaiters: [UnsafeContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let alarm: Alarm

    init(alarm: Alarm) {
        self.alarm = alarm
    }

    enum Refusal {
        case cancelled, stopped
    }

    /// Hands an exchange over, or says why not.
    func post(_ exchange: Exchange) -> Refusal? {
        state.withLock { state in
            if exchange.isCancelled { return .cancelled }
            if state.contents.isStopping || state.isClosed { return .stopped }
            exchange.isPosted = true
            state.contents.submissions.append(exchange)
            wake(&state)
            return nil
        }
    }

    func cancel(_ exchange: Exchange) {
        state.withLock { state in
            exchange.isCancelled = true
            guard exchange.isPosted, !state.isClosed else { return }
            state.contents.cancellations.append(exchange)
            wake(&state)
        }
    }

    func stop() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.contents.isStopping = true
            wake(&state)
        }
    }

    /// Returns when the loop has let go of everything.
    func waitUntilClosed() async {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            let isClosed = state.withLock { state in
                if !state.isClosed { state.stopWaiters.append(continuation) }
                return state.isClosed
            }
            if isClosed { continuation.resume() }
        }
    }

    private func wake(_ state: inout State) {
        guard state.isLoopWaiting else { return }
        state.isLoopWaiting = false
        alarm.ring()
    }

    /// Swaps the contents with an emptied set of arrays whose capacity is thereby used again.
    func drain(into contents: inout Contents) {
        state.withLock { state in
            state.isLoopWaiting = false
            contents.isStopping = state.contents.isStopping
            swap(&state.contents.submissions, &contents.submissions)
            swap(&state.contents.cancellations, &contents.cancellations)
        }
    }

    /// Whether there is nothing to do; from then on a new message rings the alarm.
    func prepareToWait() -> Bool {
        state.withLock { state in
            state.isLoopWaiting = state.contents.isEmpty
            return state.isLoopWaiting
        }
    }

    /// Ends all use of the alarm, and with it the wait for the end; returns the exchanges that came too late.
    func close() -> [Exchange] {
        let (late, waiters) = state.withLock { state in
            defer {
                state = State()
                state.isClosed = true
            }
            alarm.close()
            return (state.contents.submissions, state.stopWaiters)
        }
        for waiter in waiters { waiter.resume() }
        return late
    }
}
