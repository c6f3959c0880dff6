/// The events of one subscription, in batches: each element holds everything that came since the last one.
///
/// Ends after `stopped`, after `unsubscribe`, and when the consuming task is cancelled. For one consumer. A consumer
/// that falls far behind stops the reading of the whole socket until it has caught up, so nothing is lost and memory
/// stays bounded; one that loses interest should call `unsubscribe`, or let go of the subscription.
public struct CableEvents: AsyncSequence, Sendable {
    public typealias Element = [CableEvent]
    public typealias Failure = Never

    private let interest: Interest

    init(_ queue: CableEventQueue) {
        interest = Interest(queue: queue)
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(interest: interest)
    }

    /// Walks the batches.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let interest: Interest

        public mutating func next() async -> [CableEvent]? {
            await interest.queue.next()
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async -> [CableEvent]? {
            await interest.queue.next()
        }
    }

    /// Lives as long as anyone can still read the events.
    fileprivate final class Interest: Sendable {
        let queue: CableEventQueue

        init(queue: CableEventQueue) {
            self.queue = queue
        }

        deinit {
            queue.abandon()
        }
    }
}

@available(*, unavailable)
extension CableEvents.AsyncIterator: Sendable {}
