import EventJSON
import Moonwire
import Testing

@testable import MoonwireScripts

struct JobTests {
    private func tick(_ details: String = #"{"name":"weekly","scheduled_at":1800000000,"late":12,"manual":false}"#)
        -> Event
    {
        Event(
            name: "job:weekly", native: "tick", key: "tick:weekly:1", id: "1", at: Instant(seconds: 1_800_000_000),
            channel: .host, platform: .host, role: .operator,
            session: Session(id: SessionID(channel: .host, id: "job:weekly"), status: "open", owner: .bot),
            raw: RawJSON(validated: Array(details.utf8)))
    }

    private func failure(_ source: String) -> String {
        let failure = #expect(throws: ScriptFailure.self) { try Rehearsal(source) }
        return failure?.message ?? ""
    }

    @Test func aJobReachesTheCoreAsItIsDeclared() throws {
        let rehearsal = try Rehearsal(
            """
            bot.job("weekly", { cron = "0 9 * * mon", tz = "Asia/Riyadh", misfire = "run_once", grace = "6h",
              overlap = "queue", jitter = "30s" }, function(tick) end)
            bot.job("often", { every = "15m" }, function(tick) end)
            """)
        let jobs = rehearsal.script.handlers.compactMap(\.job)
        #expect(jobs.map(\.name) == ["weekly", "often"] && jobs.map(\.location) == ["bot.lua:1", "bot.lua:3"])
        #expect(jobs[0].schedule.words == "every Monday at 09:00 Riyadh time")
        #expect(
            jobs[0].terms
                == JobTerms(misfire: .runOnce, grace: .seconds(21_600), overlap: .queue, jitter: .seconds(30)))
        #expect(jobs[1].schedule == .every(.seconds(900)) && jobs[1].terms == JobTerms())
        #expect(rehearsal.script.handlers.map(\.identity) == ["job:weekly", "job:often"])
    }

    @Test func theFunctionIsGivenTheTickAndItsStepsAreJournaled() throws {
        let rehearsal = try Rehearsal(
            """
            bot.job("weekly", { cron = "@weekly" }, function(tick)
              bot.store:set("last", { tick.name, tick.scheduled_at, tick.late, tick.manual })
              bot.sleep("1h")
              bot.log.info("sent " .. bot.store:get("last")[2])
            end)
            """)
        try rehearsal.happens(tick())
        #expect(rehearsal.kinds.first == "bot.store:set")
        #expect(rehearsal.requests.first?.arguments.text.contains(#"["weekly",1800000000"#) == true)
        try rehearsal.rebuilds()
        #expect(rehearsal.failure == nil)
    }

