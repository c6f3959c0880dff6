import Moonwire
import TwinAPI

extension TwinSeat {
    /// What an effect asks of the session's state.
    private enum Need { case own, ownOrHelp, nothing }

    func perform(_ delivery: EffectDelivery) async throws -> EffectReceipt {
        if let refusal = state.refusal { throw refusal }
        // Whose a session is, and who wrote a message, cannot be told before that.
        guard state.me != nil else {
            throw ChannelError(
                code: "network", message: "the channel is not connected yet", fate: .notPerformed, retryable: true)
        }
        let id = delivery.session.id
        if id.isEmpty || delivery.effect.isOfChannel {
            return try await performOnChannel(delivery.effect, key: delivery.key)
        }
        do {
            try await admit(id, for: delivery.effect)
        } catch let error as ChannelError where error.isOfSomebodyElsesSession {
            guard case .reply(let reply) = delivery.effect, let notifier = notifier(for: reply) else { throw error }
            return try await notifier.send(notice(of: reply, in: id), key: delivery.key)
        }
        do {
            return try await perform(delivery.effect, in: id, key: delivery.key)
        } catch let error as TwinError where error.isOfMissingSession {
            // What is refused because the session has just left is no failure of its own.
            if !isWritable(id) { throw gone(id) }
            requestReview()
            throw error
        }
    }

    private func perform(_ effect: ChannelEffect, in id: String, key: String) async throws -> EffectReceipt {
        switch effect {
        case .reply(let reply):
            do {
                return try await send(reply, to: id, key: key)
            } catch {
                let failure = ChannelError(twin: error)
                // Nothing goes on behind what failed for good.
                if !failure.retryable, failure.fate == .notPerformed { sent.keep(nil, of: key) }
                throw error
            }
        case .take: return try await take(id)
        case .transfer(let transfer): return try await move(id, transfer)
        case .close(let result): return try await finish(id, result: result)
        case .markRead: try await markRead(id)
        case .rename(let name): try await api.rename(id, to: name)
        case .edit(let message, let text): try await api.edit(message, of: id, to: TwinMessageDraft(text))
        case .delete(let message): try await delete(message, of: id)
        case .ban(let client, _): try await api.ban(client: client)
        case .unban(let client): try await api.unban(client: client)
        case .messages(let limit, let before):
            return try await list(limit, before, client: sessions[id]?.session.client?.id) {
                try await self.api.messages(ofSession: id, $0)
            }
        case .clientMessages(let client, let limit, let before):
            return try await list(limit, before, client: client) {
                try await self.api.messages(ofClient: client, $0)
            }
        case .refresh: return EffectReceipt(session: try await reread(id))
        case .typing: break
        case .reopen, .label, .unlabel, .set, .submit, .updateClient, .sessions, .clients, .open, .operators, .groups,
            .me, .status, .request, .receive, .echo, .receipt, .fail, .bind:
            throw ChannelError.unsupported("\(effect.method) is not possible on TWIN24")
        }
        return EffectReceipt()
    }

    /// Refuses what the session's state does not allow. One that is not known is asked for first.
    private func admit(_ id: String, for effect: ChannelEffect) async throws {
        let need = Self.need(of: effect)
        guard need != .nothing else { return }
        if sessions[id] == nil { try await learn(id) }
        if isWritable(id) { return }
        if sessions[id]?.state == .help {
            if need == .ownOrHelp { return }
            throw ChannelError(
                code: "queued", message: "session \(id) is in help and nobody's; take it first with session:take()",
                fate: .notPerformed, retryable: false)
        }
        throw gone(id)
    }

    private static func need(of effect: ChannelEffect) -> Need {
        switch effect {
        case .messages, .clientMessages, .refresh, .ban, .unban, .take, .typing: .nothing
        case .transfer: .ownOrHelp
        default: .own
        }
    }

    private func learn(_ id: String) async throws {
        let view = try await api.session(id)
        guard sessions[id] == nil else { return }
        let owner = translator.owner(of: view, me: me)
        let session = translator.session(view, known: nil, owner: owner)
        var entry = TwinSessionEntry(session: session, state: .foreign)
        // An own one stays to be found by the next look through everything, which opens it.
        switch (translator.isClosed(view), owner) {
        case (true, _): entry.state = .closed
        case (_, .queue): entry.state = .help
        case (_, .bot):
            guard let remembered = sessions.remembered(id) else { return }
            entry.state = .mine
            entry.stamp = remembered.stamp
            entry.isYielded = remembered.isYielded
        default: break
        }
        sessions.store(entry)
    }

    /// Whether messages may be written in the session, as far as anybody knows.
    func isWritable(_ id: String) -> Bool {
        guard state.refusal == nil, !sessions.isLeaving(id) else { return false }
        guard let entry = sessions[id] else { return true }
        let isOwn = entry.state == .mine || entry.state == .help && entry.isTaken
        return isOwn && !entry.isHandedOver && !entry.isFinished
    }

