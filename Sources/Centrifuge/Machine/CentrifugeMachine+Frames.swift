extension CentrifugeMachine {
    /// A message was read from the socket.
    mutating func heard(_ number: Int, now: Duration) {
        if number == connection { lastHeard = now }
    }

    /// An object of a message was read. Later objects of a connection that has been left change nothing.
    mutating func received(_ frame: ServerFrame, _ number: Int, now: Duration) -> [Action] {
        guard number == connection, isOpen else { return [] }
        let actions: [Action]
        switch frame {
        case .ping: return isConnected && wantsPong ? [.send(CommandWriter.pong)] : []
        case .push(let push): actions = received(push, now: now)
        case .reply(let reply): actions = received(reply, now: now)
        case .version1: return leave(.version1, .forGood, .close, now: now)
        case .unreadable: return gotUnreadable(now: now)
        }
        return inbox.isOverfull && isOpen ? actions + overflow(now: now) : actions
    }

    // MARK: Replies

    private mutating func received(_ reply: Reply, now: Duration) -> [Action] {
        guard let command = pending.remove(reply.id) else { return [.note(.strayReply)] }
        if let error = reply.error { return failed(command.purpose, reply.id, error, now: now) }
        switch (command.purpose, reply.body) {
        case (.connect, .connect(let result)): return joined(result, now: now)
        case (.connect, _): return joined(ConnectResult(), now: now)
        case (.subscribe(let channel), .subscribe(let result)):
            return subscribed(channel, reply.id, result, now: now)
        case (.subscribe(let channel), _): return subscribed(channel, reply.id, SubscribeResult(), now: now)
        case (.unsubscribe, _): return []
        case (.refresh, .refresh(let result)): return refreshed(result, now: now)
        case (.refresh, _): return refreshed(RefreshResult(), now: now)
        case (.subRefresh(let channel), .refresh(let result)):
            return subscriptionRefreshed(channel, result, now: now)
        case (.subRefresh(let channel), _): return subscriptionRefreshed(channel, RefreshResult(), now: now)
        case (.call(let call, _), let body): return [.complete(call, .success(body))]
        }
    }

    private mutating func failed(
        _ purpose: PendingCommands.Purpose, _ id: UInt32, _ error: ReplyError, now: Duration
    ) -> [Action] {
        switch purpose {
        case .connect: return notJoined(error, now: now)
        case .subscribe(let channel): return notSubscribed(channel, id, error, now: now)
        case .unsubscribe:
            let words = CentrifugeError(error, to: "an unsubscribe")
            return leave(.unsubscribeError, .forNow, .close, error: words, now: now)
        case .refresh: return notRefreshed(error, now: now)
        case .subRefresh(let channel): return subscriptionNotRefreshed(channel, error, now: now)
        case .call(let call, let name): return [.complete(call, .failure(CentrifugeError(error, to: name)))]
        }
    }

    // MARK: Pushes

    private mutating func received(_ push: Push, now: Duration) -> [Action] {
        switch push {
        case .publication(let channel, let publication): return published(channel, publication)
        case .join(let channel, let info):
            if isKnown(channel) { inbox.append(.join(channel: channel, info)) }
        case .leave(let channel, let info):
            if isKnown(channel) { inbox.append(.leave(channel: channel, info)) }
        case .message(let data): inbox.append(.message(data))
        case .subscribe(let channel, let result): adoptServerChannel(channel, result)
        case .unsubscribe(let channel, let reason): return pushedOut(channel, reason, now: now)
        case .disconnect(let reason):
            return farewell(Farewell(code: reason.code, reason: reason.text), .close, now: now)
        case .refresh(let result): refreshPushed(result, now: now)
        case .unknown: break
        }
        return []
    }

    private func isKnown(_ channel: String) -> Bool {
        serverStreams[channel] != nil || subscriptions[channel]?.state == .subscribed
    }

    /// Delivers a publication of a channel that is subscribed, once.
    mutating func published(_ channel: String, _ publication: CentrifugePublication) -> [Action] {
        let judged: (verdict: ChannelStream.Verdict, mark: StreamMark)?
        if let isOfServer = serverStreams[channel]?.accept(publication.offset) {
            judged = isOfServer
        } else if subscriptions[channel]?.state == .subscribed {
            judged = subscriptions[channel]?.stream?.accept(publication.offset)
        } else {
            judged = nil
        }
        guard let (verdict, mark) = judged else { return [] }
        if verdict == .duplicate {
            duplicates += 1
            return []
        }
        inbox.append(.publication(channel: channel, publication), mark)
        guard verdict == .deliverAfterGap, !hasNotedGap else { return [] }
        hasNotedGap = true
        return [.note(.gap(channel: channel))]
    }
}

// MARK: - Server-side subscriptions

extension CentrifugeMachine {
    /// Takes the server's list: all greetings first, then what was missed, then the farewells.
    mutating func adoptServerChannels(_ entries: [ConnectResult.Entry]) -> [Action] {
        for entry in entries { adoptServerChannel(entry.channel, entry.result) }
        var actions: [Action] = []
        for entry in entries where entry.result.recovered {
            for publication in entry.result.publications { actions += published(entry.channel, publication) }
        }
        let listed = Set(entries.map(\.channel))
        for channel in serverStreams.keys.sorted() where !listed.contains(channel) {
            serverStreams[channel] = nil
            inbox.append(.unsubscribed(channel: channel, CentrifugeReason(code: 2000, text: "server unsubscribe")))
        }
        return actions
    }

    /// Takes one subscription, of the list or pushed later.
    mutating func adoptServerChannel(_ channel: String, _ result: SubscribeResult) {
        let known = serverStreams[channel]
        var stream = known ?? ChannelStream()
        let asked = known.flatMap { $0.isRecoverable && !$0.isForgotten ? $0.position : nil }
        let event = stream.adopt(result, asked: asked, wasKnown: known != nil)
        serverStreams[channel] = stream
        inbox.append(.subscribed(channel: channel, event))
    }

    /// The server took a subscription away.
    private mutating func pushedOut(_ channel: String, _ reason: CentrifugeReason, now: Duration) -> [Action] {
        let reason = CentrifugeReason(code: reason.code, text: printable(reason.text))
        if serverStreams.removeValue(forKey: channel) != nil {
            inbox.append(.unsubscribed(channel: channel, reason))
            return []
        }
        return subscriptionPushedOut(channel, reason, now: now)
    }

    /// The server's state is gone: neither tokens nor positions mean anything any more.
    mutating func forgetPositions() {
        token = settings.hasTokenProvider ? "" : token
        needsNewToken = true
        forgetStreams()
        for channel in subscriptions.keys { forgetToken(channel) }
    }

    /// What is missed during the interruption that follows is lost.
    mutating func forgetStreams() {
        for channel in serverStreams.keys { serverStreams[channel]?.isForgotten = true }
        for channel in subscriptions.keys { subscriptions[channel]?.stream?.isForgotten = true }
    }
}
