import EventJSON
import Moonwire
import Testing

@testable import MoonwireScripts

struct ChannelObjectTests {
    private static let desk = ChannelID("desk")
    private static let methods: Set<String> = [
        "reply", "transfer", "close", "refresh", "sessions", "clients", "open", "operators", "groups", "me", "online",
        "pause", "request", "update",
    ]

    /// A script on channel 'shop' of Hoory, beside a channel 'desk' of TWIN24.
    private func load(_ source: String, methods: Set<String> = methods) throws -> Rehearsal {
        let desk = ChannelDescriptor(
            id: Self.desk, platform: .twin24, role: .operator, capabilities: methods, bestEffort: ["typing"])
        return try Rehearsal(source, otherChannels: [desk])
    }

    private func run(_ body: String, prepare: (Rehearsal) -> Void = { _ in }) throws -> Rehearsal {
        let rehearsal = try load("bot.on('message.created', function(event, session)\n\(body)\nend)")
        prepare(rehearsal)
        return try rehearsal.happens(rehearsal.message("hi"))
    }

    private func session(_ id: String, client: String? = nil, on channel: ChannelID = desk) -> Session {
        Session(
            id: SessionID(channel: channel, id: id), status: "open", owner: .queue,
            client: client.map { Client(id: $0, name: "Client \($0)") },
            operator: Operator(id: "o", name: "Olga"), labels: ["l"])
    }

    @Test func aChannelIsReachedByItsNameAlsoAtTheTopLevelOfAFile() throws {
        let rehearsal = try load(
            """
            local desk = bot.channel("desk")
            bot.on("message.created", function(event, session)
              session:reply("%s %s %s %s", desk.name, desk.platform, desk.role, tostring(desk))
              session:reply("%s %s %s", desk:can("sessions"), desk:can("label"), desk == bot.channel("desk"))
            end)
            """)
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.said == ["desk twin24 operator desk", "true false true"])
        #expect(rehearsal.kinds == ["session:reply", "session:reply"])
    }

    @Test func anUnknownChannelIsAnErrorWithTheNearestRightName() throws {
        #expect(throws: ScriptFailure.self) { try load("local d = bot.channel('dsk')") }
        let rehearsal = try run("bot.channel('dsk')")
        #expect(
            rehearsal.failure?.message.hasPrefix(
                "bot.lua:2: bot.channel: the configuration has no channel 'dsk'; did you mean 'desk'?") == true)
        #expect(
            try run("bot.channel('elsewhere')").failure?.message.contains("no channel 'elsewhere'; it has desk, shop")
                == true)
    }

    @Test func effectsOnAnotherSessionGoToThatSession() throws {
        let rehearsal = try run(
            """
            local other = bot.channel("desk"):session("77")
            other:reply("%s on %s", other.id, other.platform) other:transfer { queue = true }
            other.store:set("k", 1) session.store:set("k", 2) session:reply("here")
            """)
        #expect(rehearsal.failure == nil)
        let other = SessionID(channel: Self.desk, id: "77")
        let own = SessionID(channel: Rehearsal.channel, id: "118")
        #expect(rehearsal.requests.map(\.session) == [other, other, nil, nil, own])
        #expect(rehearsal.said == ["77 on twin24", "here"])
        let scopes = rehearsal.requests.compactMap { request in
            if case .host(.store(let operation)) = request.action { operation.scope } else { nil }
        }
        #expect(scopes == ["session:desk/77", "session:shop/118"])
    }

    @Test func capabilitiesAreThoseOfTheOtherChannel() throws {
        let rehearsal = try run(
            """
            local other = bot.channel("desk"):session("77")
            local ok, err = pcall(function() other:label("x") end)
            session:reply("%s %s %s %s", err.code, other:can("label"), session:can("label"), other:can("ask"))
            session:reply(err.message) other:typing("1s")
            """)
        #expect(rehearsal.said.first == "unsupported false true false")
        #expect(rehearsal.said.last?.contains("session:label is not possible on twin24 in the operator role") == true)
        #expect(rehearsal.kinds == ["session:reply", "session:reply"])
    }

    @Test func refreshFillsTheFieldsOfTheOtherSessionAndLeavesTheOwnOne() throws {
        let rehearsal = try run(
            """
            local other = bot.channel("desk"):session("77")
            session:reply("%s %s", other.status, other.client)
            local same = other:refresh()
            session:reply("%s %s %s %s", other.status, other.client.name, other.operator.name, same == other)
            session:reply("%s %s", session.id, session.client.name)
            other.client:update { name = "New" } other.client.store:set("k", 1)
            """
        ) { $0.snapshots["session:refresh"] = session("77", client: "9") }
        #expect(rehearsal.failure == nil)
        #expect(rehearsal.said == ["nil nil", "open Client 9 Olga true", "118 Aisha"])
        guard case .channel(.updateClient(let update))? = rehearsal.requests.dropLast().last?.action else {
            Issue.record("no update")
            return
        }
        #expect(update.client == "9")
        #expect(rehearsal.requests.dropLast().last?.session == SessionID(channel: Self.desk, id: ""))
        try rehearsal.rebuilds()
    }

    @Test func theRunsOwnSessionIsTheSameObject() throws {
        let rehearsal = try run(
            "session:reply('%s', bot.channel('shop'):session(session.id) == session)")
        #expect(rehearsal.said == ["true"])
    }

    @Test func aRunWaitsForItsOwnSessionOnly() throws {
        for call in ["ask('x')", "wait_for('message.created')", "next('message.created')"] {
            let rehearsal = try run("bot.channel('desk'):session('7'):\(call)")
            #expect(rehearsal.failure?.message.contains("a run waits for its own session only") == true, "\(call)")
        }
    }

    @Test func anObjectOfAnotherRunIsRefused() throws {
        let rehearsal = try load(
            """
            local kept
            bot.on("message.created", function(event, session)
              kept = kept or bot.channel("desk"):session("7")
              kept:reply("x")
            end)
            """)
        try rehearsal.happens(rehearsal.message("a"))
        #expect(rehearsal.failure == nil)
        try rehearsal.happens(rehearsal.message("b"), run: 8)
        #expect(rehearsal.failure?.message.contains("belongs to another run") == true)
    }
}

