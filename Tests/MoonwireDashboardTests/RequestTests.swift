import EventJSON
import Moonwire
import Testing

@testable import MoonwireDashboard

struct RequestTests {
    private let key: [(name: String, value: String)] = [("idempotency-key", "k1")]

    @Test func aTokenIsForItsConversationOnly() async throws {
        let stage = Stage()
        let token = await stage.token()
        let read = await stage.send("GET", "state", token: token, query: [("conversation", "4183")])
        #expect(read.status == 403 && read.code == "wrong_conversation")
        let act = await stage.send(
            "POST", "action", ["conversation": 4183, "action": "pause"], token: token, headers: key)
        #expect(act.status == 403 && act.code == "wrong_conversation")
        let events = await stage.send("GET", "events", token: token, query: [("conversation", "4183")])
        #expect(events.status == 403)
        #expect(stage.engine.names == [PanelEvent.opened])
    }

    @Test func aTokenRunsOut() async {
        let stage = Stage()
        let token = await stage.token()
        stage.time.now = stage.time.now + .seconds(300)
        let answer = await stage.send("GET", "state", token: token, query: [("conversation", "4182")])
        #expect(answer.status == 401 && answer.code == "token_expired")
        let none = await stage.send("GET", "state", query: [("conversation", "4182")])
        #expect(none.status == 401 && none.code == "token_invalid")
    }

    @Test func anActionHappensOnceHoweverOftenItIsSent() async {
        let stage = Stage()
        let token = await stage.token()
        let body: JSON = ["conversation": 4182, "action": "pause"]
        let first = await stage.send("POST", "action", body, token: token, headers: key)
        let second = await stage.send("POST", "action", body, token: token, headers: key)
        #expect(first.status == 200 && second.status == 200 && first.json == second.json)
        #expect(stage.engine.names == [PanelEvent.opened, PanelEvent.paused])
        let other = await stage.send(
            "POST", "action", ["conversation": 4182, "action": "resume"], token: token, headers: key)
        #expect(other.status == 409 && other.code == "repeated_key")
        let unkeyed = await stage.send("POST", "action", body, token: token)
        #expect(unkeyed.status == 400)
    }

    @Test func anotherTokenMakesNoOtherEventOfTheSameKey() async throws {
        let stage = Stage()
        let (one, other) = (await stage.token(), await stage.token())
        let body: JSON = ["conversation": 4182, "action": "refund"]
        _ = await stage.send("POST", "action", body, token: one, headers: key)
        _ = await stage.send("POST", "action", body, token: other, headers: key)
        let keys = stage.engine.events.filter { $0.name == PanelEvent.action }.map(\.key)
        #expect(keys.count == 2 && keys[0] == keys[1] && keys[0] != nil, "the journal admits it once")
    }

    @Test func anActionNeedsTheScopeOfItsButton() async {
        let stage = Stage { $0.actions = ["refund", "pause"] }
        let token = await stage.token()
        let refund = await stage.send(
            "POST", "action", ["conversation": 4182, "action": "refund"], token: token, headers: key)
        #expect(refund.status == 403 && refund.code == "scope", "the button wants 'money'")
        let handover = await stage.send(
            "POST", "action", ["conversation": 4182, "action": "handover"], token: token, headers: key)
        #expect(handover.status == 403)
        let unknown = await stage.send(
            "POST", "action", ["conversation": 4182, "action": "delete-all"], token: token, headers: key)
        #expect(unknown.status == 404 && unknown.code == "no_such_action")
        let pause = await stage.send(
            "POST", "action", ["conversation": 4182, "action": "pause"], token: token, headers: key)
        #expect(pause.status == 200)
    }

    @Test func anActionTellsThatNobodyTookIt() async {
        let stage = Stage()
        let answer = await stage.send(
            "POST", "action", ["conversation": 4182, "action": "refund", "args": ["of": ["a"], "sum": 120]],
            token: await stage.token(), headers: key)
        #expect(answer.status == 200 && answer.json["handled"] == false)
        #expect(stage.engine.events.last?.raw.text.contains(#""action":"refund","args":{"sum":120"#) == true)
    }

