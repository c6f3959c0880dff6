extension CentrifugeMachine {
    /// A timer this late means that the process itself stood still, not that the server fell silent.
    private static let lateness = Duration.seconds(1)

    /// When `tick` has something to do.
    var nextDeadline: Duration? {
        let ofPhase: Duration?
        switch phase {
        case .idle, .stopped: return nil
        case .preparing: ofPhase = nil
        case .waiting(let until): ofPhase = isHeldBack ? nil : until
        case .opening(let deadline): ofPhase = deadline
        case .joining: ofPhase = pending.nextDeadline
        case .connected:
            ofPhase = [pending.nextDeadline, pingDeadline, refreshDue, subscriptionsDue].compactMap(\.self).min()
        }
        guard let call = waitingCalls.first?.deadline else { return ofPhase }
        return ofPhase.map { min($0, call) } ?? call
    }

    /// When the silence becomes too long.
    private var pingDeadline: Duration? {
        pingInterval.map { lastHeard + $0 + timing.maxServerPingDelay }
    }

    /// Does what is due. Early or needless calls are harmless.
    mutating func tick(now: Duration) -> [Action] {
        let actions = expireWaitingCalls(now: now)
        switch phase {
        case .idle, .stopped, .preparing: return actions
        case .waiting(let until):
            return until <= now && !isHeldBack ? actions + attempt(now: now) : actions
        case .opening(let deadline):
            guard deadline <= now else { return actions }
            let error = CentrifugeError.timeout("Opening the socket")
            return actions + leave(.transportClosed, .forNow, .drop, error: error, now: now)
        case .joining, .connected:
            return actions + tickOpen(now: now)
        }
    }

    private mutating func tickOpen(now: Duration) -> [Action] {
        var actions: [Action] = []
        while isOpen, let command = pending.removeExpired(now: now) {
            actions += timedOut(command.purpose, now: now)
        }
        guard isConnected else { return actions }
        if let deadline = pingDeadline, deadline <= now {
            if now >= deadline + Self.lateness {
                // Frames may be waiting in the socket: give the reader a moment to find them.
                lastHeard += now - deadline + Self.lateness
            } else {
                return actions + leave(.noPing, .forNow, .drop, now: now)
            }
        }
        if let due = refreshDue, due <= now { actions += refreshIsDue() }
        return actions + tickSubscriptions(now: now)
    }

    private mutating func timedOut(_ purpose: PendingCommands.Purpose, now: Duration) -> [Action] {
        switch purpose {
        case .connect:
            let error = CentrifugeError.timeout("The answer to the connect command")
            return leave(.transportClosed, .forNow, .drop, error: error, now: now)
        case .subscribe: return leave(.subscribeTimeout, .forNow, .drop, now: now)
        case .unsubscribe: return leave(.unsubscribeError, .forNow, .drop, now: now)
        case .refresh: return refreshFailed("The server did not answer the new token.", now: now)
        case .subRefresh(let channel):
            let error = ReplyError(code: 1, message: "timeout", temporary: true)
            return subscriptionNotRefreshed(channel, error, now: now)
        case .call(let id, let name):
            return [.complete(id, .failure(.timeout("The answer to \(name)")))]
        }
    }
}