    func gone(_ id: String) -> ChannelError {
        if let refusal = state.refusal { return refusal }
        let isClosed = sessions[id]?.state == .closed || sessions[id]?.isFinished == true
        return ChannelError(
            code: "closed",
            message: isClosed
                ? "session \(id) is closed" : "session \(id) was transferred and is not this seat's any more",
            fate: .notPerformed, retryable: false)
    }

    /// Takes a session out of help. Who is too late gets `false`.
    func take(_ id: String) async throws -> EffectReceipt {
        if own(id) != nil { return EffectReceipt(value: .true, session: sessions[id]?.session) }
        guard state.status == .online else {
            throw ChannelError(
                code: "paused", message: "a paused operator takes no sessions", fate: .notPerformed, retryable: false)
        }
        do {
            try await api.take(id, as: me)
        } catch let error as TwinError where error.isOfMissingSession {
            // Somebody else was faster, unless it was an earlier attempt of the seat's own.
            guard let view = await fresh(id), view.isHeld(by: me) else { return EffectReceipt(value: .false) }
        }
        let deadline = ContinuousClock.now + settings.takeWait
        while ContinuousClock.now < deadline, own(id) == nil, state.refusal == nil {
            try await Task.sleep(for: .milliseconds(20))
        }
        if own(id) == nil {
            let view = try await api.session(id)
            guard view.isHeld(by: me) else { return EffectReceipt(value: .false) }
            // Its event did not come; whoever looks through everything next opens it in the stream's order.
            sessions.update(id) { $0.isTaken = true }
            requestReview()
            return EffectReceipt(value: .true, session: translator.session(view, known: nil, owner: .bot))
        }
        return EffectReceipt(value: .true, session: sessions[id]?.session)
    }

    /// Ends the session; one that is over already is as good.
    private func finish(_ id: String, result: String?) async throws -> EffectReceipt {
        sessions.update(id) { $0.isFinished = true }
        do {
            try await api.finish(id, result: result)
        } catch let error as TwinError where error.code == .notFound || error.code == .wrongState {
        } catch {
            sessions.update(id) { $0.isFinished = false }
            throw error
        }
        sessions.update(id) { $0.isOver = true }
        return changed(id) { $0.status = "closed" }
    }

    private func markRead(_ id: String) async throws {
        var message = sessions[id]?.lastClientMessage
        if message == nil {
            let client = sessions[id]?.session.client?.id
            message = try await latest(100, ofSession: id).last {
                translator.speaker(of: $0, me: me, client: client) == .client
            }?.id
        }
        if let message { try await api.markRead(message) }
    }

    private func delete(_ message: String, of id: String) async throws {
        do {
            try await api.delete(message, of: id)
        } catch let error as TwinError where error.code == .notFound {
            // It is gone, which is what was asked for.
        }
    }

    func list(
        _ limit: Int, _ before: String?, client: String?,
        _ fetch: (TwinListQuery) async throws -> TwinPage<TwinMessage>
    ) async throws -> EffectReceipt {
        var newest: [TwinMessage] = []
        var isPast = before == nil
        var offset = 0
        while newest.count < limit, offset < 100_000 {
            let page = try await fetch(TwinListQuery(offset: offset, order: [.descending("createdAt")]))
            for message in page.items {
                if isPast { newest.append(message) } else { isPast = message.id == before }
            }
            offset += page.sentCount
            if page.sentCount == 0 || page.count.map({ offset >= $0 }) ?? (page.sentCount < 100) { break }
        }
        return EffectReceipt(value: translator.list(newest.prefix(limit).reversed(), me: me, client: client))
    }

    func reread(_ id: String) async throws -> Session {
        let view = try await api.session(id)
        let known = sessions[id]
        let owner = known?.isYielded == true ? .operator : translator.owner(of: view, me: me)
        let session = translator.session(view, known: known?.session, owner: owner)
        sessions.update(id) { $0.session = session }
        return session
    }

    /// A change that the platform has taken, for the run; the table follows the platform's own events.
    func changed(_ id: String, _ change: (inout Session) -> Void) -> EffectReceipt {
        guard var session = sessions[id]?.session else { return EffectReceipt() }
        change(&session)
        return EffectReceipt(session: session)
    }
}

extension TwinError {
    /// Whether the platform has no such session for this seat, or it is over.
    var isOfMissingSession: Bool { code == .notFound || code == .wrongState || code == .forbidden }
}

extension ChannelError {
    /// Whether the seat may not write because the session is in help, another's, or over.
    fileprivate var isOfSomebodyElsesSession: Bool { code == "queued" || code == "closed" }
}

extension RawJSON {
    static let `true` = RawJSON(validated: Array("true".utf8))
    static let `false` = RawJSON(validated: Array("false".utf8))
}
