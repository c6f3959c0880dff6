import NIOCore
import Synchronization

/// Counts the connections of each peer, so that no one takes those of all.
final class Census: Sendable {
    /// What counts as one peer: an IPv4 address, or the network of an IPv6 one, of which whoever has any has plenty.
    struct Peer: Hashable, Sendable {
        fileprivate let bytes: [UInt8]

        init?(_ address: String) {
            guard let bytes = AddressRange.bytes(of: address) else { return nil }
            self.bytes = bytes.count == 16 ? Array(bytes.prefix(8)) : bytes
        }
    }

    private struct State {
        var counts: [Peer: Int] = [:]
        var refused = 0
        var toldAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: The most connections of one peer.
    init(limit: Int) {
        self.limit = limit
    }

    /// - Returns: Whether the peer may have one more connection; then ``leave(_:)`` must follow.
    func enter(_ peer: Peer) -> Bool {
        state.withLock { state in
            let count = state.counts[peer, default: 0]
            guard count < limit else {
                state.refused += 1
                return false
            }
            state.counts[peer] = count + 1
            return true
        }
    }

    func leave(_ peer: Peer) {
        state.withLock { state in
            let count = state.counts[peer, default: 0] - 1
            state.counts[peer] = count > 0 ? count : nil
        }
    }

    /// How many connections were refused since this was last told; `nil` when that was less than a minute ago.
    func news(at now: ContinuousClock.Instant = .now) -> Int? {
        state.withLock { state in
            if let toldAt = state.toldAt, now < toldAt + .seconds(60) { return nil }
            defer { state.refused = 0 }
            state.toldAt = now
            return state.refused
        }
    }
}
