/// Subscriptions that the client asks for.
extension CentrifugeMachine {
    mutating func subscribe(
        _ channel: String, _ options: CentrifugeSubscriptionOptions, now: Duration
    ) throws(CentrifugeError) -> [Action] {
        if subscriptions[channel] != nil {
            throw CentrifugeError(
                .duplicateSubscription, 105, "The client has a subscription to \(printable(channel)).",
                retryable: false)
        }
        subscriptions[channel] = ClientSubscription(options)
        inbox.append(.subscribing(channel: channel, CentrifugeReason(code: 0, text: "subscribe called")))
        return isOpen ? begin(channel, now: now) : []
    }

    mutating func unsubscribe(_ channel: String, now: Duration) throws(CentrifugeError) -> [Action] {
        guard let subscription = subscriptions[channel] else { throw .unsubscribed(channel) }
        return end(channel, subscription, .unsubscribeCalled, now: now)
    }

    /// Ends a subscription, and tells the server if it knows of it.
    private mutating func end(
        _ channel: String, _ subscription: ClientSubscription, _ reason: CentrifugeReason, now: Duration
    ) -> [Action] {
        subscriptions[channel] = nil
        inbox.append(.unsubscribed(channel: channel, reason))
        switch subscription.state {
        case .sent, .subscribed:
            guard isOpen else { return [] }
            let id = pending.add(.unsubscribe(channel: channel), deadline: now + timing.commandTimeout)
            return [.send(CommandWriter.unsubscribe(id, channel))]
        case .offline, .asking, .waiting: return []
        }
    }

    /// Begins everything that waited for a socket.
    mutating func beginSubscriptions(now: Duration) -> [Action] {
        var actions: [Action] = []
        for channel in subscriptions.keys.sorted() where subscriptions[channel]?.state == .offline {
            actions += begin(channel, now: now)
        }
        return actions
    }

    private mutating func begin(_ channel: String, now: Duration) -> [Action] {
        guard let subscription = subscriptions[channel] else { return [] }
        if subscription.options.tokenProvider != nil, subscription.token.isEmpty {
            let question = makeQuestion(.subscriptionToken(channel: channel))
            subscriptions[channel]?.state = .asking(question)
            return [.ask(question)]
        }
        let id = pending.add(.subscribe(channel: channel), deadline: now + timing.commandTimeout)
        subscriptions[channel]?.state = .sent(id: id)
        let command = CommandWriter.subscribe(
            id, channel, token: subscription.token, options: subscription.options, from: subscription.recovery)
        return [.send(command)]
    }

    // MARK: Answers

    mutating func subscribed(
        _ channel: String, _ id: UInt32, _ result: SubscribeResult, now: Duration
    ) -> [Action] {
        guard let subscription = subscriptions[channel], subscription.state == .sent(id: id) else { return [] }
        var stream = subscription.stream ?? ChannelStream()
        let wasKnown = subscription.wasSubscribed || subscription.stream != nil
        let event = stream.adopt(result, asked: subscription.recovery, wasKnown: wasKnown)
        subscriptions[channel]?.stream = stream
        subscriptions[channel]?.state = .subscribed
        subscriptions[channel]?.wasSubscribed = true
        subscriptions[channel]?.attempts = 0
        armSubscription(channel, result.refresh, now: now)
        inbox.append(.subscribed(channel: channel, event))
        guard result.recovered else { return [] }
        return result.publications.flatMap { published(channel, $0) }
    }

    mutating func notSubscribed(
        _ channel: String, _ id: UInt32, _ error: ReplyError, now: Duration
    ) -> [Action] {
        guard let subscription = subscriptions[channel], subscription.state == .sent(id: id) else { return [] }
        let isExpired = error.code == ReplyError.tokenExpired
        if isExpired { forgetToken(channel) }
        if isExpired, subscription.options.tokenProvider == nil {
            return drop(channel, .unauthorized)
        }
        guard isExpired || error.isTemporary else {
            return drop(channel, CentrifugeReason(code: error.code, text: printable(error.message)))
        }
        inbox.append(.failure(CentrifugeError(error, to: "a subscription")))
        return retry(channel, now: now)
    }

    mutating func subscriptionAnswered(
        _ channel: String, _ question: CredentialQuestion, _ answer: CredentialAnswer, now: Duration
    ) -> [Action] {
        guard let subscription = subscriptions[channel] else { return [] }
        if subscription.state == .asking(question) {
            switch answer {
            case .token(let fresh) where !fresh.isEmpty:
                subscriptions[channel]?.token = fresh
                return begin(channel, now: now)
            case .failed(let words):
                inbox.append(.failure(CentrifugeError(.subscriptionToken, 8, words, retryable: true)))
                return retry(channel, now: now)
            case .token, .data, .unauthorized: return drop(channel, .unauthorized)
            }
        }
        guard subscription.refreshQuestion == question, subscription.state == .subscribed else { return [] }
        subscriptions[channel]?.refreshQuestion = nil
        switch answer {
        case .token(let fresh) where !fresh.isEmpty:
            subscriptions[channel]?.token = fresh
            let id = pending.add(.subRefresh(channel: channel), deadline: now + timing.commandTimeout)
            return [.send(CommandWriter.subRefresh(id, channel, token: fresh))]
        case .failed(let words): return subscriptionRefreshFailed(channel, words, now: now)
        case .token, .data, .unauthorized: return end(channel, subscription, .unauthorized, now: now)
        }
    }

