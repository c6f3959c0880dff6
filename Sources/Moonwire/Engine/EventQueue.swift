import DequeModule

/// A session's events, first in, first out.
struct EventQueue {
    private var events = Deque<QueuedEvent>()

    var isEmpty: Bool { events.isEmpty }

    var first: QueuedEvent? { events.first }

    /// Puts the events of another queue before these.
    mutating func prepend(_ other: EventQueue) {
        events = other.events + events
    }

    mutating func append(_ event: QueuedEvent) {
        events.append(event)
    }

    mutating func popFirst() -> QueuedEvent? {
        events.popFirst()
    }
}
