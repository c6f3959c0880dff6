import EventJSON
import Moonwire
import Testing

@testable import MoonwireScripts

struct BroadcastTests {
    private func load(_ source: String) throws -> any BroadcastScript {
        try #require(try Rehearsal(source).script as? any BroadcastScript)
    }

    private static let message = #"autumn:message("Hi {name}")"#

    private func plan(_ options: String) throws -> BroadcastPlan {
        let script = try load(
            """
            local autumn = bot.broadcast("autumn", { channel = "shop", \(options) })
            autumn:audience { csv = "customers.csv", columns = { Kunde = "name" } }
            autumn:message("Hi {name}")
            """)
        return try #require(script.broadcasts.first)
    }

    @Test func aPlanHasWhatTheScriptSays() throws {
        let plan = try plan(
            """
            topic = "promo", throttle = "20/s", per_client = "2/week", quiet = "21:00-09:00 client", tz = "Asia/Riyadh",
            stop_if = { errors = "3%", opt_outs = 0.01 }, ramp = { 100, 1000 }, ramp_wait = "1h"
            """)
        #expect(plan.topic == "promo")
        #expect(plan.throttle == SendRate(count: 20, period: .seconds(1)))
        #expect(plan.perClient == SendRate(count: 2, period: .seconds(7 * 86_400)))
        #expect(plan.quiet == QuietHours(start: 21 * 60, end: 9 * 60, zone: nil))
        #expect(plan.zone == "Asia/Riyadh")
        #expect(plan.stop == BroadcastPlan.StopRules(errors: 0.03, optOuts: 0.01))
        #expect(plan.ramp == [100, 1000])
        #expect(plan.rampWait == 3_600_000)
        #expect(
            plan.audience
                == .csv(path: "/scripts/customers.csv", options: CSVOptions(columns: ["Kunde": "name"])))
        #expect(plan.message == .template("Hi {name}"))
    }

    @Test(arguments: [
        (#"throttle = "fast""#, "a rate such as"), (#"quiet = "night""#, "must be hours such as"),
        (#"stop_if = { errors = "300%" }"#, "from 0% to 100%"), (#"tz = "Mars""#, "no IANA time zone"),
        (#"thottle = "20/s""#, "did you mean 'throttle'"), (#"ramp = { 0 }"#, "from 1 to"),
    ]) func aWrongOptionIsNamed(option: String, complaint: String) {
        let error = #expect(throws: ScriptFailure.self) { try plan(option) }
        #expect(error?.message.contains(complaint) == true, "\(error?.message ?? "")")
    }

    @Test func anUnknownChannelASecondNameAndAMissingPartAreErrors() {
        for (source, complaint) in [
            (#"bot.broadcast("a", { channel = "shopp" })"#, "did you mean 'shop'"),
            (
                #"""
                bot.broadcast("a", { channel = "shop" })
                bot.broadcast("a", { channel = "shop" })
                """#, "is taken by the broadcast at bot.lua:1"
            ),
            (#"bot.broadcast("a", { channel = "shop" })"#, "is never given its :audience"),
            (#"bot.broadcast("a", { channel = "shop" }):message("{")"#, "without its partner"),
            (#"bot.broadcast("a", { channel = "shop" }):audience {}"#, "exactly one of csv and clients"),
        ] {
            let error = #expect(throws: ScriptFailure.self) { try load(source) }
            #expect(error?.message.contains(complaint) == true, "\(error?.message ?? "") for \(source)")
        }
    }

    private static let written = """
        local autumn = bot.broadcast("autumn", { channel = "shop" })
        autumn:audience { csv = "customers.csv" }
        """

    @Test func aFunctionWritesMessagesAndSeesTheRowOnly() throws {
        let script = try load(
            Self.written + """

                autumn:message(function(to)
                  if to.vip == "yes" then return { text = "Dear " .. to.name, template = true } end
                  return "Hi " .. to.name .. " at " .. bot.now()
                end)
                """)
        let now = Instant(seconds: 1000)
        #expect(
            try script.message(of: "autumn", to: ["name": "Ann", "vip": "yes"], now: now)
                == BroadcastMessage(text: "Dear Ann", isTemplate: true))
        #expect(
            try script.message(of: "autumn", to: ["name": "Ben"], now: now)
                == BroadcastMessage(text: "Hi Ben at 1000.0"))
        let error = #expect(throws: ScriptFailure.self) { try script.message(of: "autumn", to: [:], now: now) }
        #expect(error?.message.contains("bot.lua:5") == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [
        #"bot.store:set("seen", true)"#, #"bot.http.get("https://example.com")"#, #"bot.sleep("1s")"#, "bot.uuid()",
        #"bot.channel("shop"):session("1"):reply("hi")"#,
    ]) func anEffectInAMessageFunctionIsAnErrorThatSaysSo(effect: String) throws {
        let script = try load(Self.written + "\nautumn:message(function(to) \(effect) return \"hi\" end)")
        let error = #expect(throws: ScriptFailure.self) {
            try script.message(of: "autumn", to: ["name": "Ann"], now: Instant(seconds: 1))
        }
        #expect(
            error?.message.contains("the message function of a broadcast") == true,
            "\(error?.message ?? "")")
    }

    /// What a run asked the ledger for.
    private func operations(_ rehearsal: Rehearsal) -> [LedgerOperation] {
        rehearsal.requests.compactMap { request in
            if case .host(.ledger(let operation)) = request.action { operation } else { nil }
        }
    }

    @Test func aStartCarriesThePlanAndItsKey() throws {
        let rehearsal = try Rehearsal(
            Self.written + """

                autumn:message("Hi")
                bot.on("message.created", function()
                  autumn:start { key = 20261001 }
                  autumn:pause()
                  autumn:status("20261001")
                end)
                """)
        try rehearsal.happens(rehearsal.message("go"))
        let operations = operations(rehearsal)
        guard case .create(let plan, let key, starts: true)? = operations.first else {
            Issue.record("no start: \(operations)")
            return
        }
        #expect(plan.name == "autumn")
        #expect(plan.version == rehearsal.script.sources.version)
        #expect(key == "20261001")
        #expect(operations.count == 3)
        #expect(rehearsal.requests.map(\.kind) == ["broadcast:start", "broadcast:pause", "broadcast:status"])
    }

    @Test func rowsComeFromAFunctionThatYieldsAndMayDoWhatAHandlerMay() throws {
        let rehearsal = try Rehearsal(
            """
            local b = bot.broadcast("silent", { channel = "shop" })
            b:audience(function()
              local wanted = bot.store:get("wanted")
              for number = 1, 450 do coroutine.yield { phone = "+1555" .. (1000000 + number), name = "n" .. number } end
              coroutine.yield { name = "nobody" }
              return { { phone = "+15550000001" } }
            end)
            b:message("hi")
            """)
        var event = rehearsal.event("broadcast:silent")
        event.raw = RawJSON(validated: Array(#"{"id":7,"key":"1"}"#.utf8))
        try rehearsal.happens(event)
        let operations = operations(rehearsal)
        var added = 0
        var positions: [Int64] = []
        for case .add(let id, let entries, let rejected, let position, _) in operations {
            #expect(id == BroadcastID(rawValue: 7))
            added += entries.count
            positions.append(position)
            for record in rejected { #expect(record.line == 451) }
        }
        #expect(added == 451)
        #expect(positions == [200, 400, 452])
        guard case .closeAudience(_, error: nil, _)? = operations.last else {
            Issue.record("not closed: \(operations.count)")
            return
        }
        #expect(rehearsal.requests.first?.kind == "bot.store:get")
    }

    @Test func anAudienceOfClientsIsAPartOfThePlanAndNeedsNoRun() throws {
        let script = try load(
            """
            local all = bot.broadcast("all", { channel = "shop" })
            all:audience { clients = {} }
            all:message("hi")
            local some = bot.broadcast("some", { channel = "shop" })
            some:audience { clients = { label = { "vip", "ar" }, text = "Ann" } }
            some:message("hi")
            """)
        #expect(
            script.broadcasts.map(\.audience) == [
                .clients(labels: [], text: nil), .clients(labels: ["vip", "ar"], text: "Ann"),
            ])
        #expect(script.handlers.isEmpty)
    }

    @Test func aFailingAudienceFunctionSaysSoInTheLedger() throws {
        let rehearsal = try Rehearsal(
            """
            local b = bot.broadcast("silent", { channel = "shop" })
            b:audience(function() coroutine.yield { id = "1" }; error("no list") end)
            b:message("hi")
            """)
        var event = rehearsal.event("broadcast:silent")
        event.raw = RawJSON(validated: Array(#"{"id":7,"key":"1"}"#.utf8))
        try rehearsal.happens(event)
        guard case .closeAudience(_, error: let error?, _)? = operations(rehearsal).last else {
            Issue.record("not closed")
            return
        }
        #expect(error.contains("bot.lua:2: no list"), "\(error)")
    }

    @Test func aClientOptsOutByAllThatItIsKnownBy() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", function(event, session)
              session.client:opt_out("promo")
              session.client:opted_out()
              session.client:opt_in()
            end)
            """)
        try rehearsal.happens(rehearsal.message("no more"))
        let operations = operations(rehearsal)
        guard operations.count == 3, case .optOut(addresses: let addresses, topic: "promo") = operations[0],
            case .isOptedOut(addresses: _, topic: "*") = operations[1],
            case .optIn(addresses: _, topic: "*") = operations[2]
        else {
            Issue.record("\(operations)")
            return
        }
        #expect(addresses == ["shop/id:5", "shop/session:118"])
    }

    @Test func templatesAreFilledInForHandlersToo() throws {
        let rehearsal = try Rehearsal(
            #"""
            bot.on("message.created", function(event, session)
              session:reply(bot.template("Hi {name|there}, {count:integer}", { count = 3 }))
            end)
            """#)
        try rehearsal.happens(rehearsal.message("go"))
        #expect(rehearsal.requests.first?.arguments.text.contains("Hi there, 3") == true)
    }
}
