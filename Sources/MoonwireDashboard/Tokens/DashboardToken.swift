import EventJSON
import Moonwire

/// What a page may do, for one session and a few minutes.
struct DashboardToken: Sendable, Hashable {
    enum Failure: Error {
        case invalid
        case expired
    }

    let app: String
    let account: Int
    let inbox: Int
    let conversation: Int
    /// Who looks at the page, as signing in has shown; `nil` for a launch key.
    let agent: Operator?
    let scopes: [String]
    let issued: Int
    let expires: Int
    let id: String

    private static let audience = "dash"
    /// How far the clocks of two hosts with the same keys may be apart.
    private static let skew = 30

    /// Whether an action of this scope is allowed.
    func allows(_ scope: String) -> Bool { scopes.contains("act:" + scope) || scopes.contains("act:*") }

    var canRead: Bool { scopes.contains("read") }

    func text(_ keys: SigningKeys) -> String {
        var payload: JSONObject = [
            "aud": .string(Self.audience), "app": .string(app), "acc": .int(Int64(account)), "inb": .int(Int64(inbox)),
            "cnv": .int(Int64(conversation)),
        ]
        if let agent {
            payload.append("agt", Int64(agent.id).map(JSON.int) ?? .string(agent.id))
            if let name = agent.name { payload.append("nam", .string(name)) }
        }
        payload.append("scp", .array(scopes.map(JSON.string)))
        payload.append("iat", .int(Int64(issued)))
        payload.append("exp", .int(Int64(expires)))
        payload.append("jti", .string(id))
        return SignedText.sign(payload, keys)
    }

    /// - Parameter grace: How long after its end a token is still read, in seconds.
    static func read(
        _ text: String, _ keys: SigningKeys, now: Instant, grace: Int = 0
    ) throws(Failure) -> DashboardToken {
        guard let claims = try? SignedText.open(text, audience: audience, keys), let app = claims["app"]?.string,
            let account = claims["acc"]?.int, let inbox = claims["inb"]?.int, let conversation = claims["cnv"]?.int,
            let issued = claims["iat"]?.int, let expires = claims["exp"]?.int, let id = claims["jti"]?.string,
            issued <= Int(now.seconds) + skew
        else { throw .invalid }
        guard Int64(expires + grace) * 1000 > now.rawValue else { throw .expired }
        let agent = (claims["agt"]?.int.map(String.init) ?? claims["agt"]?.string).map {
            Operator(id: $0, name: claims["nam"]?.string)
        }
        return DashboardToken(
            app: app, account: account, inbox: inbox, conversation: conversation, agent: agent,
            scopes: claims["scp"]?.elements.compactMap(\.string) ?? [], issued: issued, expires: expires, id: id)
    }
}

/// That somebody has signed in: the content of the page's cookie.
struct DashboardSeat: Sendable, Hashable {
    let app: String
    let person: Operator

    func text(_ keys: SigningKeys, until: Instant) -> String {
        var payload: JSONObject = [
            "aud": .string("seat"), "app": .string(app), "agt": .string(person.id),
            "exp": .int(Int64(until.seconds)),
        ]
        if let name = person.name { payload.append("nam", .string(name)) }
        if let email = person.email { payload.append("eml", .string(email)) }
        return SignedText.sign(payload, keys)
    }

    static func read(_ text: String, app: String, _ keys: SigningKeys, now: Instant) -> DashboardSeat? {
        guard let claims = try? SignedText.open(text, audience: "seat", keys), claims["app"]?.string == app,
            let id = claims["agt"]?.string, let expires = claims["exp"]?.int, Double(expires) > now.seconds
        else { return nil }
        return DashboardSeat(
            app: app, person: Operator(id: id, name: claims["nam"]?.string, email: claims["eml"]?.string))
    }
}
