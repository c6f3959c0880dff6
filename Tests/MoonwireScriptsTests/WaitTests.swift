import Moonwire
import Testing

@testable import MoonwireScripts

struct WaitTests {
    private func running(_ body: String) throws -> Rehearsal {
        let rehearsal = try Rehearsal("bot.on('message.created', function(event, session)\n\(body)\nend)")
        return try rehearsal.happens(rehearsal.message("hi"))
    }

    @Test(
        arguments: [
            (nil, "true nil"), (.none(reason: "timeout"), "true nil"), (.none(reason: "cancelled"), "nil cancelled"),
            (.none(reason: "retired"), "nil retired"),
        ] as [(StepOutcome.Result?, String)])
    func aSleepTellsWhyItEnded(_ outcome: StepOutcome.Result?, _ told: String) throws {
        let rehearsal = try Rehearsal(
            """
            bot.on('message.created', function(event, session)
              local slept, reason = bot.sleep("1h")
              session:note(tostring(slept) .. " " .. tostring(reason))
            end)
            """)
        rehearsal.outcomes["bot.sleep"] = outcome
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.said == [told])
        #expect(rehearsal.requests.first?.arguments.text == #"{"duration_ms":3600000}"#)
    }

    @Test func waitForTakesFilters() throws {
        let rehearsal = try running(
            """
            local event = session:wait_for("message.created",
              { from = { "operator", "self" }, words = "Done", text = "All done", attachment = true, timeout = "5m" })
            """)
        let filter = try #require(rehearsal.waiting?.events.first)
        #expect(filter.from == .speakers([.operator, .own]) && filter.words == ["done"] && filter.maxAge == nil)
        #expect(filter.texts == ["All done"] && filter.attachment == .present)
        #expect(
            rehearsal.requests.last?.arguments.text
                == #"{"event":"message.created","from":["operator","self"],"words":"Done","text":"All done","attachment":true,"timeout_ms":300000}"#
        )
    }

    @Test func withoutFiltersTheArgumentsAreAsEver() throws {
        let rehearsal = try running("session:wait_for('session.closed')")
        #expect(rehearsal.requests.last?.arguments.text == #"{"event":"session.closed"}"#)
        #expect(rehearsal.waiting?.events.first?.from == .any)
        let speech = try running("session:wait_for('message.created', { timeout = 5 })")
        #expect(speech.requests.last?.arguments.text == #"{"event":"message.created","timeout_ms":5000}"#)
        #expect(speech.waiting?.events.first?.from == .peer)
    }

    private static let race = """
        local name, event = bot.any {
          late = bot.after("10m"), later = bot.after("1h"), paid = session:next("session.updated"),
          yes = session:next("message.created", { words = "yes" }), any = session:next("message.created"),
        }
        session:note(tostring(name) .. " " .. (type(event) == "userdata" and event.name or tostring(event)))
        """

    @Test func aRaceIsOneStep() throws {
        let rehearsal = try running(Self.race)
        #expect(rehearsal.kinds == ["bot.any"])
        #expect(rehearsal.waiting?.timeout == .seconds(600) && rehearsal.waiting?.events.count == 3)
        #expect(
            rehearsal.requests.first?.arguments.text
                == #"{"waits":[{"name":"any","wait":{"event":"message.created"}},{"name":"late","wait":{"after_ms":600000}},{"name":"later","wait":{"after_ms":3600000}},{"name":"paid","wait":{"event":"session.updated"}},{"name":"yes","wait":{"event":"message.created","words":"yes"}}],"timeout_ms":600000}"#
        )
    }

    @Test func theFirstWaitByNameThatTakesTheEventWins() throws {
        #expect(try running(Self.race).says("yes").said == ["any message.created"])
        let paid = try running(Self.race)
        #expect(try paid.answer(paid.event("session.updated")).said == ["paid session.updated"])
        let numbered = try running(
            """
            local name = bot.any { [2] = session:next("message.created"), a = session:next("message.created"),
              [1] = session:next("message.created", { words = "no" }) }
            session:note(name)
            """)
        #expect(try numbered.says("yes").said == ["2"])
    }

    @Test func theShortestTimeWins() throws {
        #expect(try running(Self.race).timesOut().said == ["late true"])
        #expect(try running("session:note((bot.any { bot.after('1h'), bot.after('1m') }))").said == ["2"])
    }

    @Test func aRaceWithoutTimeEndsWithAReason() throws {
        let body = "local a, b = bot.any { session:next('message.created') } session:note(tostring(a) .. b)"
        #expect(try running(body).ends("closed").said == ["nilclosed"])
    }

    @Test func aWaitMayBeUsedAgainAndEqualOnesAreOne() throws {
        let rehearsal = try running(
            """
            local wait = session:next("message.created")
            for _ = 1, 5000 do assert(session:next("message.created") == wait) end
            assert(session:next("message.created", { words = "x" }) ~= wait)
            bot.any { a = wait }
            session:note((bot.any { b = wait }))
            """)
        #expect(try rehearsal.says("x").says("y").said == ["b"])
    }

    @Test func aWaitOfAnotherRunIsRefused() throws {
        let rehearsal = try Rehearsal(
            """
            local kept
            bot.on("message.created", function(event, session)
              if kept then bot.any { a = kept } end
              kept = session:next("message.created")
            end)
            """)
        try rehearsal.happens(rehearsal.message("hi"), run: 1).happens(rehearsal.message("hi"), run: 2)
        #expect(
            rehearsal.failure?.message
                == "bot.lua:3: bot.any: the wait \"a\" belongs to another run; describe it where it is used")
    }

    @Test func waitsAreNotDescribedWithoutEnd() throws {
        let rehearsal = try running("for i = 1, 2000 do bot.after(i) end")
        #expect(rehearsal.failure?.message == "bot.lua:2: bot.after: the run has described too many different waits")
    }

    @Test func aReplayedRaceChoosesTheSame() throws {
        let rehearsal = try running(Self.race + "\nsession:wait_for('session.updated')\nsession:note('end')")
        try rehearsal.says("yes").rebuilds()
        try rehearsal.answer(rehearsal.event("session.updated"))
        #expect(rehearsal.said == ["any message.created", "end"])
    }
}
