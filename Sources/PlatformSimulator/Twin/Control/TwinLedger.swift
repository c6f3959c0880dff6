import Synchronization

/// Totals of the TWIN24 stand-in since the start or the last reset.
public struct TwinCounters: Sendable, Codable, Equatable {
    public var sessions = 0
    public var clientMessages = 0
    public var operatorMessages = 0
    public var botMessages = 0
    /// Operator messages beyond the first of each text in its session.
    public var duplicateOperatorMessages = 0
    public var edits = 0
    public var deletions = 0
    /// Read marks that operators set.
    public var readMarks = 0
    public var logins = 0
    public var refreshes = 0
    /// Logins and renewals that were turned down.
    public var refusedLogins = 0
    /// Streams that were told that somebody else is here.
    public var displacements = 0
    public var publications = 0
    public var openStreams = 0
    public var streamsOpened = 0
    /// Connect commands with a token that was accepted, and that was not.
    public var admissions = 0
    public var refusedAdmissions = 0
    public var recoveries = 0
    public var failedRecoveries = 0
    /// Notifications that were taken, all and by destination, as `phone:79001112233`.
    public var notifications = 0
    public var notified: [String: Int] = [:]
    /// Operator messages by session.
    public var replies: [String: Int] = [:]

    public init() {}

    /// The totals that can be waited for by name.
    static func total(_ name: String) -> (@Sendable (TwinCounters) -> Int)? {
        switch name {
        case "sessions": { $0.sessions }
        case "clientMessages": { $0.clientMessages }
        case "operatorMessages": { $0.operatorMessages }
        case "readMarks": { $0.readMarks }
        case "notifications": { $0.notifications }
        case "logins": { $0.logins }
        case "refreshes": { $0.refreshes }
        case "openStreams": { $0.openStreams }
        case "streamsOpened": { $0.streamsOpened }
        case "admissions": { $0.admissions }
        case "refusedAdmissions": { $0.refusedAdmissions }
        case "recoveries": { $0.recoveries }
        case "failedRecoveries": { $0.failedRecoveries }
        default: nil
        }
    }
}

/// Counts what happens, and wakes those who wait for a count.
final class TwinLedger: Sendable {
    private struct Waiter {
        let id: Int
        let isMet: @Sendable (TwinCounters) -> Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var counters = TwinCounters()
        var waiters: [Waiter] = []
        var lastID = 0
    }

    private let state = Mutex(State())

    var counters: TwinCounters { state.withLock { $0.counters } }

    func update(_ body: (inout TwinCounters) -> Void) {
        let met = state.withLock { state in
            body(&state.counters)
            guard !state.waiters.isEmpty else { return [Waiter]() }
            let met = state.waiters.filter { $0.isMet(state.counters) }
            let ids = Set(met.map(\.id))
            state.waiters.removeAll { ids.contains($0.id) }
            return met
        }
        for waiter in met { waiter.continuation.resume(returning: true) }
    }

    /// Starts the counts again; what is open stays counted.
    func reset() {
        update { counters in
            let open = counters.openStreams
            counters = TwinCounters()
            counters.openStreams = open
        }
    }

    /// Waits until the counters fit; false when time ran out or the simulator went down.
    func wait(timeout: Duration, until isMet: @escaping @Sendable (TwinCounters) -> Bool) async -> Bool {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let timer = Task {
            try await Task.sleep(for: timeout)
            fail { $0 == id }
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { continuation in
            let isMetAlready = state.withLock { state in
                if isMet(state.counters) { return true }
                state.waiters.append(Waiter(id: id, isMet: isMet, continuation: continuation))
                return false
            }
            if isMetAlready { continuation.resume(returning: true) }
        }
    }

    /// Ends every wait.
    func failWaiters() { fail { _ in true } }

    private func fail(_ isConcerned: (Int) -> Bool) {
        let failed = state.withLock { state in
            let failed = state.waiters.filter { isConcerned($0.id) }
            state.waiters.removeAll { isConcerned($0.id) }
            return failed
        }
        for waiter in failed { waiter.continuation.resume(returning: false) }
    }
}
