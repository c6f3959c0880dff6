import Synchronization

/// Ties the knot between a lane and its feed, each of which needs the other.
final class FeedRelay: Sendable {
    private let connected = Mutex<LaneFeed?>(nil)

    var feed: LaneFeed? { connected.withLock { $0 } }

    func connect(_ feed: LaneFeed) {
        connected.withLock { $0 = feed }
    }
}