extension ChannelObjectTests {
    private static let loop = """
        for other in bot.channel("desk"):sessions { status = "open", label = "l" } do
          other:reply("to %s of %s", other.id, other.client.name)
        end
        session:reply("done")
        """

    private func pages() -> [StepOutcome.Result] {
        [
            .value(ListPage.encode([session("1", client: "a"), session("2", client: "b")], next: "c1")),
            .value(ListPage.encode([Session](), next: "c2")),
            .value(ListPage.encode([session("3", client: "c")], next: nil)),
        ]
    }

    @Test func aLoopReadsOnePageAtATimeAndEachPageIsAStep() throws {
        let rehearsal = try run(Self.loop) { $0.series["channel:sessions"] = pages() }
        #expect(rehearsal.failure == nil)
        #expect(
            rehearsal.kinds == [
                "channel:sessions", "session:reply", "session:reply", "channel:sessions", "channel:sessions",
                "session:reply", "session:reply",
            ])
        #expect(rehearsal.said == ["to 1 of Client a", "to 2 of Client b", "to 3 of Client c", "done"])
        let first = try #require(rehearsal.requests.first)
        #expect(first.arguments.text == #"{"status":"open","labels":["l"]}"#)
        #expect(first.session == SessionID(channel: Self.desk, id: ""))
        #expect(first.location == "bot.lua:2")
        #expect(rehearsal.requests[3].arguments.text == #"{"status":"open","labels":["l"],"cursor":"c1"}"#)
    }

    @Test func aLoopThatIsInterruptedBetweenPagesGoesOnWhereItWas() throws {
        let rehearsal = try run(
            """
            local seen = {}
            for other in bot.channel("desk"):sessions() do
              seen[#seen + 1] = other.id
              if other.id == "2" then session:ask("go on?") end
            end
            session:reply(table.concat(seen, " "))
            """
        ) { $0.series["channel:sessions"] = pages() }
        #expect(rehearsal.kinds == ["channel:sessions", "session:ask", "session:ask (answer)"])
        try rehearsal.rebuilds().says("yes")
        #expect(rehearsal.said == ["go on?", "1 2 3"])
        #expect(rehearsal.kinds.suffix(3) == ["channel:sessions", "channel:sessions", "session:reply"])
    }

    @Test func clientsOfAListCanBeWorkedOn() throws {
        let rehearsal = try run(
            """
            for client in bot.channel("desk"):clients { text = "a" } do
              client:update { name = "N" }
              client.store:set("met", true)
              bot.channel("desk"):open { client = client, message = "hello" }
            end
            """
        ) {
            $0.series["channel:clients"] = [.value(ListPage.encode([Client(id: "5", name: "A")], next: nil))]
            $0.outcomes["channel:open"] = .value(RawJSON(validated: session("9", client: "5").journalBytes))
        }
        #expect(rehearsal.failure == nil)
        #expect(rehearsal.kinds == ["channel:clients", "client:update", "client.store:set", "channel:open"])
        guard case .channel(.open(let opening))? = rehearsal.requests.last?.action else {
            Issue.record("nothing was opened")
            return
        }
        #expect(opening == ChannelEffect.Opening(recipient: .client("5"), message: "hello"))
    }

    @Test func aPageThatCannotBeHadRaisesAtTheLoop() throws {
        let rehearsal = try run(
            """
            local ok, err = pcall(function()
              for other in bot.channel("desk"):sessions() do end
            end)
            session:reply(err.code .. " " .. err.where)
            """
        ) { $0.outcomes["channel:sessions"] = .failure(EffectFailure(code: "platform", message: "down")) }
        #expect(rehearsal.said == ["platform bot.lua:3"])
    }

    @Test func anOpenedSessionCanBeSpokenIn() throws {
        let rehearsal = try run(
            """
            local new = bot.channel("desk"):open { client = { phone = "+966501234567", name = "A" }, inbox = "api" }
            new:reply("hello " .. new.client.name)
            """
        ) { $0.outcomes["channel:open"] = .value(RawJSON(validated: session("9", client: "5").journalBytes)) }
        #expect(rehearsal.said == ["hello Client 5"])
        #expect(rehearsal.requests.last?.session == SessionID(channel: Self.desk, id: "9"))
        #expect(
            rehearsal.requests.first?.arguments.text == #"{"name":"A","phone":"+966501234567","inbox":"api"}"#)
    }

    @Test func aPersonWithoutAnAddressOrAClientOfAnotherChannelCannotBeWrittenTo() throws {
        let nameless = try run("bot.channel('desk'):open { client = { name = 'A' } }")
        #expect(nameless.failure?.message.contains("needs one of phone, email and identifier") == true)
        let foreign = try run("bot.channel('desk'):open { client = session.client }")
        #expect(foreign.failure?.message.contains("belongs to another channel") == true)
    }

    @Test func aRequestStaysBelowItsChannel() throws {
        let paths = [
            "https://evil.example/x", "//evil.example", "labels", "/a/../b", "/a/%2e%2E/b", "/a b", "/a#b", "/a\\b",
        ]
        for path in paths {
            let rehearsal = try run("bot.channel('desk'):request('GET', [[\(path)]])")
            #expect(rehearsal.failure?.message.contains("channel:request: 'path'") == true, "\(path)")
            #expect(rehearsal.requests.isEmpty)
        }
    }

    @Test func aRequestGivesStatusAndBody() throws {
        let rehearsal = try run(
            """
            local answer = bot.channel("desk"):request("POST", "/labels?x=1", { title = "vip" })
            session:reply("%d %s", answer.status, answer.body.id)
            """
        ) {
            $0.outcomes["channel:request"] = .value(
                RawJSON(validated: Array(#"{"status":200,"body":{"id":"7"}}"#.utf8)))
        }
        #expect(rehearsal.said == ["200 7"])
        #expect(
            rehearsal.requests.first?.arguments.text
                == #"{"method":"POST","path":"/labels?x=1","body":{"title":"vip"}}"#)
    }

    @Test func operatorsGroupsAndTheSeatsStatusAreSteps() throws {
        let rehearsal = try run(
            """
            local desk = bot.channel("desk")
            desk:pause() desk:online()
            session:reply("%s %s %s", desk:operators()[1].name, desk:groups()[1].id, desk:me().id)
            """
        ) {
            $0.outcomes["channel:operators"] = .value(RawJSON(validated: Array(#"[{"id":"1","name":"Olga"}]"#.utf8)))
            $0.outcomes["channel:groups"] = .value(RawJSON(validated: Array(#"[{"id":"g"}]"#.utf8)))
            $0.outcomes["channel:me"] = .value(RawJSON(validated: Array(#"{"id":"2"}"#.utf8)))
        }
        #expect(rehearsal.said == ["Olga g 2"])
        #expect(
            rehearsal.kinds == [
                "channel:pause", "channel:online", "channel:operators", "channel:groups", "channel:me", "session:reply",
            ])
    }
}
