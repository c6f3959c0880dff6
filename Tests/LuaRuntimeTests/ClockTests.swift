import LuaRuntime
import Testing

struct ClockTests {
    /// Central European time of 2026: summer from 29 March, 01:00 UTC, to 25 October, 01:00 UTC.
    private var berlin: LuaConfiguration {
        var configuration = LuaConfiguration()
        configuration.timeZone = { instant in
            let isSummer = instant >= 1_774_746_000 && instant < 1_792_890_000
            return LuaTimeZone(
                secondsEast: isSummer ? 7200 : 3600, isDaylightSaving: isSummer, abbreviation: isSummer ? "CEST" : "CET"
            )
        }
        return configuration
    }

    private func evaluate(_ source: String, now: Int64 = 0) throws -> [LuaValue]? {
        let state = try LuaState(berlin)
        return try state.makeCoroutine(state.load(source, file: "t.lua"), now: now).start().values
    }

    @Test func timeStandsStillUntilTheHostMovesIt() throws {
        let harness = try ScriptHarness(berlin)
        let run = try harness.run(
            "local a = os.time() wait('x') return a, os.time(), os.difftime(os.time(), a)", now: 1_000)
        _ = run.start()
        run.now = 1_600
        #expect(run.resume().values == [1_000, 1_600, 600.0])
    }

    @Test func datesUseTheHostsZone() throws {
        let format = "%Y-%m-%d %H:%M:%S %z %Z"
        #expect(
            try evaluate("return os.date('\(format)'), os.date('!\(format)')", now: 1_781_000_000)
                == ["2026-06-09 12:13:20 +0200 CEST", "2026-06-09 10:13:20 +0000 UTC"])
        #expect(
            try evaluate("return os.date('!%c|%x|%X|%p|%I|%j|%a %A %b %B|%V %G|%u %w|%U %W|%y|%e|%%', 1)")
                == [
                    "Thu Jan  1 00:00:01 1970|01/01/70|00:00:01|AM|12|001|Thu Thursday Jan January|01 1970|4 4|00 00|70| 1|%"
                ])
        #expect(
            try evaluate("local t = os.date('*t', 1781000000) return t.hour, t.isdst, t.wday, t.yday") == [
                12, true, 3, 160,
            ])
        #expect(
            try evaluate("return (select(2, pcall(os.date, '%Q')))")?.first?.text?.contains("unknown conversion '%Q'")
                == true)
    }

    @Test func timesOfDayAreFoundInBothHalvesOfTheYear() throws {
        let source = """
            local function at(y, m, d, h) return os.time({ year = y, month = m, day = d, hour = h, min = 30 }) end
            return at(2026, 1, 15, 12), at(2026, 7, 15, 12), at(2026, 3, 29, 2), at(2026, 10, 25, 2), at(2026, 13, 1, 0)
            """
        // A time in the gap of spring lies after it; one that happens twice is the first.
        #expect(try evaluate(source) == [1_768_476_600, 1_784_111_400, 1_774_747_800, 1_792_888_200, 1_798_759_800])
        #expect(
            try evaluate("local t = { year = 2024, month = 2, day = 30 } os.time(t) return t.month, t.day") == [3, 1])
        #expect(try evaluate("return (pcall(os.time, { year = 2024 }))") == [false])
    }

    @Test func randomNumbersFollowTheRun() throws {
        let state = try LuaState()
        let function = try state.load(
            "local t = {} for i = 1, 5 do t[i] = math.random(1000) end return t", file: "t.lua")
        func draw(_ seed: UInt64) throws -> [LuaValue]? { try state.makeCoroutine(function, seed: seed).start().values }
        #expect(try draw(1) == draw(1))
        #expect(try draw(1) != draw(2))
        let seeded = try state.load("math.randomseed(42) return math.random(1000), math.random(1000)", file: "t.lua")
        #expect(
            try state.makeCoroutine(seeded, seed: 1).start().values
                == state.makeCoroutine(seeded, seed: 2).start().values)
    }

    @Test func randomNumbersStayWithinTheirBounds() throws {
        let source = """
            for i = 1, 2000 do
                local a, b, c = math.random(), math.random(3), math.random(-2, 2)
                assert(a >= 0 and a < 1 and b >= 1 and b <= 3 and c >= -2 and c <= 2)
                assert(math.type(math.random(0)) == "integer" and math.type(math.random(math.mininteger, math.maxinteger)) == "integer")
            end
            return (pcall(math.random, 2, 1)), (pcall(math.random, 0.5))
            """
        #expect(try evaluate(source) == [false, false])
    }
}