    @Test func aTickHasNoSessionAndNoOtherField() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on_error(function(err, event, session) bot.log.warn(tostring(session) .. err.message) end)
            bot.job("weekly", { every = "1d" }, function(tick) return tick.sheduled_at end)
            """)
        try rehearsal.happens(tick())
        let line = rehearsal.lines.all.first { $0.hasPrefix("warning: nil") } ?? ""
        #expect(
            line.contains("tick has no field 'sheduled_at'; did you mean 'scheduled_at'?"), "\(rehearsal.lines.all)")
    }

    @Test(arguments: [
        ("bot.job('x', {}, print)", "bot.job: option 'every' or 'cron' is missing"),
        (
            "bot.job('x', { every = '1m', cron = '@daily' }, print)",
            "bot.job: options 'every' and 'cron' exclude each other"
        ),
        ("bot.job('x', { every = '500ms' }, print)", "bot.job: option 'every' must be whole seconds, at least one"),
        (
            "bot.job('x', { every = '5m', jitter = '10m' }, print)",
            "bot.job: option 'jitter' must not be longer than the 5 minutes from one due time to the next"
        ),
        (
            "bot.job('x', { cron = '0 9,12 * * *', jitter = '4h' }, print)",
            "bot.job: option 'jitter' must not be longer than the 3 hours from one due time to the next"
        ),
        ("bot.job('x', { every = '5m', grace = '0s' }, print)", "bot.job: option 'grace' must be at least a second"),
        ("bot.job('x', { every = '1m', tz = 'UTC' }, print)", "bot.job: option 'tz' goes with 'cron'"),
        (
            "bot.job('x', { cron = '0 25 * * *' }, print)",
            "bot.job: option 'cron': hour: 25 is not a number from 0 to 23"
        ),
        (
            "bot.job('x', { cron = '@daily', tz = 'Riyadh' }, print)",
            "bot.job: option 'tz': there is no time zone 'Riyadh'; did you mean 'Asia/Riyadh'?"
        ),
        ("bot.job('x', { cron = '@daily', misfire = 'ctach_up' }, print)", "did you mean 'catch_up'?"),
        (
            "bot.job('a b', { cron = '@daily' }, print)",
            "bot.job: 'name' must have 1 to 100 bytes, no spaces and no colons"
        ),
        (
            "bot.job('x', { every = '1m' }, print) bot.job('x', { every = '2m' }, print)",
            "the name 'job:x' is taken by the handler at bot.lua:1"
        ),
    ])
    func aJobThatMakesNoSenseIsRefusedAtItsLine(source: String, sentence: String) {
        let message = failure(source)
        #expect(message.hasPrefix("bot.lua:1: ") && message.contains(sentence), "\(message)")
    }

    private func hours(_ spec: String, _ body: String, at seconds: Double) throws -> [String] {
        let rehearsal = try Rehearsal(
            """
            local support = bot.hours("support", \(spec))
            bot.job("weekly", { every = "1d" }, function(tick) \(body) end)
            """)
        rehearsal.now = Instant(seconds: seconds)
        try rehearsal.happens(tick())
        #expect(rehearsal.failure == nil, "\(rehearsal.failure?.message ?? "")")
        return rehearsal.lines.all
    }

    /// 2026-11-22 is a Sunday; 06:00Z is 09:00 in Riyadh.
    @Test(arguments: [
        (1_795_327_200.0, "true 1795327200"), (1_795_341_600, "false 1795352400"), (1_795_323_600, "false 1795327200"),
        // Friday 2026-11-27, 23:00Z: two o'clock on Saturday, within the hours that began on Friday evening.
        (1_795_820_400, "true 1795820400"), (1_795_827_600, "false 1795932000"),
    ])
    func hoursAreOpenAsTheyAreWritten(at: Double, expected: String) throws {
        let spec = """
            { tz = "Asia/Riyadh", days = { ["sun-thu"] = "09:00-13:00, 16:00-22:00", fri = "22:00-03:00" },
              holidays = { "12-25", ["2026-11-30"] = nil } }
            """
        let lines = try hours(
            spec, "bot.log.info(tostring(support:open()) .. ' ' .. string.format('%d', support:next_open()))", at: at)
        #expect(lines.first?.hasPrefix("info: \(expected) ") == true, "\(lines)")
    }

    @Test func holidaysAreClosedOrHaveHoursOfTheirOwn() throws {
        let spec = """
            { days = { ["mon-sun"] = "09:00-17:00" },
              holidays = { ["2026-12-24"] = "09:00-12:00", ["12-25"] = false, ["12-26"] = false } }
            """
        // 2026-12-24T12:00Z; the next day on is 2026-12-27.
        let lines = try hours(
            spec,
            """
            local at = 1798113600
            bot.log.info(tostring(support:open(at - 1)) .. tostring(support:open(at)) .. string.format(' %d', support:next_open(at)))
            """, at: 1_700_000_000)
        #expect(lines.first?.hasPrefix("info: truefalse 1798362000 ") == true, "\(lines)")
    }

    @Test(arguments: [
        ("{ days = { mno = '09:00-17:00' } }", "did you mean 'mon'?"),
        ("{ days = { mon = '9-17' } }", "'9-17' is no span of hours; write 09:00-17:00"),
        ("{ days = { mon = '09:00-09:00' } }", "'09:00-09:00' is empty; write 00:00-24:00 for a whole day"),
        ("{ days = { mon = '09:00-17:00', ['mon-fri'] = '09:00-17:00' } }", "Monday has hours already"),
        ("{ days = { mon = false } }", "these hours are never open"),
        (
            "{ days = { mon = '09:00-17:00' }, holidays = { '25.12.' } }",
            "'25.12.' is no date; write 2026-12-25, or 12-25"
        ),
        ("{ days = { mon = '09:00-17:00' }, tz = 'Mars' }", "there is no time zone 'Mars'"),
    ])
    func hoursThatMakeNoSenseAreRefusedAtTheirLine(spec: String, sentence: String) {
        let message = failure("bot.hours('support', \(spec))")
        #expect(message.hasPrefix("bot.lua:1: bot.hours: ") && message.contains(sentence), "\(message)")
    }
}