    /// The server took the subscription away: below 2500 for good.
    mutating func subscriptionPushedOut(_ channel: String, _ reason: CentrifugeReason, now: Duration) -> [Action] {
        guard subscriptions[channel] != nil else { return [] }
        if reason.code < 2500 { return drop(channel, reason) }
        if reason.code == 2502 {
            subscriptions[channel]?.stream?.isForgotten = true
            forgetToken(channel)
        }
        subscriptions[channel]?.refreshDue = nil
        subscriptions[channel]?.refreshQuestion = nil
        inbox.append(.subscribing(channel: channel, reason))
        return begin(channel, now: now)
    }

    // MARK: Token refresh

    private mutating func armSubscription(_ channel: String, _ refresh: RefreshResult, now: Duration) {
        let hasProvider = subscriptions[channel]?.options.tokenProvider != nil
        subscriptions[channel]?.refreshDue = hasProvider ? refresh.due.map { now + $0 } : nil
        noteDue(subscriptions[channel]?.due)
    }

    mutating func subscriptionRefreshed(_ channel: String, _ result: RefreshResult, now: Duration) -> [Action] {
        if subscriptions[channel]?.state == .subscribed { armSubscription(channel, result, now: now) }
        return []
    }

    mutating func subscriptionNotRefreshed(_ channel: String, _ error: ReplyError, now: Duration) -> [Action] {
        guard let subscription = subscriptions[channel], subscription.state == .subscribed else { return [] }
        guard error.isTemporary else {
            let reason = CentrifugeReason(code: error.code, text: printable(error.message))
            return end(channel, subscription, reason, now: now)
        }
        let words = CentrifugeError(error, to: "a subscription's new token").message
        return subscriptionRefreshFailed(channel, words, now: now)
    }

    private mutating func subscriptionRefreshFailed(
        _ channel: String, _ words: String, now: Duration
    ) -> [Action] {
        inbox.append(.failure(CentrifugeError(.subscriptionRefreshToken, 9, words, retryable: true)))
        let due = now + refreshRetryDelay()
        subscriptions[channel]?.refreshDue = due
        noteDue(due)
        return []
    }

    // MARK: What is due

    private mutating func retry(_ channel: String, now: Duration) -> [Action] {
        let delay = retryDelay(subscriptions[channel]?.attempts ?? 0)
        subscriptions[channel]?.attempts += 1
        subscriptions[channel]?.state = .waiting(until: now + delay)
        noteDue(now + delay)
        return []
    }

    /// Keeps the earliest time. One that has become needless is found out when it comes.
    private mutating func noteDue(_ due: Duration?) {
        guard let due else { return }
        subscriptionsDue = subscriptionsDue.map { min($0, due) } ?? due
    }

    mutating func tickSubscriptions(now: Duration) -> [Action] {
        guard let due = subscriptionsDue, due <= now else { return [] }
        subscriptionsDue = nil
        var actions: [Action] = []
        for channel in subscriptions.keys.sorted() {
            guard let subscription = subscriptions[channel], let due = subscription.due else { continue }
            if due > now {
                noteDue(due)
            } else if case .waiting = subscription.state {
                actions += begin(channel, now: now)
            } else {
                let question = makeQuestion(.subscriptionToken(channel: channel))
                subscriptions[channel]?.refreshDue = nil
                subscriptions[channel]?.refreshQuestion = question
                actions.append(.ask(question))
            }
        }
        return actions
    }

    // MARK: Ends

    /// The connection is gone: everything waits for the next one.
    mutating func interruptSubscriptions(wasConnected: Bool) {
        for channel in subscriptions.keys.sorted() {
            if subscriptions[channel]?.state == .subscribed {
                inbox.append(.subscribing(channel: channel, .transportClosed))
            }
            subscriptions[channel]?.state = .offline
            subscriptions[channel]?.refreshDue = nil
            subscriptions[channel]?.refreshQuestion = nil
        }
        subscriptionsDue = nil
        guard wasConnected else { return }
        for channel in serverStreams.keys.sorted() {
            inbox.append(.subscribing(channel: channel, .transportClosed))
        }
    }

    mutating func forgetToken(_ channel: String) {
        if subscriptions[channel]?.options.tokenProvider != nil { subscriptions[channel]?.token = "" }
    }

    /// The server does not know the subscription, or no longer.
    private mutating func drop(_ channel: String, _ reason: CentrifugeReason) -> [Action] {
        subscriptions[channel] = nil
        inbox.append(.unsubscribed(channel: channel, reason))
        return []
    }
}