    @Test func aButtonIsKnownByItsActionAndItsArguments() async {
        let stage = Stage { $0.actions = ["set_open"] }
        let token = await stage.token()
        func press(_ key: String, _ arguments: JSON?) async -> Stage.Answer {
            var body: JSONObject = ["conversation": 4182, "action": "set"]
            if let arguments { body.append("args", arguments) }
            return await stage.send(
                "POST", "action", .object(body), token: token, headers: [("idempotency-key", key)])
        }
        let vip = await press("1", ["to": "vip"])
        #expect(vip.status == 403 && vip.code == "scope")
        for (key, arguments) in [("2", ["to": "all"]), ("3", nil), ("4", ["to": "open", "and": 1])] as [(String, JSON?)]
        {
            let other = await press(key, arguments)
            #expect(other.status == 404 && other.code == "no_such_action")
        }
        #expect(!stage.engine.names.contains(PanelEvent.action))
        let open = await press("5", ["to": "open"])
        #expect(open.status == 200 && stage.engine.names.last == PanelEvent.action)
    }

    @Test func aPanelIsOfThePersonItWasMadeFor() async throws {
        let stage = Stage()
        let made = try await stage.dashboard.pair("Layla", app: "orders")
        let code = try #require(made?.code)
        let layla = await stage.send("POST", "pair", ["app": "orders", "code": .string(code)]).cookie
        let key: JSON = "0123456789abcdef0123456789abcdef"
        let visitor = await stage.send("POST", "session", ["app": "orders", "hint": Stage.hint(), "key": key])
        let tokens = [
            await stage.token(), await stage.exchange(cookie: layla).json["token"]?.string,
            visitor.json["token"]?.string,
        ]
        var buttons: [Int?] = []
        for token in tokens {
            let state = await stage.send("GET", "state", token: token, query: [("conversation", "4182")])
            buttons.append(state.json["panels"]?.elements.first?["buttons"]?.elements.count)
        }
        #expect(buttons == [4, 0, 0])
        let pressed = await stage.send(
            "POST", "action", ["conversation": 4182, "action": "refund"], token: tokens[1],
            headers: self.key)
        #expect(pressed.status == 404, "not offered to her")
    }

    @Test(arguments: [
        "https://evil.example", "null", "http://bots.example.com", "https://bots.example.com.evil.example",
    ])
    func anotherOriginGetsNothing(_ origin: String) async {
        let stage = Stage()
        let cookie = await stage.signIn()
        let answer = await stage.send(
            "POST", "session", ["app": "orders", "hint": Stage.hint()], cookie: cookie, headers: [("origin", origin)])
        #expect(answer.status == 403 && answer.code == "origin")
        let site = await stage.send(
            "GET", "state", token: await stage.token(), headers: [("sec-fetch-site", "cross-site")],
            query: [("conversation", "4182")])
        #expect(site.status == 403)
        #expect(!answer.headers.contains { $0.name.hasPrefix("access-control") })
    }

    @Test func aFormOfAnotherPageIsNotTaken() async {
        let stage = Stage()
        let head = InboundHead(
            id: "1", method: "POST", path: "/dash/api/session", headers: [("content-type", "text/plain")])
        #expect(await stage.api.refusal(of: head)?.status == 415)
    }

    @Test(arguments: [
        "{}", "[]", "null", "\"\"", "{\"app\":1}", "{\"app\":\"orders\",\"hint\":{\"conversation_id\":\"4182\"}}",
    ])
    func nonsenseIsRefusedInOrder(_ text: String) async throws {
        let stage = Stage()
        let cookie = await stage.signIn()
        let answer = await stage.send("POST", "session", try JSON(parsing: text), cookie: cookie)
        #expect([400, 403].contains(answer.status))
    }

