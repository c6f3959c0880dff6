import Logging
import Moonwire
import TwinAPI

/// An operator's seat: what each event of the stream means for its sessions.
///
/// Events are translated one after another; effects are performed beside them and read the same session table.
final class TwinSeat: Sendable {
    static let capabilities: Set<String> = [
        "reply", "quick_replies", "attach", "mark_read", "transfer", "close", "messages", "refresh", "take", "rename",
        "edit", "delete", "ban", "unban", "client_messages", "ask", "wait_for", "sessions", "clients", "open",
        "operators", "groups", "me", "online", "pause", "request",
    ]
    static let bestEffort: Set<String> = ["typing"]

    let api: TwinOperatorAPI
    /// Begins sessions.
    let clients: TwinClientAPI
    /// Writes first; nobody does where the notification service is not set up.
    let notifier: TwinNotifier?
    let settings: TwinChannelSettings
    let translator: TwinTranslator
    let sessions = TwinSessions()
    let state: TwinSeatState
    let sent = TwinSentMessages()
    let errands = TwinErrands()
    let turns = Turns()
    let typists = TwinTypingHolds()
    let directory: TwinDirectory
    let logger: Logger
    /// Asks for a look through everything, because something does not fit.
    let requestReview: @Sendable () -> Void

    init(
        id: ChannelID, api: TwinOperatorAPI, clients: TwinClientAPI, notifier: TwinNotifier? = nil,
        settings: TwinChannelSettings, logger: Logger, requestReview: @escaping @Sendable () -> Void
    ) {
        self.api = api
        self.clients = clients
        self.notifier = notifier
        state = TwinSeatState(status: settings.status, hold: settings.logoutHold)
        self.settings = settings
        self.logger = logger
        self.requestReview = requestReview
        translator = TwinTranslator(channel: id, closedStatuses: settings.closedStatuses)
        directory = TwinDirectory(api: api)
    }

    var me: String { state.me ?? "" }

    /// What can be known of an event before its turn: a session that has left must not be written in any more.
    func foresee(_ event: TwinEvent) {
        guard let id = event.sessionID, Self.endings.contains(event.name) else { return }
        sessions.willLeave(id)
    }

    private static let passing: Set<TwinEvent.Name> = [.typing, .clientOnline, .clientOffline]
    private static let endings: Set<TwinEvent.Name> = [.chatSessionDeleted, .sessionClosedByClient]

    func translate(_ event: TwinEvent, now: Instant) async -> TwinTranslation {
        defer {
            if let id = event.sessionID, Self.endings.contains(event.name) { sessions.hasLeft(id) }
        }
        if event.missesID {
            // Who types or is online is shown where it can be, and not worth a look through everything.
            guard !Self.passing.contains(event.name) else { return .nothing }
            logger.notice("An event misses its id; looking for what it was", metadata: ["event": "\(event.nativeName)"])
            requestReview()
            return .nothing
        }
        switch (event.name, event.content) {
        case (.chatSessionStarted, .session(let view)):
            return await appeared(view, as: "session.started", event, now)
        case (.chatSessionSwitchedFromBotToOperator, .session(let view)):
            return await appeared(view, as: "session.from_bot", event, now)
        case (.operatorNotFound, .session(let view)): return await help(view, event, now)
        case (.chatSessionAdded, .session(let view)): return await added(view, event, now)
        case (.chatSessionDeleted, .session(let view)): return left(view, event, now)
        case (.sessionClosedByClient, .session(let view)):
            return TwinTranslation(admitted: close(view.id, view, origin: event, from: .client, now))
        case (.chatMessageCreated, .message(let message)): return await created(message, event, now)
        case (.chatMessageEdited, .message(let message)): return edited(message, event)
        case (.chatMessageRead, .read(let at)): return read(event, at: translator.instant(at, else: now))
        case (.typing, .typing(let typing)): return self.typing(typing, event, now)
        case (.clientOnline, _): return presence(event, isOnline: true, now)
        case (.clientOffline, _): return presence(event, isOnline: false, now)
        case (.operatorBlocked, _), (.chatUserExists, _), (.operatorLoggedOut, _): return account(event, now)
        default: return native(event, now)
        }
    }

    /// Events 1 and 8: the session is mine, in help, or somebody else's.
    private func appeared(
        _ view: TwinSession, as name: String, _ event: TwinEvent, _ now: Instant
    ) async -> TwinTranslation {
        let view = view.saysOperator || !view.operators.isEmpty ? view : await fresh(view.id) ?? view
        switch translator.owner(of: view, me: me) {
        case .bot:
            guard sessions[view.id]?.state != .mine else { return .nothing }
            let opened = await open(view, native: event.nativeName, raw: event.redactedPayload, now)
            let stamp = name == "session.started" ? "" : ":\(sessions[view.id]?.stamp ?? "")"
            var first = translator.event(
                name, native: event.nativeName, key: "\(name):\(view.id)\(stamp)", id: view.id,
                at: translator.instant(view.startedAt, else: now), raw: event.redactedPayload)
            first.session = sessions[view.id]?.session
            return TwinTranslation(admitted: [first] + opened)
        case .queue: return await help(view, event, now)
        case .operator, .platformBot:
            return TwinTranslation(admitted: lose(view.id, view, origin: event, now))
        }
    }

