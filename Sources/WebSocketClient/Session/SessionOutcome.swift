import Synchronization

/// How the session ended, readable from any thread. The first word stands.
final class SessionOutcome: Sendable {
    private let stored = Mutex<WebSocketClosure?>(nil)

    var closure: WebSocketClosure? { stored.withLock { $0 } }

    func settle(_ closure: WebSocketClosure) {
        stored.withLock { $0 = $0 ?? closure }
    }
}
