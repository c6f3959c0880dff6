import Moonwire
import Testing

@testable import MoonwireScripts

struct HandlerRunTests {
    @Test func aReplySuspendsWithItsArgumentsAndPlaceAndReturnsTheMessage() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", function(event, session)
              local sent = session:reply("You said %s, %d times", event.message.text, 2)
              session:note(sent.id)
            end)
            """)
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.said == ["You said hi, 2 times", "sent-1"])
        #expect(rehearsal.kinds == ["session:reply", "session:note"])
        let first = try #require(rehearsal.requests.first)
        #expect(first.arguments.text == #"{"text":"You said hi, 2 times"}"#)
        #expect(first.location == "bot.lua:2")
        #expect(first.session == SessionID(channel: Rehearsal.channel, id: "118"))
        #expect(rehearsal.isFinished)
    }

    @Test func objectsShowTheSnapshotOfTheEvent() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", function(event, session)
              assert(event.session == session and event.client == session.client)
              session:reply(table.concat({ event.name, event.channel, session.platform, session.status, session.owner,
                session.client.name, tostring(session.client.attrs.vip), session.labels[1], event.message.from,
                tostring(event.raw.deep.list[2]), tostring(session.operator) }, " "))
            end)
            """)
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.said == ["message.created shop hoory open queue Aisha true new client 2 nil"])
    }

    @Test func anOutcomeWithASessionReplacesTheFieldsInPlace() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", function(event, session)
              local client = session.client
              session:close()
              session:note(session.status .. " " .. client.name)
            end)
            """)
        rehearsal.snapshots["session:close"] = rehearsal.session(status: "closed", name: "Amira")
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.said == ["closed Amira"])
    }

    @Test func theClockStandsStillBetweenCrossings() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", function(event, session)
              local before, again = bot.now(), bot.now()
              bot.sleep("10m")
              session:note(string.format("%.1f %.1f %.1f %d", before, again, bot.now(), os.time()))
            end)
            """)
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.said == ["1000.5 1000.5 1001.5 1001"])
    }

    @Test func randomNumbersFollowTheRun() throws {
        let source = """
            bot.on("message.created", function(event, session)
              session:note(bot.uuid() .. " " .. math.random(1000000))
            end)
            """
        func note(_ run: Int64) throws -> [String] {
            let rehearsal = try Rehearsal(source)
            return try rehearsal.happens(rehearsal.message("hi"), run: run).said
        }
        let first = try note(7)
        #expect(try first == note(7))
        #expect(try first != note(8))
        let uuid = try #require(first.first?.split(separator: " ").first)
        #expect(uuid.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
    }

    @Test func aReplayAsksForTheSameSteps() throws {
        let source = """
            bot.on("message.created", function(event, session)
              session:set { b = 1, a = { x = true, list = { 1, 2 } }, c = "z" }
              bot.store:set("k", { z = 1, y = 2 }, { ttl = "1h" })
            end)
            """
        let (first, second) = (try Rehearsal(source), try Rehearsal(source))
        try first.happens(first.message("hi"))
        try second.happens(second.message("hi"))
        #expect(first.requests.map(\.digest) == second.requests.map(\.digest))
        #expect(
            first.requests.map(\.arguments.text) == [
                #"{"attributes":{"a":{"list":[1,2],"x":true},"b":1,"c":"z"}}"#,
                #"{"key":"k","value":{"y":2,"z":1},"ttl_ms":3600000}"#,
            ])
    }

    @Test func stopIsTold() throws {
        let rehearsal = try Rehearsal("bot.on('message.created', function() return bot.stop end)")
        try rehearsal.happens(rehearsal.message("hi"))
        guard case .finished(stops: true)? = rehearsal.progress else {
            Issue.record("the handler did not stop the event")
            return
        }
    }

    @Test func aFailedEffectRaisesAnErrorObject() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", function(event, session)
              local ok, err = pcall(function() session:label("x") end)
              session:note(tostring(ok) .. " " .. err.code .. " " .. tostring(err.retryable) .. " " .. err.status
                .. " " .. err.where .. " " .. tostring(err))
            end)
            """)
        rehearsal.outcomes["session:label"] = .failure(
            EffectFailure(code: "rejected", message: "no such label", retryable: true, status: 422))
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.said.first?.hasPrefix("false rejected true 422 bot.lua:2") == true)
        #expect(rehearsal.said.first?.hasSuffix("no such label") == true)
    }

    @Test func anObjectOfAnotherRunIsRefused() throws {
        let rehearsal = try Rehearsal(
            """
            local kept
            bot.on("message.created", function(event, session)
              if kept then kept:reply("late") end
              kept = session
            end)
            """)
        try rehearsal.happens(rehearsal.message("one"), run: 1)
        try rehearsal.happens(rehearsal.message("two"), run: 2)
        #expect(
            rehearsal.failure?.message.hasPrefix("bot.lua:3: session:reply: this object belongs to another run") == true
        )
    }

    @Test func aCommandGetsWhatFollowsIt() throws {
        let rehearsal = try Rehearsal(
            """
            bot.command("/Track", function(session, args, event)
              session:note(#args.words .. " " .. args.words[2] .. " [" .. args.text .. "] " .. event.name)
            end)
            """)
        try rehearsal.happens(rehearsal.message("/TRACK AB  12"))
        #expect(rehearsal.said == ["2 12 [AB  12] message.created"])
    }

    @Test func waitForReturnsTheEventOrTheReason() throws {
        let source = """
            bot.on("message.created", function(event, session)
              local closed, reason = session:wait_for("session.closed", { timeout = "5m" })
              session:note(closed and closed.name or reason)
            end)
            """
        let rehearsal = try Rehearsal(source)
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.waiting?.timeout == .seconds(300))
        try rehearsal.answer(rehearsal.event("session.closed"))
        #expect(rehearsal.said == ["session.closed"])
        let other = try Rehearsal(source)
        try other.happens(other.message("hi")).timesOut()
        #expect(other.said == ["timeout"])
    }

    @Test func messagesComeAsObjects() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", function(event, session)
              local list = session:messages { limit = 2, before = event.message }
              session:note(#list .. list[2].text)
              local _, err = pcall(function() return list[1].txt end)
              session:note(err)
            end)
            """)
        rehearsal.outcomes["session:messages"] = .value(
            RawJSON(validated: Array(#"[{"id":"1","text":"a"},{"id":"2","text":"b"}]"#.utf8)))
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.requests.first?.arguments.text == #"{"limit":2,"before":"m1"}"#)
        #expect(rehearsal.said.first == "2b")
        #expect(rehearsal.said.last?.contains("message has no field 'txt'; did you mean 'text'?") == true)
    }
}
