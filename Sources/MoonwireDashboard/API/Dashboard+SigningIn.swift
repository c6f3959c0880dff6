import EventJSON
import Logging
import Moonwire

extension Dashboard {
    static func cookieName(_ app: String) -> String { "__Host-moonwire-\(app)" }

    /// The app that a body names.
    func app(_ body: JSON) throws(DashboardFailure) -> DashboardApp {
        guard let app = body["app"]?.string.flatMap({ apps[$0] }) else { throw .refused }
        return app
    }

    /// Who the request's cookie says it is.
    func person(_ head: InboundHead, app: DashboardApp) -> Operator? {
        let name = Self.cookieName(app.name) + "="
        for header in head.values(of: "cookie") {
            for pair in header.split(separator: ";") {
                let pair = String(pair).trimmedASCII
                guard pair.hasPrefix(name) else { continue }
                let text = String(pair.dropFirst(name.count))
                if let seat = DashboardSeat.read(text, app: app.name, keys, now: clock.now) { return seat.person }
            }
        }
        return nil
    }

    /// The sign-in window sends the operator's own access token of the platform. It is asked whose it is, and forgotten.
    func login(_ body: JSON, _ head: InboundHead) async throws(DashboardFailure) -> InboundResponse {
        let app = try app(body)
        try limit(signIns, "login \(head.remoteAddress ?? "")")
        guard app.signIn.contains(.login), let desk = desks[app.channel]?.desk,
            let token = body["token"]?.string?.trimmedASCII, (8...512).contains(token.utf8.count),
            token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw .wrongToken }
        let person: Operator?
        do {
            person = try await desk.deskOwner(ofToken: token)
        } catch {
            logger.warning("The platform could not tell who signs in", metadata: ["error": "\(error)"])
            throw .platform
        }
        guard let person else { throw .wrongToken }
        let code = Randomness.text(bytes: 24)
        let grant = OneTimeCodes.Grant(app: app.name, person: person)
        let now = clock.now
        guard handOvers.add(code, grant, until: now + Self.handOverLife, now: now) else { throw .tooMany(60) }
        return .json(200, ["code": .string(code), "name": person.name.map(JSON.string) ?? .null])
    }

    /// A page brings a code, and gets the cookie. It is set where the page stands: a browser keeps it apart from that of
    /// the same page elsewhere.
    func signIn(
        _ body: JSON, _ head: InboundHead, _ codes: OneTimeCodes
    ) throws(DashboardFailure) -> InboundResponse {
        let app = try app(body)
        try limit(signIns, "code \(head.remoteAddress ?? "")")
        guard let code = body["code"]?.string, code.utf8.count <= 128 else { throw .badRequest }
        let spelled = codes === pairings ? code.uppercased().filter { $0.isLetter || $0.isNumber } : code
        guard codes !== pairings || app.signIn.contains(.pair),
            let person = codes.redeem(spelled, app: app.name, now: clock.now)
        else { throw .wrongCode }
        let seat = DashboardSeat(app: app.name, person: person).text(keys, until: clock.now + app.seatLife)
        let age = app.seatLife.milliseconds / 1000
        return .json(
            200, ["name": person.name.map(JSON.string) ?? .null],
            headers: [("set-cookie", Self.cookie(app.name, seat, age: age))])
    }

    func signOut(_ body: JSON) throws(DashboardFailure) -> InboundResponse {
        .json(200, [:], headers: [("set-cookie", Self.cookie(try app(body).name, "", age: 0))])
    }

    private static func cookie(_ app: String, _ value: String, age: Int64) -> String {
        "\(cookieName(app))=\(value); Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=\(age)"
    }

    func limit(_ attempts: AttemptLimit, _ who: String) throws(DashboardFailure) {
        if let seconds = attempts.refuse(who, now: clock.now) { throw .tooMany(seconds) }
    }
}
