import Synchronization

/// Which clients are typing: a reply waits until they have finished.
final class TwinTypingHolds: Sendable {
    /// Signs that nobody waited for are forgotten.
    private static let most = 10_000
    private let signs = Mutex<[String: ContinuousClock.Instant]>([:])

    func typed(in session: String) {
        signs.withLock { signs in
            if signs.count >= Self.most { signs = [:] }
            signs[session] = ContinuousClock.now
        }
    }

    /// The client has said what was being typed.
    func finished(in session: String) { signs.withLock { _ = $0.removeValue(forKey: session) } }

    /// Waits until there has been no sign for `hold`, but no longer than `longest`.
    func wait(in session: String, _ hold: Duration, longest: Duration) async throws {
        let deadline = ContinuousClock.now + longest
        while let sign = signs.withLock({ $0[session] }) {
            let end = min(sign + hold, deadline)
            guard ContinuousClock.now < end else {
                finished(in: session)
                return
            }
            try await Task.sleep(until: end, clock: .continuous)
        }
    }
}
