import Moonwire
import Synchronization
import TwinAPI

/// What the reader of the stream hands to the translator, in order. The reader runs ahead, so that what ends a session
/// or the seat is known while other events are still being worked on.
final class TwinStreamQueue: Sendable {
    enum Item: Sendable {
        /// `at`: when they were read; whatever came before has been read too.
        case events([TwinEvent], at: Instant)
        /// `recovered`: the stream brought or will bring all that was missed.
        case connected(recovered: Bool)
        case disconnected(String)
        /// Publications were lost before that time.
        case stateLost(at: Instant)
        /// Something does not fit: look through everything soon.
        case review
        /// Some time has passed.
        case tick
        /// The platform made the operator offline, and the settings want it back.
        case reactivate
        /// The platform made the operator offline, and the settings leave it at that.
        case loggedOut
        case ended
    }

    /// How far the reader may be ahead, in events.
    private static let limit = 8192
    private let items: AsyncStream<Item>
    private let offer: AsyncStream<Item>.Continuation
    private let depth = Mutex(0)
    /// Whether a tick waits; another would say nothing new.
    private let hasTick = Mutex(false)

    init() {
        (items, offer) = AsyncStream.makeStream(of: Item.self)
    }

    func push(_ item: Item) {
        if case .tick = item {
            guard
                hasTick.withLock({ waits in
                    defer { waits = true }
                    return !waits
                })
            else { return }
        }
        depth.withLock { $0 += item.weight }
        offer.yield(item)
    }

    /// For one reader.
    func next(_ iterator: inout AsyncStream<Item>.AsyncIterator) async -> Item? {
        let item = await iterator.next()
        if let item { depth.withLock { $0 -= item.weight } }
        if case .tick = item { hasTick.withLock { $0 = false } }
        return item
    }

    func makeIterator() -> AsyncStream<Item>.AsyncIterator { items.makeAsyncIterator() }

    /// Waits until there is room again.
    func room() async throws {
        while depth.withLock({ $0 }) > Self.limit { try await Task.sleep(for: .milliseconds(10)) }
    }
}

extension TwinStreamQueue.Item {
    fileprivate var weight: Int {
        if case .events(let events, _) = self { events.count } else { 0 }
    }
}
