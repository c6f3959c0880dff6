import Moonwire
import Synchronization

/// Whether a custom channel runs, and what it has in hand.
final class CustomChannelState: Sendable {
    private struct State {
        var context: ChannelContext?
        var hasEnded = false
        /// How many parts of an effect have been posted.
        var progress: [String: Int] = [:]
        /// Contacts whose session is known to have begun.
        var contacts: Set<String> = []
    }

    private static let mostContacts = 20_000
    private let state = Mutex(State())

    /// `nil` before the channel runs and once it shuts down.
    var context: ChannelContext? { state.withLock { $0.context } }

    func open(_ context: ChannelContext) { state.withLock { $0.context = context } }

    func close() {
        state.withLock { state in
            state.context = nil
            state.hasEnded = true
        }
    }

    /// What effects need, which may be asked for before the channel runs.
    func context(_ timing: DeliveryTiming) async throws -> ChannelContext {
        while true {
            let (context, hasEnded) = state.withLock { ($0.context, $0.hasEnded) }
            if let context { return context }
            if hasEnded { throw CancellationError() }
            try await timing.sleep(.milliseconds(10))
        }
    }

    func progress(of key: String) -> Int { state.withLock { $0.progress[key] ?? 0 } }

    /// - Parameter count: `nil` once the effect has ended.
    func setProgress(_ count: Int?, of key: String) { state.withLock { $0.progress[key] = count } }

    func knows(_ contact: String) -> Bool { state.withLock { $0.contacts.contains(contact) } }

    func remember(_ contact: String) {
        state.withLock { state in
            if state.contacts.count >= Self.mostContacts { state.contacts = [] }
            state.contacts.insert(contact)
        }
    }
}