    @Test func allAnswersCarryTheHeaders() async {
        let stage = Stage()
        for answer in [await stage.exchange(cookie: nil), await stage.send("GET", "nothing")] {
            let headers = Dictionary(answer.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
            #expect(headers["cache-control"] == "no-store" && headers["x-content-type-options"] == "nosniff")
            #expect(headers["referrer-policy"] == "no-referrer" && headers["x-frame-options"] == nil)
        }
    }

    @Test func thePagesHeadersAreThoseOfTheProtocol() async throws {
        var app = DashboardApp(name: "orders", channel: "desk", origins: ["https://chat.example.com"])
        app.ancestors = ["https://crm.example.com"]
        func headers(_ path: String) async -> [String: String] {
            let head = InboundHead(id: "1", method: "GET", path: path)
            let answer = await DashboardPageRoute(app: app).answer(InboundRequest(head: head, body: []))
            return Dictionary(answer.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        }
        let page = await headers("/dash/orders/")
        #expect(
            page["content-security-policy"]
                == "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors https://chat.example.com https://crm.example.com"
        )
        #expect(page["cross-origin-opener-policy"] == "same-origin" && page["x-frame-options"] == nil)
        #expect(page["permissions-policy"] == "camera=(), microphone=(), geolocation=()")
        let window = await headers("/dash/orders/login")
        #expect(window["cross-origin-opener-policy"] == nil, "or it could not hand its code back")
        #expect(window["content-security-policy"]?.contains("frame-ancestors 'none'") == true)
        app.origins = []
        #expect(await headers("/dash/orders/")["content-security-policy"]?.hasSuffix("frame-ancestors 'none'") == true)
    }

    @Test func thePageNamesItsPartsInFull() async {
        let app = DashboardApp(name: "orders", channel: "desk", origins: [])
        for path in ["/dash/orders", "/dash/orders/"] {
            let head = InboundHead(id: "1", method: "GET", path: path)
            let answer = await DashboardPageRoute(app: app, prefix: "/bots").answer(
                InboundRequest(head: head, body: []))
            guard answer.status == 200, case .bytes(let bytes) = answer.body else {
                Issue.record("no page")
                continue
            }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.contains(#"<script src="/bots/dash/orders/early.js"></script>"#))
            #expect(!text.contains("$BASE"))
        }
    }

    @Test func theStreamTellsOfChangesUntilTheTokenEnds() async throws {
        let stage = Stage { $0.tokenLife = .seconds(1) }
        let token = try #require(await stage.token())
        let head = InboundHead(
            id: "1", method: "GET", path: "/dash/api/events", query: [("conversation", "4182")],
            headers: [("authorization", "Bearer " + token)])
        let answer = await stage.api.answer(InboundRequest(head: head, body: []))
        guard case .stream(let stream) = answer.body else {
            Issue.record("no stream")
            return
        }
        var heard: [String] = []
        for await chunk in stream {
            heard += String(decoding: chunk, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix("event") }
                .map(String.init)
        }
        #expect(heard == ["event: ready", "event: end"])
    }

    @Test func aHostThatGoesDownEndsTheStreams() async throws {
        let stage = Stage()
        let token = try #require(await stage.token())
        func open() async throws -> AsyncStream<[UInt8]> {
            let head = InboundHead(
                id: "1", method: "GET", path: "/dash/api/events", query: [("conversation", "4182")],
                headers: [("authorization", "Bearer " + token)])
            let response = await stage.api.answer(InboundRequest(head: head, body: []))
            guard case .stream(let stream) = response.body else { throw CancellationError() }
            return stream
        }
        let stream = try await open()
        var said = ""
        for await chunk in stream {
            said += String(decoding: chunk, as: UTF8.self)
            if said.hasPrefix("event: ready") { stage.api.drain() }
        }
        #expect(said.hasSuffix("event: end\ndata: {}\n\n"))
        // One that was let in before the others ended does not begin anew.
        var late = ""
        for await chunk in try await open() { late += String(decoding: chunk, as: UTF8.self) }
        #expect(late.hasSuffix("event: end\ndata: {}\n\n"))
    }

    @Test func aWatchTellsOfItsSessionAlone() async {
        let watch = SessionWatch()
        let session = SessionID(channel: "desk", id: "1")
        let snapshot = Session(id: session, status: "open", owner: .queue)
        watch.touch(session, snapshot)
        #expect(watch.snapshot(of: session) == nil, "nobody looks at it")
        var changes = watch.changes(of: session).makeAsyncIterator()
        watch.touch(SessionID(channel: "desk", id: "2"), nil)
        watch.touch(session, snapshot)
        watch.touch(session, nil)
        let change: Void? = await changes.next()
        #expect(change != nil && watch.snapshot(of: session) == snapshot)
    }
}
