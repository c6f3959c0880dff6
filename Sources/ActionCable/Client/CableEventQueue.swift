import Synchronization
import WebSocketClient

/// The events that wait for one subscription's consumer.
///
/// The consumer takes all of them at once, so the price of waking it is paid per batch and not per frame.
final class CableEventQueue: Sendable {
    private struct State {
        var pending: [CableEvent] = []
        var pendingBytes = 0
        var isFinished = false
        var consumer: CheckedContinuation<[CableEvent]?, Never>?
    }

    private static let maxPendingBytes = 64 << 20

    private let maxPending: Int
    private let state = Mutex(State())
    private let room = Signal()

    init(maxPending: Int) {
        self.maxPending = max(maxPending, 1)
    }

    /// Adds events and tells whether the queue is full. Nobody is turned away: the caller stops reading.
    @discardableResult
    func append(_ events: [CableEvent]) -> Bool {
        var woken: CheckedContinuation<[CableEvent]?, Never>?
        let isFull = state.withLock { state in
            if state.isFinished || events.isEmpty { return false }
            if let consumer = state.consumer {
                state.consumer = nil
                woken = consumer
                return false
            }
            if state.pending.isEmpty { state.pending = events } else { state.pending += events }
            state.pendingBytes += events.reduce(0) { $0 + $1.byteCount }
            return state.pending.count >= maxPending || state.pendingBytes >= Self.maxPendingBytes
        }
        woken?.resume(returning: events)
        return isFull
    }

    /// The consumer gets what is left, and then the end.
    func finish() {
        let consumer = state.withLock { state in
            state.isFinished = true
            let consumer = state.consumer
            state.consumer = nil
            return consumer
        }
        consumer?.resume(returning: nil)
        room.raise()
    }

    /// The consumer is gone: what waits for it is thrown away, and so is all that comes.
    func abandon() {
        state.withLock { $0.pending = [] }
        finish()
    }

    /// Everything that has come since the last call; `nil` at the end, or when the task is cancelled.
    func next() async -> [CableEvent]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready: [CableEvent]?? = state.withLock { state in
                    if !state.pending.isEmpty {
                        let events = state.pending
                        state.pending = []
                        state.pendingBytes = 0
                        return .some(events)
                    }
                    precondition(state.consumer == nil, "The events of a cable subscription have one consumer.")
                    if state.isFinished || Task.isCancelled { return .some(nil) }
                    state.consumer = continuation
                    return nil
                }
                if let ready {
                    room.raise()
                    continuation.resume(returning: ready)
                }
            }
        } onCancel: {
            abandon()
        }
    }

    /// Returns when the consumer has taken what was waiting, or is gone.
    func drained() async {
        while !Task.isCancelled, state.withLock({ !$0.pending.isEmpty && !$0.isFinished }) {
            await room.wait()
        }
    }
}

extension CableEvent {
    fileprivate var byteCount: Int {
        if case .frame(let bytes) = self { bytes.count } else { 0 }
    }
}
