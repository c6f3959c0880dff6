import Moonwire
import TwinAPI

extension TwinSeat {
    /// The longest that a session lives, and a little more.
    private static let longestSession: Duration = .seconds(13 * 3600)

    /// Compares what is known with the platform, and reads what was written since an instant of the host's time.
    ///
    /// - Parameter isFirstStart: Whether there is no earlier process whose gap this is.
    func backFill(since: Instant, isFirstStart: Bool, now: Instant) async throws -> [Event] {
        let from = translator.time(state.serverTime(now) + (.zero - Self.longestSession))
        let listed = try await api.allSessions(TwinSessionQuery(operatorID: me, from: from))
        let since = state.serverTime(since) + .seconds(-60)
        var events: [Event] = []
        var seen: Set<String> = []
        // The oldest first, as they came.
        for view in listed.reversed() where translator.owner(of: view, me: me) == .bot {
            seen.insert(view.id)
            events += try await found(view, since: since, isFirstStart: isFirstStart, now)
        }
        for id in sessions.own.subtracting(seen).sorted() {
            events += try await missing(id, since: since, now)
        }
        return events
    }

    /// A session of the seat's list.
    private func found(
        _ view: TwinSession, since: Instant, isFirstStart: Bool, _ now: Instant
    ) async throws -> [Event] {
        if translator.isClosed(view) { return close(view.id, view, origin: nil, from: nil, now) }
        if own(view.id) != nil {
            refresh(view)
            return try await missed(view, since: since, now)
        }
        let isKnown = sessions.isRemembered(view.id)
        guard isKnown || isAlive(view, now) else { return [] }
        if isKnown || isFirstStart && !settings.startsWithUnread {
            adopt(view)
            return isFirstStart ? [] : try await missed(view, since: since, now)
        }
        return await open(view, native: "sessions", late: true, now)
    }

    /// An own session that the list lacks: the seat may hold it beside another operator, or not any more.
    private func missing(_ id: String, since: Instant, _ now: Instant) async throws -> [Event] {
        let view: TwinSession
        do {
            view = try await api.session(id)
        } catch let error as TwinError where error.code == .notFound {
            return close(id, nil, origin: nil, from: nil, now)
        } catch let error as TwinError where error.code == .forbidden {
            return lose(id, nil, origin: nil, now)
        }
        if translator.isClosed(view) { return close(id, view, origin: nil, from: nil, now) }
        guard view.isHeld(by: me) else { return lose(id, view, origin: nil, now) }
        if own(id) == nil { adopt(view) } else { refresh(view) }
        return try await missed(view, since: since, now)
    }

    /// Makes a session of an earlier time the seat's own, without a word.
    private func adopt(_ view: TwinSession) {
        var entry = TwinSessionEntry(session: translator.session(view, known: nil, owner: .bot), state: .mine)
        entry.stamp = view.operatorAssignedAt.map { String(Int64($0.secondsSince1970)) } ?? "0"
        sessions.store(entry)
    }

    private func missed(_ view: TwinSession, since: Instant, _ now: Instant) async throws -> [Event] {
        if let last = view.lastMessageCreatedAt, translator.instant(last) < since { return [] }
        let messages = try await api.allMessages(
            ofSession: view.id, from: translator.time(since), maximum: Self.messagesPerSession)
        guard let entry = own(view.id) else { return [] }
        return messages.compactMap { message in
            let from = speaker(of: message, in: entry)
            return from == .own ? nil : backFilled(message, from, session: view.id, now)
        }
    }

    /// Finished sessions stay in the list, and how the platform marks them is not published.
    private func isAlive(_ view: TwinSession, _ now: Instant) -> Bool {
        let last = max(
            translator.instant(view.lastMessageCreatedAt), translator.instant(view.operatorAssignedAt),
            translator.instant(view.startedAt))
        return last + (view.ttl ?? .seconds(12 * 3600)) > state.serverTime(now)
    }
}
