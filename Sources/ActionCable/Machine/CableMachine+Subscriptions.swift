extension CableMachine {
    /// Adds a subscription. It is sent as soon as a connection has been welcomed.
    mutating func subscribe(
        _ identifier: String, now: Duration
    ) throws(CableError) -> (id: SubscriptionID, actions: [Action]) {
        if isStopped { throw .stopped }
        if ids[identifier] != nil { throw .duplicateIdentifier }
        let id = makeID()
        subscriptions[id] = Subscription(identifier: identifier)
        ids[identifier] = id
        routesVersion += 1
        guard case .live = phase else { return (id, []) }
        enqueue(id)
        return (id, fillWindow(now: now))
    }

    /// Ends a subscription.
    mutating func unsubscribe(_ id: SubscriptionID, now: Duration) -> [Action] {
        guard let subscription = subscriptions[id] else { return [] }
        var actions = release(id, now: now)
        subscriptions[id] = nil
        ids[subscription.identifier] = nil
        routesVersion += 1
        actions.append(.finish(id))
        return actions + fillWindow(now: now)
    }

    /// Subscribes with an identifier that has been read again, the same or another one.
    mutating func replaceToken(
        _ id: SubscriptionID, _ identifier: String, now: Duration
    ) throws(CableError) -> [Action] {
        guard let subscription = subscriptions[id] else { throw .stopped }
        let isSame = subscription.identifier == identifier
        if !isSame, ids[identifier] != nil { throw .duplicateIdentifier }
        switch subscription.state {
        case .live where isSame, .subscribing where isSame, .queued where isSame, .cooling where isSame: return []
        case .suspect: break
        // The answer to a suspicion continues its rounds; everything else begins anew.
        default: if !subscription.isSubscribing { subscriptions[id]?.failedRounds = 0 }
        }
        let actions = release(id, now: now)
        ids[subscription.identifier] = nil
        ids[identifier] = id
        subscriptions[id]?.identifier = identifier
        guard case .live = phase else {
            subscriptions[id]?.state = .offline
            return actions
        }
        let earliest = (released[subscription.identifier] ?? now - timing.resubscribeDelay) + timing.resubscribeDelay
        if earliest > now {
            subscriptions[id]?.state = .cooling(until: earliest)
            unsettled.insert(id)
        } else {
            enqueue(id)
        }
        return actions + fillWindow(now: now)
    }

    /// The frame that performs an action, or `nil` when the subscription is not live.
    func perform(_ id: SubscriptionID, data: String) -> Action? {
        guard let subscription = subscriptions[id], subscription.state == .live else { return nil }
        return .send(CableCommand.message(subscription.identifier, data: data))
    }

    /// The subscription that a data frame is for, and whether its route may be remembered.
    mutating func dataTarget(_ identifier: String) -> (id: SubscriptionID, isLive: Bool)? {
        guard let id = ids[identifier], let subscription = subscriptions[id] else { return nil }
        if subscription.isSubscribing { subscriptions[id]?.heardData = true }
        return (id, subscription.state == .live)
    }

    // MARK: Answers of the server

    mutating func subscribeAll(now: Duration) -> [Action] {
        for id in subscriptions.keys.sorted() where subscriptions[id]?.state == .offline { enqueue(id) }
        return fillWindow(now: now)
    }

    mutating func confirmed(_ identifier: String, now: Duration) -> [Action] {
        guard let id = ids[identifier], let subscription = subscriptions[id] else { return [] }
        switch subscription.state {
        case .subscribing, .authFailed:
            return goLive(id) + fillWindow(now: now)
        case .suspect, .cooling:
            // Too late for this round, but the token is right. Whether the identifier is still held is unknown,
            // because commands may overtake each other: the next round finds out.
            subscriptions[id]?.failedRounds = 0
            return []
        case .offline, .queued, .live, .rejected:
            return []
        }
    }

    mutating func rejected(_ identifier: String, now: Duration) -> [Action] {
        guard let id = ids[identifier], let subscription = subscriptions[id] else { return [] }
        if subscription.state == .rejected { return [] }
        settle(id)
        subscriptions[id]?.state = .rejected
        subscriptions[id]?.isOnWire = false
        routesVersion += 1
        return [.deliver(id, .rejected)] + fillWindow(now: now)
    }

    // MARK: What is due

    /// When something is due for a subscription.
    func due(_ id: SubscriptionID) -> Duration? {
        switch subscriptions[id]?.state {
        case .cooling(let until): return until
        case .suspect(let since): return since + timing.tokenGrace
        case .subscribing(let since, let resends):
            let offset = resends < timing.resendOffsets.count ? timing.resendOffsets[resends] : timing.confirmTimeout
            return since + min(offset, timing.confirmTimeout)
        case .offline, .queued, .live, .rejected, .authFailed, nil: return nil
        }
    }

    mutating func subscriptionIsDue(_ id: SubscriptionID, now: Duration) -> [Action] {
        guard let subscription = subscriptions[id] else { return [] }
        switch subscription.state {
        case .cooling, .suspect:
            unsettled.remove(id)
            enqueue(id)
            return []
        case .subscribing(let since, _) where now - since >= timing.confirmTimeout:
            return subscription.heardData ? goLive(id) : fail(id, subscription, now: now)
        case .subscribing(let since, let resends):
            // After a late timer the repetitions that were missed are not made up for.
            let next = timing.resendOffsets.firstIndex { since + $0 > now } ?? timing.resendOffsets.count
            subscriptions[id]?.state = .subscribing(since: since, resends: max(next, resends + 1))
            return [.send(CableCommand.subscribe(subscription.identifier))]
        case .offline, .queued, .live, .rejected, .authFailed:
            return []
        }
    }

    /// A round without an answer. A wrong token raises inside the server, which then says nothing at all.
    private mutating func fail(_ id: SubscriptionID, _ subscription: Subscription, now: Duration) -> [Action] {
        settle(id)
        let round = subscription.failedRounds + 1
        subscriptions[id]?.failedRounds = round
        if round >= timing.roundsBeforeAuthFailed {
            subscriptions[id]?.state = .authFailed
            return [.deliver(id, .authFailed)]
        }
        // The identifier stays taken on the server, even if the token became valid: it has to be given back.
        let actions = release(id, now: now)
        subscriptions[id]?.state = .suspect(since: now)
        unsettled.insert(id)
        return actions + [.deliver(id, .tokenSuspect(round: round))]
    }

    private mutating func goLive(_ id: SubscriptionID) -> [Action] {
        settle(id)
        let reconnect = subscriptions[id]?.wasConfirmed ?? false
        subscriptions[id]?.state = .live
        subscriptions[id]?.wasConfirmed = true
        subscriptions[id]?.failedRounds = 0
        return [.deliver(id, .confirmed(reconnect: reconnect))]
    }

    // MARK: The window

    private mutating func enqueue(_ id: SubscriptionID) {
        subscriptions[id]?.state = .queued
        queue.append(id)
    }

    /// Sends as many waiting subscribes as the window has room for.
    mutating func fillWindow(now: Duration) -> [Action] {
        guard !queue.isEmpty else { return [] }
        var actions: [Action] = []
        var taken = 0
        for id in queue {
            guard subscribing < timing.subscribeWindow else { break }
            taken += 1
            guard let subscription = subscriptions[id], subscription.state == .queued else { continue }
            unsettled.insert(id)
            if let until = released[subscription.identifier].map({ $0 + timing.resubscribeDelay }), until > now {
                subscriptions[id]?.state = .cooling(until: until)
                continue
            }
            released[subscription.identifier] = nil
            subscribing += 1
            subscriptions[id]?.state = .subscribing(since: now, resends: 0)
            subscriptions[id]?.isOnWire = true
            subscriptions[id]?.heardData = false
            actions.append(.send(CableCommand.subscribe(subscription.identifier)))
        }
        queue.removeFirst(taken)
        return actions
    }

    /// Takes a subscription out of whatever it was waiting for.
    private mutating func settle(_ id: SubscriptionID) {
        if subscriptions[id]?.isSubscribing == true { subscribing -= 1 }
        unsettled.remove(id)
    }

    /// Gives the identifier back to the server, if it has it.
    private mutating func release(_ id: SubscriptionID, now: Duration) -> [Action] {
        settle(id)
        routesVersion += 1
        guard let subscription = subscriptions[id], subscription.isOnWire else { return [] }
        subscriptions[id]?.isOnWire = false
        subscriptions[id]?.state = .offline
        if released.count > 1024 { released = released.filter { $0.value + timing.resubscribeDelay > now } }
        released[subscription.identifier] = now
        return [.send(CableCommand.unsubscribe(subscription.identifier))]
    }
}
