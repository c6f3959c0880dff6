import Synchronization

/// Who wants to know how an event ends, such as a platform's call that waits for the answer.
final class EventEnds: Sendable {
    private struct Key: Hashable {
        let channel: ChannelID
        let key: String
    }

    private struct State {
        var waiting: [Key: [Int: AsyncStream<EventEnd>.Continuation]] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    /// One end, once. To be asked for before the event is admitted, or it may have ended by then.
    func expect(_ channel: ChannelID, _ key: String) -> AsyncStream<EventEnd> {
        let (stream, continuation) = AsyncStream.makeStream(of: EventEnd.self, bufferingPolicy: .bufferingOldest(1))
        let place = Key(channel: channel, key: key)
        let number = state.withLock { state in
            state.last += 1
            state.waiting[place, default: [:]][state.last] = continuation
            return state.last
        }
        continuation.onTermination = { [weak self] _ in self?.forget(place, number) }
        return stream
    }

    func tell(_ event: Event, _ end: EventEnd) {
        guard let key = event.key else { return }
        let waiting = state.withLock { state in
            state.waiting.isEmpty ? nil : state.waiting.removeValue(forKey: Key(channel: event.channel, key: key))
        }
        guard let waiting else { return }
        for continuation in waiting.values {
            continuation.yield(end)
            continuation.finish()
        }
    }

    private func forget(_ place: Key, _ number: Int) {
        state.withLock { state in
            state.waiting[place]?[number] = nil
            if state.waiting[place]?.isEmpty == true { state.waiting[place] = nil }
        }
    }
}
