import Logging
import Moonwire
import TwinAPI

/// What a look through everything brought.
struct TwinBackFill: Sendable {
    var events: [Event] = []
    /// Why a part of it could not be looked at; the gap stays open for that.
    var failure: TwinError?
}

extension TwinSeat {
    /// The longest that a session lives, and a little more.
    static let longestSession: Duration = .seconds(13 * 3600)
    /// A list that is so much younger than a hand-over shows what came of it.
    private static let handOverTime: Duration = .seconds(10)
    /// So many sessions in a row without any answer, and the rest is not asked for.
    private static let silentLimit = 2

    /// Compares what is known with the platform, and reads what was written since an instant of the host's time.
    ///
    /// Every session stands for itself: what was found in the others is kept when one cannot be read. Throws only when
    /// the list cannot be had, before anything has changed.
    ///
    /// - Parameter isFirstStart: Whether there is no earlier process whose gap this is.
    func backFill(since: Instant, isFirstStart: Bool, now: Instant) async throws -> TwinBackFill {
        let from = translator.time(state.serverTime(now) + (.zero - Self.longestSession))
        let listed = try await persistently {
            try await self.api.allSessions(TwinSessionQuery(operatorID: self.me, from: from))
        }
        let since = state.serverTime(since) + .seconds(-60)
        var sweep = Sweep(logger: logger)
        var seen: Set<String> = []
        // The oldest first, as they came.
        for view in listed.reversed() where translator.owner(of: view, me: me) == .bot {
            seen.insert(view.id)
            try await sweep.look(at: view.id) {
                try await found(view, since: since, isFirstStart: isFirstStart, now)
            }
        }
        for id in sessions.own.subtracting(seen).sorted() {
            try await sweep.look(at: id) { try await missing(id, since: since, now) }
        }
        return sweep.result
    }

    /// The course of one look through all sessions.
    private struct Sweep {
        let logger: Logger
        var result = TwinBackFill()
        private var silent = 0

        init(logger: Logger) {
            self.logger = logger
        }

        mutating func look(at id: String, _ read: () async throws -> [Event]) async throws {
            guard silent < TwinSeat.silentLimit else { return }
            do {
                result.events += try await read()
                silent = 0
            } catch let error as TwinError {
                try Task.checkCancellation()
                guard error.isOfAccount || error.retryable else {
                    // Asking again will not help, and must not keep the others' gap open.
                    logger.error(
                        "What was missed in a session cannot be read",
                        metadata: ["session": "\(id)", "error": "\(error)"])
                    return
                }
                result.failure = error
                silent = error.isOfAccount ? TwinSeat.silentLimit : error.status == nil ? silent + 1 : 0
            }
        }
    }

    /// A session of the seat's list.
    private func found(
        _ view: TwinSession, since: Instant, isFirstStart: Bool, _ now: Instant
    ) async throws -> [Event] {
        if let entry = own(view.id) {
            guard !isOver(view, now) else { return close(view.id, view, origin: nil, from: nil, now) }
            refresh(view)
            if let handedOverAt = entry.handedOverAt, now - handedOverAt > Self.handOverTime {
                sessions.update(view.id) { $0.handedOverAt = nil }
            }
            return try await missed(view, since: since, now)
        }
        let isKnown = sessions.isRemembered(view.id)
        guard !(isKnown ? isOver(view, now) : translator.isClosed(view)) else {
            return close(view.id, view, origin: nil, from: nil, now)
        }
        guard isKnown || isAlive(view, now) else { return [] }
        if isKnown || isFirstStart && !settings.startsWithUnread {
            adopt(view)
            return isFirstStart ? [] : try await missed(view, since: since, now)
        }
        return await open(view, native: "sessions", late: true, now)
    }

    /// An own session that the list lacks: the seat may hold it beside another operator, or not any more.
    private func missing(_ id: String, since: Instant, _ now: Instant) async throws -> [Event] {
        if sessions[id]?.isOver == true { return close(id, nil, origin: nil, from: nil, now) }
        let view: TwinSession
        do {
            view = try await persistently { try await self.api.session(id) }
        } catch let error as TwinError where error.code == .notFound {
            return close(id, nil, origin: nil, from: nil, now)
        } catch let error as TwinError where error.code == .forbidden {
            return lose(id, nil, origin: nil, now)
        }
        if translator.isClosed(view) { return close(id, view, origin: nil, from: nil, now) }
        guard view.isHeld(by: me) else { return lose(id, view, origin: nil, now) }
        guard !isOver(view, now) else { return close(id, view, origin: nil, from: nil, now) }
        if own(id) == nil { adopt(view) } else { refresh(view) }
        return try await missed(view, since: since, now)
    }

    /// Makes a session of an earlier time the seat's own, without a word.
    private func adopt(_ view: TwinSession) {
        let remembered = sessions.remembered(view.id)
        var entry = TwinSessionEntry(session: translator.session(view, known: nil, owner: .bot), state: .mine)
        entry.stamp = view.operatorAssignedAt.map { String(Int64($0.secondsSince1970)) } ?? remembered?.stamp ?? "0"
        entry.isYielded = remembered?.isYielded ?? false
        if entry.isYielded { entry.session.owner = .operator }
        sessions.store(entry)
    }

    private func missed(_ view: TwinSession, since: Instant, _ now: Instant) async throws -> [Event] {
        if let last = view.lastMessageCreatedAt, translator.instant(last) < since { return [] }
        let messages = try await persistently {
            try await self.api.allMessages(
                ofSession: view.id, from: self.translator.time(since), maximum: Self.messagesPerSession)
        }
        guard let entry = own(view.id) else { return [] }
        return messages.compactMap { message in
            let from = speaker(of: message, in: entry)
            return from == .own ? nil : backFilled(message, from, session: view.id, now)
        }
    }

    /// Whether an own session has ended, with a word or without one: nothing may tell of it when its time runs out.
    private func isOver(_ view: TwinSession, _ now: Instant) -> Bool {
        if translator.isClosed(view) || sessions[view.id]?.isOver == true { return true }
        let last = lastSign(of: view)
        return last.rawValue > 0 && last + Self.longestSession < state.serverTime(now)
    }

    /// Finished sessions stay in the list, and how the platform marks them is not published.
    func isAlive(_ view: TwinSession, _ now: Instant) -> Bool {
        lastSign(of: view) + (view.ttl ?? .seconds(12 * 3600)) > state.serverTime(now)
    }

    private func lastSign(of view: TwinSession) -> Instant {
        max(
            translator.instant(view.lastMessageCreatedAt), translator.instant(view.operatorAssignedAt),
            translator.instant(view.startedAt))
    }
}

extension TwinError {
    /// Whether the seat itself cannot ask, whatever it asks for.
    fileprivate var isOfAccount: Bool {
        code == .unauthenticated || code == .authFailed || code == .noToken || code == .stopped
    }
}
