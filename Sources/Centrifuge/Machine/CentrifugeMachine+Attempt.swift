extension CentrifugeMachine {
    /// Begins an attempt: first the credentials, then the socket.
    mutating func attempt(now: Duration) -> [Action] {
        connection += 1
        phase = .preparing
        connectData = nil
        if settings.hasTokenProvider, token.isEmpty || needsNewToken { return ask(.connectionToken) }
        return prepareData(now: now)
    }

    private mutating func prepareData(now: Duration) -> [Action] {
        settings.hasDataProvider ? ask(.connectData) : open(now: now)
    }

    private mutating func open(now: Duration) -> [Action] {
        phase = .opening(deadline: now + timing.openTimeout)
        return [.open(connection)]
    }

    private mutating func ask(_ subject: CredentialQuestion.Subject) -> [Action] {
        let question = makeQuestion(subject)
        self.question = question
        return [.ask(question)]
    }

    /// A provider has answered.
    mutating func answered(_ question: CredentialQuestion, _ answer: CredentialAnswer, now: Duration) -> [Action] {
        if case .subscriptionToken(let channel) = question.subject {
            return subscriptionAnswered(channel, question, answer, now: now)
        }
        guard self.question == question else { return [] }
        self.question = nil
        switch (phase, answer) {
        case (_, .unauthorized): return leave(.unauthorized, .forGood, .close, now: now)
        case (.preparing, .token(let fresh)):
            if fresh.isEmpty { return leave(.unauthorized, .forGood, .gone, now: now) }
            token = fresh
            needsNewToken = false
            return prepareData(now: now)
        case (.preparing, .data(let data)):
            connectData = data
            return open(now: now)
        case (.preparing, .failed(let words)):
            let isToken = question.subject == .connectionToken
            let error = CentrifugeError(
                isToken ? .connectToken : .connectData, isToken ? 5 : 12, words, retryable: true)
            return leave(.transportClosed, .forNow, .gone, error: error, now: now)
        case (.connected, .token(let fresh)):
            if fresh.isEmpty { return leave(.unauthorized, .forGood, .close, now: now) }
            token = fresh
            let id = pending.add(.refresh, deadline: now + timing.commandTimeout)
            return [.send(CommandWriter.refresh(id, token: fresh))]
        case (.connected, .failed(let words)):
            return refreshFailed(words, now: now)
        default: return []
        }
    }

    /// The socket is open: the connect command and what else waits go out in one message.
    mutating func opened(_ number: Int, now: Duration) -> [Action] {
        guard number == connection, case .opening = phase else { return [] }
        phase = .joining
        lastHeard = now
        let id = pending.add(.connect, deadline: now + timing.commandTimeout)
        var connect = CommandWriter.Connect()
        connect.token = token
        connect.data = connectData
        connect.name = settings.name
        connect.version = settings.version
        connect.headers = settings.headers
        connect.recoveries = serverStreams.sorted { $0.key < $1.key }.compactMap { channel, stream in
            guard stream.isRecoverable, !stream.isForgotten else { return nil }
            return CommandWriter.Connect.Recovery(channel: channel, position: stream.position)
        }
        connectData = nil
        let first = CommandWriter.connect(id, connect)
        if first.count > settings.maxCommandBytes {
            let error = CentrifugeError(
                .badRequest, 12, "The connect command has \(first.count) bytes, more than the server takes.",
                retryable: false)
            inbox.append(.failure(error))
            return leave(.badConfiguration, .forGood, .close, now: now)
        }
        return batch(first, beginSubscriptions(now: now))
    }

    /// Puts the commands among the actions behind the first one, as far as a message may hold them.
    private func batch(_ first: [UInt8], _ actions: [Action]) -> [Action] {
        var messages = [first]
        var others: [Action] = []
        for action in actions {
            guard case .send(let command) = action else {
                others.append(action)
                continue
            }
            let last = messages.count - 1
            if messages[last].count + 1 + command.count <= settings.maxCommandBytes {
                messages[last] += [UInt8(ascii: "\n")] + command
            } else {
                messages.append(command)
            }
        }
        return messages.map { .send($0) } + others
    }

    /// The server accepted the connection.
    mutating func joined(_ result: ConnectResult, now: Duration) -> [Action] {
        guard phase == .joining else { return [] }
        phase = .connected(since: now)
        accepted()
        pingInterval = result.ping > 0 ? .seconds(Int64(result.ping)) : nil
        wantsPong = result.wantsPong
        arm(result.refresh, now: now)
        inbox.append(
            .connected(
                CentrifugeConnected(client: result.client, version: printable(result.version), data: result.data)))
        let actions = sendWaitingCalls(now: now)
        return actions + adoptServerChannels(result.subscriptions)
    }

    /// The server refused the connection. It will not listen any more on this socket.
    mutating func notJoined(_ error: ReplyError, now: Duration) -> [Action] {
        guard phase == .joining else { return [] }
        let isExpired = error.code == ReplyError.tokenExpired
        if isExpired, !settings.hasTokenProvider { return leave(.unauthorized, .forGood, .close, now: now) }
        if isExpired { needsNewToken = true }
        guard isExpired || error.isTemporary else {
            let reason = CentrifugeReason(code: error.code, text: printable(error.message))
            return leave(reason, .forGood, .close, now: now)
        }
        let words = CentrifugeError(error, to: "the connection")
        return leave(.transportClosed, .forNow, .close, error: words, now: now)
    }
}

// MARK: - Token refresh

extension CentrifugeMachine {
    private mutating func arm(_ refresh: RefreshResult, now: Duration) {
        // Without a provider the server ends the connection at its time, and the next attempt shows what then.
        refreshDue = settings.hasTokenProvider ? refresh.due.map { now + $0 } : nil
    }

    /// The token is about to expire.
    mutating func refreshIsDue() -> [Action] {
        refreshDue = nil
        return ask(.connectionToken)
    }

    mutating func refreshed(_ result: RefreshResult, now: Duration) -> [Action] {
        arm(result, now: now)
        return []
    }

    mutating func notRefreshed(_ error: ReplyError, now: Duration) -> [Action] {
        guard error.isTemporary else {
            let reason = CentrifugeReason(code: error.code, text: printable(error.message))
            return leave(reason, .forGood, .close, now: now)
        }
        return refreshFailed(CentrifugeError(error, to: "the new token").message, now: now)
    }

    mutating func refreshFailed(_ words: String, now: Duration) -> [Action] {
        inbox.append(.failure(CentrifugeError(.refreshToken, 6, words, retryable: true)))
        refreshDue = now + refreshRetryDelay()
        return []
    }

    /// The server extended the connection, or made it last, by itself.
    mutating func refreshPushed(_ result: RefreshResult, now: Duration) {
        if refreshDue != nil { arm(result, now: now) }
    }
}
