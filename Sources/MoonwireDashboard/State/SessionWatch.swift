public import Moonwire
import Synchronization

/// Tells pages that something has happened in the session that they show, and actions how they ended.
///
/// Listens to what the engine tells. Nothing is kept of sessions that nobody looks at.
public final class SessionWatch: Sendable {
    /// What became of an event.
    enum Ending: Sendable {
        case done
        /// A handler failed.
        case failed
        /// Its handler goes on, or waits.
        case underWay
        case unmatched
    }

    private struct State {
        var lastID = 0
        var watchers: [SessionID: [Int: AsyncStream<Void>.Continuation]] = [:]
        var snapshots: [SessionID: Session] = [:]
        /// By the event's key.
        var waiters: [String: AsyncStream<Ending>.Continuation] = [:]
        var keysOfRuns: [RunID: String] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    public init() {}

    /// To be called for each notice of the engine.
    public func note(_ notice: EngineNotice) {
        switch notice {
        case .runStarted(let run, let event):
            touch(run.session, event.session)
            guard let key = event.key else { return }
            state.withLock { if $0.waiters[key] != nil { $0.keysOfRuns[run.id] = key } }
        case .stepped(let run, let request, _):
            touch(run.session, nil)
            if case .wait = request.action { end(run.id, .underWay) }
        case .stepEnded(let run, _, let outcome): touch(run.session, outcome.session)
        case .runEnded(let run, let ended):
            touch(run.session, nil)
            end(run.id, ended.state == .done ? .done : .failed)
        case .unmatched(let event):
            touch(event.sessionID, event.session)
            if let key = event.key { settle(key, .unmatched) }
        default: return
        }
    }

    /// Something happened that the engine does not tell of.
    func touch(_ session: SessionID, _ snapshot: Session?) {
        state.withLock { state in
            guard let watchers = state.watchers[session] else { return }
            if let snapshot, snapshot.id == session { state.snapshots[session] = snapshot }
            for watcher in watchers.values { watcher.yield() }
        }
    }

    /// What was last seen of a session that is watched.
    func snapshot(of session: SessionID) -> Session? {
        state.withLock { $0.snapshots[session] }
    }

    /// Elements stand for changes; several in a row come as one.
    func changes(of session: SessionID) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let id: Int? = state.withLock { state in
                guard !state.isClosed else { return nil }
                state.lastID += 1
                state.watchers[session, default: [:]][state.lastID] = continuation
                return state.lastID
            }
            guard let id else {
                continuation.finish()
                return
            }
            continuation.onTermination = { [weak self] _ in self?.leave(session, id) }
        }
    }

    /// The host goes down: ends what listens.
    func close() {
        let watchers = state.withLock { state in
            state.isClosed = true
            return state.watchers.values.flatMap(\.values)
        }
        for watcher in watchers { watcher.finish() }
    }

    private func leave(_ session: SessionID, _ id: Int) {
        state.withLock { state in
            state.watchers[session]?[id] = nil
            guard state.watchers[session]?.isEmpty == true else { return }
            state.watchers[session] = nil
            state.snapshots[session] = nil
        }
    }

    /// Follows the event with this key. To be asked for before the event is admitted.
    func ending(of key: String) -> AsyncStream<Ending> {
        AsyncStream(bufferingPolicy: .bufferingOldest(1)) { continuation in
            state.withLock { $0.waiters[key] = continuation }
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { state in
                    state.waiters[key] = nil
                    state.keysOfRuns = state.keysOfRuns.filter { $0.value != key }
                }
            }
        }
    }

    private func end(_ run: RunID, _ ending: Ending) {
        guard let key = state.withLock({ $0.keysOfRuns.removeValue(forKey: run) }) else { return }
        settle(key, ending)
    }

    private func settle(_ key: String, _ ending: Ending) {
        let waiter = state.withLock { $0.waiters[key] }
        waiter?.yield(ending)
        waiter?.finish()
    }
}
