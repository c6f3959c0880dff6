extension CableMachine {
    /// A timer this late means that the process itself stood still, not that the server fell silent.
    private static let lateness = Duration.seconds(1)

    /// When `tick` has something to do.
    var nextDeadline: Duration? {
        switch phase {
        case .idle, .stopped: return nil
        case .connecting(let deadline), .opened(let deadline), .waiting(let deadline): return deadline
        case .live:
            let due = unsettled.compactMap(due).min()
            guard !isReaderStalled else { return due }
            let watch = lastHeard + (isDegraded ? timing.abortAfter : timing.degradedAfter)
            return due.map { min($0, watch) } ?? watch
        }
    }

    /// Does what is due. Early or needless calls are harmless.
    mutating func tick(now: Duration) -> [Action] {
        switch phase {
        case .idle, .stopped: return []
        case .waiting(let until): return until <= now ? reconnect(now: now) : []
        case .connecting(let deadline):
            guard deadline <= now else { return [] }
            return lose(CableFailure(reason: "The server did not answer in time."), now: now, drops: true)
        case .opened(let deadline):
            guard deadline <= now else { return [] }
            let reason = "The socket opened, but no welcome came: is this the path of an Action Cable?"
            return lose(CableFailure(reason: reason), now: now, drops: true)
        case .live: return tickLive(now: now)
        }
    }

    private mutating func tickLive(now: Duration) -> [Action] {
        var actions = watch(now: now)
        guard case .live = phase else { return actions }
        let dueNow = unsettled.filter { id in due(id).map { $0 <= now } ?? false }
        for id in dueNow.sorted() { actions += subscriptionIsDue(id, now: now) }
        return actions + fillWindow(now: now)
    }

    private mutating func watch(now: Duration) -> [Action] {
        if isReaderStalled { return [] }
        let silence = now - lastHeard
        if silence >= timing.abortAfter {
            if silence >= timing.abortAfter + Self.lateness {
                // Frames may be waiting in the socket: give the reader a moment to find them.
                lastHeard = now - timing.abortAfter + Self.lateness
                return degrade()
            }
            let reason = "Nothing was heard for \(timing.abortAfter.components.seconds) s."
            return lose(CableFailure(reason: reason), now: now, drops: true)
        }
        return silence >= timing.degradedAfter ? degrade() : []
    }

    private mutating func degrade() -> [Action] {
        if isDegraded { return [] }
        isDegraded = true
        return everyone(.degraded)
    }
}