    private func added(_ view: TwinSession, _ event: TwinEvent, _ now: Instant) async -> TwinTranslation {
        if sessions[view.id]?.state == .mine {
            refresh(view)
            // Given away, and given back since.
            if let assigned = view.operatorAssignedAt.map({ String(Int64($0.secondsSince1970)) }) {
                sessions.update(view.id) { if $0.stamp != assigned { $0.handedOverAt = nil } }
            }
            return .nothing
        }
        return TwinTranslation(admitted: await open(view, native: event.nativeName, raw: event.redactedPayload, now))
    }

    /// The session is nobody's. A paused seat does not want to know.
    private func help(_ view: TwinSession, _ event: TwinEvent, _ now: Instant) async -> TwinTranslation {
        if view.isHeld(by: me) { return await added(view, event, now) }
        guard !translator.isClosed(view) else { return .nothing }
        let wasMine = own(view.id) != nil || sessions.isRemembered(view.id)
        var admitted = wasMine ? lose(view.id, view, origin: event, now) : []
        if sessions[view.id]?.state == .help {
            refresh(view)
            return TwinTranslation(admitted: admitted)
        }
        let known = sessions[view.id]
        let session = translator.session(view, known: known?.session, owner: .queue)
        var entry = known ?? TwinSessionEntry(session: session, state: .help)
        entry.session = session
        entry.state = .help
        sessions.store(entry)
        guard state.status == .online else { return TwinTranslation(admitted: admitted) }
        consider(view)
        var queued = translator.event(
            "session.queued", native: event.nativeName, key: "session.queued:\(view.id):\(now.rawValue)", id: view.id,
            at: translator.instant(view.operatorNotFoundAt, else: now), raw: event.redactedPayload)
        queued.session = session
        admitted.append(queued)
        return TwinTranslation(admitted: admitted)
    }

    private func left(_ view: TwinSession, _ event: TwinEvent, _ now: Instant) -> TwinTranslation {
        if translator.isClosed(view) || sessions[view.id]?.isFinished == true {
            return TwinTranslation(admitted: close(view.id, view, origin: event, from: nil, now))
        }
        return TwinTranslation(admitted: lose(view.id, view, origin: event, now))
    }

    /// Blocked, displaced, made offline: the state has changed already; here it is told.
    private func account(_ event: TwinEvent, _ now: Instant) -> TwinTranslation {
        let names: [TwinEvent.Name: String] = [
            .operatorBlocked: "operator.blocked", .chatUserExists: "operator.displaced",
            .operatorLoggedOut: "operator.logged_out",
        ]
        guard let name = names[event.name], event.concerns(operator: me) else { return .nothing }
        return TwinTranslation(admitted: [
            translator.event(
                name, native: event.nativeName, key: "\(name):\(now.rawValue)", id: event.operatorID ?? me, at: now,
                raw: event.redactedPayload)
        ])
    }

    private func native(_ event: TwinEvent, _ now: Instant) -> TwinTranslation {
        let name = "twin24:\(event.nativeName)"
        var digest = StableHash()
        digest.combine(event.redactedPayload)
        let key = "\(name):\(String(digest.value, radix: 36)):\(now.rawValue / 600_000)"
        var translated = translator.event(
            name, native: event.nativeName, key: key, id: event.messageID ?? event.sessionID ?? "", at: now,
            raw: event.redactedPayload)
        // A session that is not the seat's own is no business of its scripts.
        translated.session = event.sessionID.flatMap { id in own(id)?.session }
        return TwinTranslation(admitted: [translated])
    }

    /// Who the token belongs to; installations differ in which service tells.
    func identity() async throws -> TwinUser {
        do {
            return try await api.me()
        } catch let error as TwinError where error.code == .notFound || error.code == .methodNotAllowed {
            return try await api.me(from: .iam)
        }
    }

    /// An own session.
    func own(_ id: String) -> TwinSessionEntry? {
        sessions[id].flatMap { $0.state == .mine ? $0 : nil }
    }
}

/// What an event of the stream becomes.
struct TwinTranslation: Sendable {
    /// To be handled once.
    var admitted: [Event] = []
    /// Typing, presence, and the echoes of the host's own messages.
    var announced: [Event] = []

    static let nothing = TwinTranslation()
}
