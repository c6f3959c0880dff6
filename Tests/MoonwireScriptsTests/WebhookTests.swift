import EventJSON
import Moonwire
import Testing

@testable import MoonwireScripts

struct WebhookTests {
    private func failure(_ source: String) -> String {
        let failure = #expect(throws: ScriptFailure.self) { try Rehearsal(source) }
        return failure?.message ?? ""
    }

    private func request(_ body: String) -> Event {
        let details: JSON = [
            "webhook": "orders", "id": "e1", "method": "POST", "path": "/hooks/orders", "query": ["a": "1"],
            "headers": ["x-more": "yes"], "body": .string(body),
        ]
        return Event(
            name: "webhook:orders", native: "webhook", key: "webhook:orders:id:e1", id: "e1",
            at: Instant(seconds: 1_800_000_000), channel: .host, platform: .host, role: .operator,
            session: Session(id: SessionID(channel: .host, id: "webhook:orders"), status: "open", owner: .bot),
            raw: RawJSON(validated: details.bytes))
    }

    @Test func aWebhookReachesTheCoreAsItIsDeclared() throws {
        let rehearsal = try Rehearsal(
            """
            bot.webhook("orders", { auth = bot.secret("KEY"), id = { json = "/id" }, status = 202, body = "ok",
              content_type = "text/plain", ordered = { json = "/from" }, verify = { secret = bot.secret("KEY") } }, function(r) end)
            bot.webhook("meta", { auth = { hmac = bot.secret("KEY"), header = "X-Hub-Signature-256", prefix = "sha256=",
              timestamp = { header = "X-Time" } }, ordered = true }, function(r) end)
            bot.webhook("open", { auth = "none", methods = { "PUT", "POST" }, max_body = 1000 }, function(r) end)
            """)
        let webhooks = rehearsal.script.handlers.compactMap(\.webhook)
        #expect(webhooks.map(\.path) == ["/hooks/orders", "/hooks/meta", "/hooks/open"])
        #expect(webhooks.map(\.location) == ["bot.lua:1", "bot.lua:3", "bot.lua:5"])
        #expect(webhooks[0].auth == .bearer(secret: "KEY") && webhooks[0].identity == .body(pointer: "/id"))
        #expect(webhooks[0].answer.status == 202 && webhooks[0].answer.body == "ok")
        #expect(
            webhooks[0].verification
                == .init(secret: "KEY", tokenMember: "hub.verify_token", echoMember: "hub.challenge"))
        guard case .signature(let terms) = webhooks[1].auth else {
            Issue.record("meta is signed")
            return
        }
        #expect(terms.header == "x-hub-signature-256" && terms.prefix == "sha256=" && terms.algorithm == .sha256)
        #expect(terms.timestamp?.tolerance == .seconds(300) && terms.signed == "{timestamp}.{body}")
        #expect(webhooks[2].auth == .open && webhooks[2].methods == ["POST", "PUT"] && webhooks[2].bodyLimit == 1000)
        #expect(webhooks.map(\.ordering) == [.by(.body(pointer: "/from")), .all, .none])
        #expect(rehearsal.script.handlers.map(\.claim)[0] == "webhook 'orders'")
    }

    @Test func theFunctionIsGivenTheRequest() throws {
        let rehearsal = try Rehearsal(
            """
            bot.webhook("orders", { auth = "none" }, function(request)
              bot.store:set("seen", { request.webhook, request.id, request.method, request.path, request.query.a,
                request.headers["x-more"], request.body, request.json and request.json.n or "none" })
            end)
            """)
        try rehearsal.happens(request(#"{"n":[1]}"#))
        let arguments = rehearsal.requests.first?.arguments.text ?? ""
        #expect(arguments.contains(#"["orders","e1","POST","/hooks/orders","1","yes","{\"n\":[1]}",[1]]"#))
        try rehearsal.rebuilds()
    }

    @Test func aBodyThatIsNoJSONHasNone() throws {
        let rehearsal = try Rehearsal(
            """
            bot.webhook("orders", { auth = "none" }, function(request)
              bot.store:set("seen", { request.body, tostring(request.json) })
            end)
            """)
        try rehearsal.happens(request("a=1&b=2"))
        #expect(rehearsal.requests.first?.arguments.text.contains(#"["a=1&b=2","nil"]"#) == true)
    }

    @Test(arguments: [
        (#"bot.webhook("a b", { auth = "none" }, function() end)"#, "'name' must have 1 to 64 letters"),
        (#"bot.webhook("a", {}, function() end)"#, "option 'auth' is missing"),
        (#"bot.webhook("a", { auth = "token" }, function() end)"#, "option 'auth'"),
        (#"bot.webhook("a", { auth = {} }, function() end)"#, "needs 'bearer' or 'hmac'"),
        (#"bot.webhook("a", { auth = { hmac = bot.secret("KEY") } }, function() end)"#, "needs 'header'"),
        (#"bot.webhook("a", { auth = bot.secret("NONE") }, function() end)"#, "no secret 'NONE'"),
        (#"bot.webhook("a", { auth = "none", id = { json = "id" } }, function() end)"#, "must be a JSON pointer"),
        (
            #"bot.webhook("a", { auth = "none", ordered = { json = "from" } }, function() end)"#,
            "must be a JSON pointer"
        ),
        (#"bot.webhook("a", { auth = "none", ordered = {} }, function() end)"#, "option 'ordered' needs either"),
        (#"bot.webhook("a", { auth = "none", id = {} }, function() end)"#, "needs either 'header' or 'json'"),
        (
            #"bot.webhook("a", { auth = { hmac = bot.secret("KEY"), header = "X", signed = "{timestamp}{body}" } }, function() end)"#,
            "say in 'timestamp'"
        ),
        (
            #"bot.webhook("a", { auth = { hmac = bot.secret("KEY"), header = "X", timestamp = { header = "T" }, signed = "{body}" } }, function() end)"#,
            "option 'signed' must hold {timestamp}"
        ),
        (
            #"bot.webhook("a", { auth = "none" }, function() end) bot.webhook("a", { auth = "none" }, function() end)"#,
            "is taken by the handler at"
        ),
    ])
    func aMistakeIsSaid(_ source: String, _ sentence: String) {
        let message = failure(source)
        #expect(message.contains(sentence), "\(message)")
    }
}
