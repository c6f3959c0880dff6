import NIOCore

/// The messages of a connection, one element per read from the socket.
///
/// Ends normally when the connection is closed, by either side, cleanly or not; `WebSocket.closure` then tells how.
/// Throws `WebSocketError` when the connection had to be given up: a limit, a broken rule, silence, an error of the
/// operating system. When the consumer falls behind, reading from the socket stops until it catches up.
/// For one consumer: a second iterator is a programming error.
public struct WebSocketBatches: AsyncSequence, Sendable {
    public typealias Element = [WebSocketMessage]
    public typealias Failure = any Error

    typealias Producer = NIOThrowingAsyncSequenceProducer<
        [WebSocketMessage], any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, ReadingDelegate
    >

    private let producer: Producer
    private let lifetime: ConnectionLifetime

    init(_ producer: Producer, lifetime: ConnectionLifetime) {
        self.producer = producer
        self.lifetime = lifetime
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: producer.makeAsyncIterator(), lifetime: lifetime)
    }

    /// Walks the batches.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let base: Producer.AsyncIterator
        fileprivate let lifetime: ConnectionLifetime

        public mutating func next() async throws -> [WebSocketMessage]? {
            try await base.next()
        }
    }
}

@available(*, unavailable)
extension WebSocketBatches.AsyncIterator: Sendable {}
