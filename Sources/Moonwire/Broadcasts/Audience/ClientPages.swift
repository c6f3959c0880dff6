import Synchronization

/// Pages of clients that broadcasts have asked their channels for.
final class ClientPages: Sendable {
    enum Page {
        case asked
        case came(Result<EffectReceipt, EffectFailure>)
    }

    private let pages = Mutex<[BroadcastID: Page]>([:])

    subscript(id: BroadcastID) -> Page? { pages.withLock { $0[id] } }

    func ask(_ id: BroadcastID) { pages.withLock { $0[id] = .asked } }

    /// What came for a broadcast that has been forgotten meanwhile is left out.
    func take(_ result: Result<EffectReceipt, EffectFailure>, for id: BroadcastID) {
        pages.withLock { if $0[id] != nil { $0[id] = .came(result) } }
    }

    func forget(_ id: BroadcastID) { pages.withLock { $0[id] = nil } }
}
