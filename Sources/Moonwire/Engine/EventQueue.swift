import DequeModule

/// A session's events, first in, first out.
struct EventQueue {
    private var events = Deque<QueuedEvent>()

    var isEmpty: Bool { events.isEmpty }

    mutating func append(_ event: QueuedEvent) {
        events.append(event)
    }

    mutating func popFirst() -> QueuedEvent? {
        events.popFirst()
    }
}
