import EventJSON
import Logging
import Moonwire

/// What a page says that it shows.
struct DashboardHint {
    let account: Int
    let inbox: Int
    let conversation: Int
    let contact: Int?

    /// - Parameter body: With positive `account_id`, `inbox_id`, `conversation_id`, and perhaps `contact_id`.
    init?(_ body: JSON?) {
        guard let account = body?["account_id"]?.int, let inbox = body?["inbox_id"]?.int,
            let conversation = body?["conversation_id"]?.int, account > 0, inbox > 0, conversation > 0
        else { return nil }
        self.account = account
        self.inbox = inbox
        self.conversation = conversation
        contact = body?["contact_id"]?.int
    }
}

extension Dashboard {
    /// A refusal takes at least this long, so that its time does not tell what is behind it.
    private static let refusalTime: Duration = .milliseconds(400)
    /// How long after its end a token still shows that the page was open before.
    private static let renewalGrace = 900

    /// Who somebody is and what the platform says about the session become a token.
    func exchange(_ body: JSON, _ head: InboundHead) async throws(DashboardFailure) -> InboundResponse {
        let begun = ContinuousClock.now
        let app = try app(body)
        let person = person(head, app: app)
        guard person != nil || holdsLaunchKey(body, app) else { throw .notSignedIn }
        try limit(exchanges, "\(app.name) \(person?.id ?? "") \(head.remoteAddress ?? "")")
        guard let hint = DashboardHint(body["hint"]) else { throw .badRequest }
        guard let found = try await verified(hint, app: app, person: person) else {
            try? await Task.sleep(until: begun + Self.refusalTime, clock: .continuous)
            throw .refused
        }
        let now = clock.now
        let seconds = Int(now.seconds)
        let token = DashboardToken(
            app: app.name, account: hint.account, inbox: hint.inbox, conversation: hint.conversation, agent: person,
            scopes: app.scopes(isSignedIn: person != nil), issued: seconds,
            expires: seconds + max(1, Int(app.tokenLife.milliseconds / 1000)), id: Randomness.text(bytes: 9))
        if !isRenewal(head, token) {
            let event = event(found.session, app: app, person: person)
                .named(PanelEvent.opened, key: token.id, at: now)
            do { _ = try await engine.admit([event]) } catch { throw .journal }
        }
        watch.touch(found.session.id, found.session)
        return .json(
            200,
            [
                "token": .string(token.text(keys)), "exp": .int(Int64(token.expires)), "now": .int(Int64(seconds)),
                "scopes": .array(token.scopes.map(JSON.string)),
                "agent": person.map { .object(Self.json($0)) } ?? .null,
            ])
    }

    private func holdsLaunchKey(_ body: JSON, _ app: DashboardApp) -> Bool {
        guard app.signIn.contains(.launchKey), let key = app.launchKey, let given = body["key"]?.string,
            given.utf8.count <= 512
        else { return false }
        return Secrecy.isEqual(key, given)
    }

    /// The session as the platform has it, when all of the hint is true and the person works there.
    private func verified(
        _ hint: DashboardHint, app: DashboardApp, person: Operator?
    ) async throws(DashboardFailure) -> DeskSession? {
        guard let desk = desks[app.channel]?.desk else { return nil }
        do {
            // Both are asked in any case, so that neither answer tells of the other.
            let found = try await desk.deskSession(String(hint.conversation))
            let everybody = person == nil ? [] : try await desk.deskOperators()
            guard let found, desk.account == String(hint.account),
                found.account == nil || found.account == String(hint.account), found.inbox == String(hint.inbox),
                // A key that many know must not lead from one conversation to the next.
                person != nil || hint.contact != nil,
                hint.contact == nil || found.session.client?.id == hint.contact.map(String.init)
            else { return nil }
            if let person { guard everybody.contains(where: { $0.id == person.id }) else { return nil } }
            return found
        } catch {
            logger.warning("A session could not be read for a page", metadata: ["error": "\(error)"])
            throw .platform
        }
    }

    /// Whether the page had a token for the same conversation a moment ago.
    private func isRenewal(_ head: InboundHead, _ token: DashboardToken) -> Bool {
        guard let text = Self.bearer(head),
            let old = try? DashboardToken.read(text, keys, now: clock.now, grace: Self.renewalGrace)
        else { return false }
        return old.app == token.app && old.conversation == token.conversation && old.agent?.id == token.agent?.id
    }

    func event(_ session: Session, app: DashboardApp, person: Operator?) -> PanelEvent {
        let descriptor = desks[app.channel]?.descriptor
        return PanelEvent(
            session: session, platform: descriptor?.platform ?? .host, role: descriptor?.role ?? .operator,
            app: app.name, person: person)
    }

    static func json(_ person: Operator) -> JSONObject {
        var object: JSONObject = ["id": .string(person.id)]
        if let name = person.name { object.append("name", .string(name)) }
        return object
    }
}

extension Dashboard {
    static func bearer(_ head: InboundHead) -> String? {
        guard let value = head.onlyValue(of: "authorization"), value.lowercased().hasPrefix("bearer ") else {
            return nil
        }
        return String(value.dropFirst("bearer ".count)).trimmedASCII
    }

    /// The token of a request for a conversation, and its app.
    func access(
        _ head: InboundHead, conversation: Int?
    ) throws(DashboardFailure) -> (token: DashboardToken, app: DashboardApp, session: SessionID) {
        guard let text = Self.bearer(head) else { throw .invalidToken }
        let token: DashboardToken
        do throws(DashboardToken.Failure) {
            token = try DashboardToken.read(text, keys, now: clock.now)
        } catch {
            throw error == .expired ? .expiredToken : .invalidToken
        }
        guard let app = apps[token.app] else { throw .invalidToken }
        guard let conversation else { throw .badRequest }
        guard conversation == token.conversation else { throw .wrongConversation }
        return (token, app, SessionID(channel: app.channel, id: String(token.conversation)))
    }

    func conversation(_ head: InboundHead) -> Int? {
        head.query.first { $0.name == "conversation" }.flatMap { Int($0.value) }
    }
}
