import Logging
import Moonwire
import TwinAPI

extension TwinSeat {
    /// How many messages of a session are looked through at most.
    static let messagesPerSession = 1000

    /// A session has come: reads what was written in it, and gives what nobody has answered yet.
    func open(_ view: TwinSession, native: String, raw: [UInt8] = [], late: Bool = false, _ now: Instant) async
        -> [Event]
    {
        var view = view
        // The payload of a live event may be little more than an id.
        if view.operatorAssignedAt == nil || view.client.id == nil, let full = await fresh(view.id) {
            guard !translator.isClosed(full) else { return close(view.id, full, origin: nil, from: nil, now) }
            view = full
        }
        // Before the session is the seat's: what a script says from then on must not look like the answer.
        guard let waiting = await unanswered(view.id, client: view.client.id) else {
            // Without its history nobody knows what to answer: the next review opens it.
            requestReview()
            return []
        }
        let known = sessions[view.id]
        let isReturned = known.map { $0.state == .lost || $0.wasMine } ?? false
        let session = translator.session(view, known: known?.session, owner: .bot, isReturned: isReturned)
        var entry = TwinSessionEntry(session: session, state: .mine)
        entry.stamp = view.operatorAssignedAt.map { String(Int64($0.secondsSince1970)) } ?? "\(now.rawValue)"
        // Within one second it may have gone and come back.
        if isReturned, known?.stamp == entry.stamp { entry.stamp = "\(now.rawValue)" }
        entry.lastClientMessage = known?.lastClientMessage
        sessions.store(entry)
        var assigned = translator.event(
            "session.assigned", native: native, key: "session.assigned:\(view.id):\(entry.stamp)", id: view.id,
            at: translator.instant(view.operatorAssignedAt, else: now), raw: raw)
        assigned.session = session
        if late { assigned.late = seconds(from: assigned.at, to: now) }
        return [assigned] + waiting.map { backFilled($0, .client, session: view.id, now) }
    }

    /// What the client wrote since anybody else did; at least the last message, where only the platform's bot did.
    private func unanswered(_ id: String, client: String?) async -> [TwinMessage]? {
        guard let messages = await tolerantly({ try await self.latest(Self.messagesPerSession, ofSession: id) }) else {
            return nil
        }
        let spoken = messages.map { ($0, translator.speaker(of: $0, me: me, client: client)) }
        let people = spoken.lastIndex { $0.1 == .operator || $0.1 == .own }.map { $0 + 1 } ?? 0
        let afterPeople = spoken[people...]
        let anybody = afterPeople.lastIndex { $0.1 != .client }.map { $0 + 1 } ?? people
        let open = anybody < spoken.count ? spoken[anybody...] : afterPeople.filter { $0.1 == .client }.suffix(1)
        return open.map(\.0)
    }

    /// The newest messages of a session, oldest first.
    func latest(_ count: Int, ofSession id: String) async throws -> [TwinMessage] {
        try await api.latestMessages(ofSession: id, maximum: count).reversed()
    }

    /// A message that a list brought.
    func backFilled(_ message: TwinMessage, _ from: Speaker, session id: String, _ now: Instant) -> Event {
        var event = messageEvent(message, from: from, session: id, native: "chatMessageCreated", [])
        event.late = seconds(from: event.at, to: state.serverTime(now))
        return event
    }

    /// The session is not the seat's any more.
    func lose(_ id: String, _ view: TwinSession?, origin: TwinEvent?, _ now: Instant) -> [Event] {
        let wasMine = own(id) != nil || sessions.isRemembered(id)
        let known = sessions[id]
        var owner = view.map { translator.owner(of: $0, me: me) } ?? .platformBot
        // What leaves without a word of where to has gone to the platform's bot, as far as anybody knows.
        if owner == .bot || owner == .queue && view?.operatorNotFoundAt == nil { owner = .platformBot }
        let session =
            view.map { translator.session($0, known: known?.session, owner: owner) } ?? known.map { known in
                var session = known.session
                session.owner = owner
                session.operator = nil
                return session
            } ?? Session(id: SessionID(channel: translator.channel, id: id), status: "open", owner: owner)
        var entry = known ?? TwinSessionEntry(session: session, state: .foreign)
        entry.session = session
        if wasMine {
            entry.stamp = sessions.remembered(id)?.stamp ?? entry.stamp
            entry.wasMine = true
        }
        entry.state = wasMine || entry.state == .lost ? .lost : .foreign
        sessions.store(entry)
        guard wasMine else { return [] }
        logger.info("A session left the seat", metadata: ["session": "\(id)", "owner": "\(owner.rawValue)"])
        return [ending("session.lost", session, entry.stamp, origin, now)]
    }

    /// The session is over.
    func close(_ id: String, _ view: TwinSession?, origin: TwinEvent?, from: Speaker?, _ now: Instant) -> [Event] {
        let isMine = own(id) != nil || sessions.isRemembered(id)
        guard var entry = sessions[id] ?? (isMine ? Self.blank(id, translator.channel) : nil) else { return [] }
        if let view { entry.session = translator.session(view, known: entry.session, owner: entry.session.owner) }
        entry.session.status = "closed"
        entry.state = .closed
        entry.stamp = sessions.remembered(id)?.stamp ?? entry.stamp
        sessions.store(entry)
        guard isMine else { return [] }
        var event = ending("session.closed", entry.session, entry.stamp, origin, now)
        event.from = from
        return [event]
    }

    private func ending(
        _ name: String, _ session: Session, _ stamp: String, _ origin: TwinEvent?, _ now: Instant
    ) -> Event {
        var event = translator.event(
            name, native: origin?.nativeName ?? "sessions", key: "\(name):\(session.id.id):\(stamp)", id: session.id.id,
            at: now, raw: origin?.redactedPayload ?? [])
        event.session = session
        return event
    }

    static func blank(_ id: String, _ channel: ChannelID, owner: Owner = .bot) -> TwinSessionEntry {
        TwinSessionEntry(
            session: Session(id: SessionID(channel: channel, id: id), status: "open", owner: owner), state: .foreign)
    }

    /// Keeps what a view tells about a session whose place has not changed.
    func refresh(_ view: TwinSession) {
        sessions.update(view.id) { entry in
            entry.session = translator.session(view, known: entry.session, owner: entry.session.owner)
        }
    }

    /// A session as the platform shows it now; nil when that cannot be had.
    func fresh(_ id: String) async -> TwinSession? {
        await tolerantly { try await self.api.session(id) }
    }

    /// Asks up to three times, as reading allows; nil when the platform does not answer, or has no such thing.
    func tolerantly<Value>(_ call: () async throws -> Value) async -> Value? {
        do {
            return try await persistently(call)
        } catch {
            logger.debug("The platform could not be asked", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// Asks up to three times, as reading allows. What took long to fail is not worth waiting for again.
    func persistently<Value>(_ call: () async throws -> Value) async throws -> Value {
        for wait in [200, 1000] {
            let start = ContinuousClock.now
            do {
                return try await call()
            } catch let error as TwinError
                where error.retryable && error.code != .noToken && state.end == nil
                && ContinuousClock.now - start < .seconds(5)
            {
                try await Task.sleep(for: max(.milliseconds(wait), min(error.retryAfter ?? .zero, .seconds(10))))
            }
        }
        return try await call()
    }

    func seconds(from then: Instant, to now: Instant) -> Int { Int(max(0, (now - then).milliseconds / 1000)) }
}
