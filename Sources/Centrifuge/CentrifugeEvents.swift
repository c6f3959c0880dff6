/// The events of a client, in batches: each element holds everything that came since the last one.
///
/// Ends after `disconnected`, and when the consuming task is cancelled; a client that is run again is walked again.
/// For one consumer. By asking for the next batch it says that it is done with the last one. A consumer that falls far
/// behind makes the client close the connection, and come back when everything has been handled: what was thrown away
/// is recovered then, or said to be lost by `isStateLost`.
public struct CentrifugeEvents: AsyncSequence, Sendable {
    public typealias Element = [CentrifugeEvent]
    public typealias Failure = Never

    private let nextBatch: @Sendable () async -> [CentrifugeEvent]?

    init(_ nextBatch: @escaping @Sendable () async -> [CentrifugeEvent]?) {
        self.nextBatch = nextBatch
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(nextBatch: nextBatch)
    }

    /// Walks the batches.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let nextBatch: @Sendable () async -> [CentrifugeEvent]?
        private var isOver = false

        fileprivate init(nextBatch: @escaping @Sendable () async -> [CentrifugeEvent]?) {
            self.nextBatch = nextBatch
        }

        public mutating func next() async -> [CentrifugeEvent]? {
            await next(isolation: nil)
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async -> [CentrifugeEvent]? {
            if isOver { return nil }
            let batch = await nextBatch()
            isOver = batch == nil
            return batch
        }
    }
}

@available(*, unavailable)
extension CentrifugeEvents.AsyncIterator: Sendable {}
