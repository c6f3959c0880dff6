import Synchronization

/// Brings admitted events to a lane in admission order, and no more of them than the lane's window holds: what does
/// not fit stays in the journal, which is the queue, and is read back when the lane has caught up.
final class LaneFeed: Sendable {
    private struct State {
        /// Events that are with the lane.
        var backlog = 0
        /// While `true`, admitted events are left in the journal.
        var isBehind = true
        var isReading = false
        /// The last event that the lane was given.
        var last = EventID(rawValue: 0)
        /// The last event that was left in the journal.
        var lastLeft = EventID(rawValue: 0)
    }

    private let state = Mutex(State())
    private let window: Int
    private let post: @Sendable (PendingEvent) -> Void

    init(window: Int, post: @escaping @Sendable (PendingEvent) -> Void) {
        self.window = window
        self.post = post
    }

    /// A freshly admitted event. Called in admission order.
    func admit(_ event: AdmittedEvent) {
        let mustPost = state.withLock { state in
            if state.isBehind || state.backlog >= window {
                state.isBehind = true
                state.lastLeft = event.id
                return false
            }
            state.backlog += 1
            state.last = event.id
            return true
        }
        if mustPost { post(PendingEvent(admitted: event)) }
    }

    /// The lane has handled events to their end. Tells whether it is time to read on.
    func finish(_ count: Int) -> Bool {
        state.withLock { state in
            state.backlog = max(0, state.backlog - count)
            return state.isBehind && !state.isReading && state.backlog <= window / 2
        }
    }

    /// Begins to read from the journal; `nil` when that is under way or not needed.
    func beginReading() -> EventID? {
        state.withLock { state in
            guard state.isBehind, !state.isReading else { return nil }
            state.isReading = true
            return state.last
        }
    }

    /// Hands over events that were read back. Returns whether there is room for more.
    func resume(_ events: [PendingEvent]) -> Bool {
        let hasRoom = state.withLock { state in
            state.backlog += events.count
            if let last = events.last?.admitted.id { state.last = max(state.last, last) }
            return state.backlog < window
        }
        for event in events { post(event) }
        return hasRoom
    }

    /// Marks all up to an event as read although the lane wanted none of it.
    func skip(to event: EventID) {
        state.withLock { $0.last = max($0.last, event) }
    }

    /// Ends reading; the rest stays in the journal until the lane has room. `false` when it has room by now: nobody
    /// else would ask for more, so the reader goes on.
    func endReading() -> Bool {
        state.withLock { state in
            if state.backlog <= window / 2 { return false }
            state.isReading = false
            return true
        }
    }

    /// Lets admitted events through again, unless one was left in the journal after the last that was read. Called
    /// from the journal's completion thread, so that no admission comes in between.
    func open(ifNothingWasLeftAfter last: EventID) -> Bool {
        state.withLock { state in
            guard state.lastLeft <= last else { return false }
            state.isReading = false
            state.isBehind = false
            return true
        }
    }
}
