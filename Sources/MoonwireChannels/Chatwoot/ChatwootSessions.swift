import Moonwire
import Synchronization

/// The latest snapshot of each session, as the stream and the API told it.
///
/// Message events do not carry the whole conversation, so that what they lack comes from here. Only the most recent
/// sessions are kept; one that was forgotten is made up again from its next event.
final class ChatwootSessions: Sendable {
    private struct State {
        var sessions: [Int: Session] = [:]
        var older: [Int: Session] = [:]
        /// Ids of the host's own messages by echo id, for a look-up of an effect in doubt.
        var echoes: [String: Int] = [:]
        var olderEchoes: [String: Int] = [:]
    }

    private static let generation = 20_000
    private let state = Mutex(State())

    subscript(_ id: Int) -> Session? {
        state.withLock { $0.sessions[id] ?? $0.older[id] }
    }

    /// Stores a snapshot and gives the one before it.
    @discardableResult
    func store(_ id: Int, _ session: Session) -> Session? {
        state.withLock { state in
            let before = state.sessions[id] ?? state.older[id]
            state.sessions[id] = session
            if state.sessions.count >= Self.generation {
                state.older = state.sessions
                state.sessions = [:]
            }
            return before
        }
    }

    func storeEcho(_ echo: String, message: Int) {
        state.withLock { state in
            state.echoes[echo] = message
            if state.echoes.count >= Self.generation {
                state.olderEchoes = state.echoes
                state.echoes = [:]
            }
        }
    }

    func message(ofEcho echo: String) -> Int? {
        state.withLock { $0.echoes[echo] ?? $0.olderEchoes[echo] }
    }

    /// The ids of all sessions that are remembered.
    var known: [Int] {
        state.withLock { Array(Set($0.sessions.keys).union($0.older.keys)) }
    }
}
