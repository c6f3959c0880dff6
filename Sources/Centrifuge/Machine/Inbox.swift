/// The events that wait for the consumer, with what is needed to un-receive the newest of them.
struct Inbox: Sendable {
    private let maxEvents: Int
    private let maxBytes: Int
    private(set) var events: [CentrifugeEvent] = []
    /// For each event, where its stream was before it.
    private var marks: [StreamMark] = []
    private var bytes = 0
    /// Whether nothing follows before the next run.
    var isEnded = false

    init(maxEvents: Int, maxBytes: Int) {
        self.maxEvents = max(maxEvents, 1)
        self.maxBytes = max(maxBytes, 1)
    }

    var isEmpty: Bool { events.isEmpty }
    var isFull: Bool { events.count >= maxEvents || bytes >= maxBytes }
    var isOverfull: Bool { events.count > maxEvents || bytes > maxBytes && events.count > 1 }

    mutating func append(_ event: CentrifugeEvent, _ mark: StreamMark = .none) {
        events.append(event)
        marks.append(mark)
        bytes += event.byteCount
    }

    /// Hands everything to the consumer.
    mutating func take() -> [CentrifugeEvent] {
        defer {
            events = []
            marks.removeAll(keepingCapacity: true)
            bytes = 0
        }
        return events
    }

    /// Throws away what is beyond the limits, except what tells of states, and answers it, newest first.
    mutating func cut() -> [(event: CentrifugeEvent, mark: StreamMark)] {
        var fitting = 0
        var sum = 0
        for event in events {
            sum += event.byteCount
            if fitting >= maxEvents || sum > maxBytes && fitting > 0 { break }
            fitting += 1
        }
        var thrown: [(event: CentrifugeEvent, mark: StreamMark)] = []
        var kept: [(event: CentrifugeEvent, mark: StreamMark)] = []
        for index in fitting..<events.count {
            if events[index].isOfState {
                kept.append((events[index], marks[index]))
            } else {
                thrown.append((events[index], marks[index]))
            }
        }
        events.removeSubrange(fitting...)
        marks.removeSubrange(fitting...)
        bytes = events.reduce(0) { $0 + $1.byteCount }
        for entry in kept { append(entry.event, entry.mark) }
        return thrown.reversed()
    }
}
