import Moonwire
import Synchronization

/// What the seat knows of one session.
struct TwinSessionEntry: Sendable {
    enum State: Sendable {
        /// The seat answers it.
        case mine
        /// In help: nobody has it.
        case help
        /// It was the seat's.
        case lost
        case closed
        /// Somebody else's.
        case foreign
    }

    var session: Session
    var state: State
    /// Tells the seat's times with the session apart, where it comes back.
    var stamp = ""
    /// When the platform was asked to give it to somebody else.
    var handedOverAt: Instant?
    /// The platform was asked to end it.
    var isFinished = false
    /// The platform has said that it is over.
    var isOver = false
    /// Whether the seat had it before it fell into help.
    var wasMine = false
    /// Taken out of help, and about to arrive.
    var isTaken = false
    /// A human writes in it.
    var isYielded = false
    var lastClientMessage: String?
    /// When the platform was last asked whose it is.
    var checkedAt: Instant?

    var isHandedOver: Bool { handedOverAt != nil }
}

/// The sessions of a seat. Those that are not its own are forgotten after a while.
final class TwinSessions: Sendable {
    private struct State {
        var sessions: [String: TwinSessionEntry] = [:]
        var older: [String: TwinSessionEntry] = [:]
        /// Sessions that the stream has taken away, in events that are still to be handled.
        var leaving: [String: Int] = [:]
        /// Own sessions of an earlier process that have not been seen yet.
        var remembered: [String: TwinOwnSession] = [:]
        var changed: Set<String> = []
        /// How many entries there may be before the old ones are put aside.
        var limit = TwinSessions.generation
    }

    private static let generation = 20_000
    private let state = Mutex(State())

    subscript(_ id: String) -> TwinSessionEntry? {
        state.withLock { $0.sessions[id] ?? $0.older[id] }
    }

    func store(_ entry: TwinSessionEntry) {
        let id = entry.session.id.id
        state.withLock { state in
            let before = state.sessions[id] ?? state.older[id]
            if TwinOwnSession(before) != TwinOwnSession(entry) || state.remembered.removeValue(forKey: id) != nil {
                state.changed.insert(id)
            }
            state.sessions[id] = entry
            guard state.sessions.count >= state.limit else { return }
            // What is the seat's own is never forgotten.
            state.older = state.sessions
            state.sessions = state.sessions.filter { $0.value.state == .mine }
            state.limit = max(Self.generation, state.sessions.count * 2)
        }
    }

    /// Changes an entry, and gives it after the change.
    @discardableResult
    func update(_ id: String, _ change: (inout TwinSessionEntry) -> Void) -> TwinSessionEntry? {
        guard var entry = self[id] else { return nil }
        change(&entry)
        store(entry)
        return entry
    }

    /// The own session of a client.
    func ofClient(_ client: String) -> String? {
        state.withLock { state in
            state.sessions.values.first { $0.state == .mine && $0.session.client?.id == client }?.session.id.id
        }
    }

    /// The ids of all that the seat answers, those of an earlier process among them.
    var own: Set<String> {
        state.withLock { state in
            Set(state.sessions.values.filter { $0.state == .mine }.map(\.session.id.id)).union(state.remembered.keys)
        }
    }

    /// What a later process needs to know of all that the seat answers.
    var ownForCursors: [TwinOwnSession] {
        state.withLock { state in
            state.sessions.values.compactMap { TwinOwnSession($0) } + state.remembered.values
        }
    }

    func remember(_ sessions: some Sequence<TwinOwnSession>) {
        state.withLock { state in
            for session in sessions { state.remembered[session.id] = session }
        }
    }

    /// What an earlier process knew of a session that has not been seen yet.
    func remembered(_ id: String) -> TwinOwnSession? { state.withLock { $0.remembered[id] } }

    func isRemembered(_ id: String) -> Bool { remembered(id) != nil }

    /// Sessions that came or went since the last call.
    func takeChanges() -> Set<String> {
        state.withLock { state in
            defer { state.changed = [] }
            return state.changed
        }
    }

    /// The stream has taken the session away; the event itself is still to be handled.
    func willLeave(_ id: String) { state.withLock { $0.leaving[id, default: 0] += 1 } }

    func hasLeft(_ id: String) {
        state.withLock { state in
            guard let count = state.leaving[id] else { return }
            state.leaving[id] = count > 1 ? count - 1 : nil
        }
    }

    func isLeaving(_ id: String) -> Bool { state.withLock { $0.leaving[id] != nil } }
}
