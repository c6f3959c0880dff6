import Moonwire
import TwinAPI

extension TwinSeat {
    /// Whose a session is, is not asked more often than this.
    private static let checkInterval: Duration = .seconds(10)

    func created(_ message: TwinMessage, _ event: TwinEvent, _ now: Instant) async -> TwinTranslation {
        guard let id = event.sessionID else { return .nothing }
        typists.finished(in: id)
        var translation = TwinTranslation()
        if own(id) == nil {
            // It came through the seat's own stream, so what is known may be old.
            if let checkedAt = sessions[id]?.checkedAt, now - checkedAt < Self.checkInterval { return .nothing }
            let view: TwinSession
            do {
                view = try await whose(id, now)
            } catch let error as TwinError where error.isOfMissingSession {
                return .nothing
            } catch {
                // What was written is found when everything is looked through.
                requestReview()
                return .nothing
            }
            guard translator.owner(of: view, me: me) == .bot, !translator.isClosed(view) else { return .nothing }
            translation.admitted = await open(view, native: event.nativeName, now)
            guard !translation.admitted.contains(where: { $0.id == message.id }) else { return translation }
        }
        guard let entry = own(id) else { return translation }
        let from = speaker(of: message, in: entry)
        let created = messageEvent(message, from: from, session: id, native: event.nativeName, event.redactedPayload)
        guard from != .own else {
            translation.announced.append(created)
            return translation
        }
        if from == .operator { translation.admitted += yield(id, to: message, event, now) }
        // Read again: what the message tells of the client, and of a human who took over.
        var current = created
        current.session = sessions[id]?.session
        translation.admitted.append(current)
        return translation
    }

    /// Asks whose a session is that is not known as the seat's, and remembers that it was asked.
    private func whose(_ id: String, _ now: Instant) async throws -> TwinSession {
        var entry = sessions[id] ?? Self.blank(id, translator.channel, owner: .operator)
        entry.checkedAt = now
        // What an earlier process had is for the look through everything to find out.
        if sessions[id] != nil || !sessions.isRemembered(id) { sessions.store(entry) }
        return try await persistently { try await self.api.session(id) }
    }

    func speaker(of message: TwinMessage, in entry: TwinSessionEntry) -> Speaker {
        let from = translator.speaker(of: message, me: me, client: entry.session.client?.id)
        guard from == .operator else { return from }
        // The echo may lack the author, and may come before the answer that brings the id.
        let isOwn =
            sent.contains(message.id)
            || message.authorID == nil && sent.isPending(message.body ?? "", in: entry.session.id.id)
        return isOwn ? .own : .operator
    }

    /// A colleague writes in the session: the bot is silent from here on.
    private func yield(_ id: String, to message: TwinMessage, _ event: TwinEvent, _ now: Instant) -> [Event] {
        guard settings.yieldsToHumans, let entry = own(id), !entry.isYielded else { return [] }
        let yielded = sessions.update(id) { entry in
            entry.isYielded = true
            entry.session.owner = .operator
            entry.session.operator = message.authorID.map { Operator(id: $0, name: message.authorName) }
        }
        var assigned = translator.event(
            "session.assigned", native: event.nativeName, key: "session.assigned:\(id):\(entry.stamp):\(message.id)",
            id: id, at: translator.instant(message.createdAt, else: now), raw: [])
        assigned.session = yielded?.session
        return [assigned]
    }

    func messageEvent(
        _ message: TwinMessage, from: Speaker, session id: String?, native: String, _ raw: [UInt8]
    ) -> Event {
        let entry = id.flatMap { id in
            sessions.update(id) { entry in
                guard from == .client else { return }
                entry.lastClientMessage = message.id
                if entry.session.client == nil, let author = message.authorID {
                    entry.session.client = Client(id: author, name: message.authorName)
                }
            }
        }
        if from == .client, settings.marksRead, let entry, entry.state == .mine, !entry.isYielded {
            errands.markRead(message.id)
        }
        var event = translator.event(
            "message.created", native: native, key: "message.created:\(message.id)", id: message.id,
            at: translator.instant(message.createdAt), raw: raw)
        event.from = from
        event.message = translator.message(message, from: from)
        event.session = entry?.session
        return event
    }

    func edited(_ message: TwinMessage, _ event: TwinEvent) -> TwinTranslation {
        guard let id = event.sessionID, let entry = own(id) else { return .nothing }
        var digest = StableHash()
        digest.combine((message.body ?? "").utf8)
        digest.combine("\(message.updatedAt?.secondsSince1970 ?? 0)".utf8)
        for file in message.attachments { digest.combine((file.id ?? "").utf8) }
        var updated = translator.event(
            "message.updated", native: event.nativeName,
            key: "message.updated:\(message.id):\(String(digest.value, radix: 36))", id: message.id,
            at: translator.instant(message.updatedAt ?? message.createdAt), raw: event.redactedPayload)
        let from = sent.contains(message.id) ? .own : speaker(of: message, in: entry)
        updated.from = from
        updated.message = translator.message(message, from: from)
        updated.session = entry.session
        return from == .own ? TwinTranslation(announced: [updated]) : TwinTranslation(admitted: [updated])
    }

    func read(_ event: TwinEvent, at: Instant) -> TwinTranslation {
        guard let message = event.messageID else { return .nothing }
        let session = event.sessionID ?? sent.session(of: message)
        guard let entry = session.flatMap({ own($0) }) else { return .nothing }
        var read = translator.event(
            "message.read", native: event.nativeName, key: "message.read:\(message)", id: message, at: at,
            raw: event.redactedPayload)
        read.session = entry.session
        read.from = .client
        return TwinTranslation(admitted: [read])
    }

    func typing(_ typing: TwinTyping, _ event: TwinEvent, _ now: Instant) -> TwinTranslation {
        guard let id = event.sessionID, let entry = own(id), typing.authorType == nil || typing.authorType == .client
        else { return .nothing }
        typists.typed(in: id)
        var started = translator.event("typing.started", native: event.nativeName, key: nil, id: id, at: now)
        started.session = entry.session
        started.from = .client
        return TwinTranslation(announced: [started])
    }

    func presence(_ event: TwinEvent, isOnline: Bool, _ now: Instant) -> TwinTranslation {
        guard let id = event.sessionID ?? event.clientID.flatMap({ sessions.ofClient($0) }), own(id) != nil else {
            return .nothing
        }
        let entry = sessions.update(id) { $0.session.client?.isOnline = isOnline }
        var changed = translator.event(
            isOnline ? "client.online" : "client.offline", native: event.nativeName, key: nil, id: id, at: now)
        changed.session = entry?.session
        changed.client = entry?.session.client
        changed.from = .client
        return TwinTranslation(announced: [changed])
    }
}
