import Moonwire
import Synchronization

/// What the seat wrote itself: its messages come back as events, sometimes before the answer that names them.
final class TwinSentMessages: Sendable {
    /// How far an effect of several messages has come.
    struct Progress: Sendable {
        /// Ids of files that were uploaded for it.
        var files: [String]?
        /// Ids of the messages that are written.
        var messages: [String] = []
    }

    private struct Pending {
        let text: String
        let at: ContinuousClock.Instant
    }

    private struct State {
        var sessions: [String: String] = [:]
        var older: [String: String] = [:]
        var pending: [String: [Pending]] = [:]
        /// How many sessions may have some before those that nothing came of are cleared away.
        var pendingLimit = TwinSentMessages.smallLimit
        var progress: [String: Progress] = [:]
    }

    private static let generation = 20_000
    private static let smallLimit = 256
    private static let patience: Duration = .seconds(30)
    private let state = Mutex(State())

    func begin(_ text: String, in session: String) {
        state.withLock { state in
            let now = ContinuousClock.now
            if state.pending.count > state.pendingLimit {
                state.pending = state.pending.compactMapValues { list in
                    let fresh = list.filter { now - $0.at <= Self.patience }
                    return fresh.isEmpty ? nil : fresh
                }
                state.pendingLimit = max(Self.smallLimit, state.pending.count * 2)
            }
            state.pending[session, default: []].removeAll { now - $0.at > Self.patience }
            state.pending[session, default: []].append(Pending(text: text, at: now))
        }
    }

    /// - Parameter message: The id; nil when the message was not written, or nobody knows.
    func end(_ text: String, in session: String, message: String?) {
        state.withLock { state in
            guard let message else { return }
            if let index = state.pending[session]?.firstIndex(where: { $0.text == text }) {
                state.pending[session]?.remove(at: index)
            }
            if state.pending[session]?.isEmpty == true { state.pending[session] = nil }
            state.sessions[message] = session
            if state.sessions.count >= Self.generation {
                state.older = state.sessions
                state.sessions = [:]
            }
        }
    }

    func contains(_ message: String) -> Bool { session(of: message) != nil }

    func session(of message: String) -> String? {
        state.withLock { $0.sessions[message] ?? $0.older[message] }
    }

    /// Whether such a message is on its way.
    func isPending(_ text: String, in session: String) -> Bool {
        let now = ContinuousClock.now
        return state.withLock { state in
            state.pending[session]?.contains { $0.text == text && now - $0.at <= Self.patience } ?? false
        }
    }

    func progress(of key: String) -> Progress { state.withLock { $0.progress[key] ?? Progress() } }

    func keep(_ progress: Progress?, of key: String) { state.withLock { $0.progress[key] = progress } }
}
