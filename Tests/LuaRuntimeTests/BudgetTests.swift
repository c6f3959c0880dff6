import LuaRuntime
import Testing

struct BudgetTests {
    /// Each of these runs far longer than its budget unless it is stopped.
    @Test(arguments: [
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "while true do xpcall(function() while true do end end, function() while true do end end) end",
        "local c = coroutine.wrap(function() while true do end end) while true do pcall(c) end",
        "while true do local c = coroutine.create(function() while true do end end) coroutine.resume(c) end",
        "local x <close> = setmetatable({}, { __close = function() while true do end end }) while true do end",
        "local f f = function() return f() end f()",
        "while true do local ok = pcall(error) end",
        "local s = ('x'):rep(2^23) while true do local t = s .. 'y' end",
        "local s = ('x'):rep(2^20) while true do s:upper() end",
        "while true do pcall(string.rep, 'x', 2^24) end",
        "table.insert(setmetatable({}, { __len = function() return 1 << 60 end }), 1, 1)",
        "table.remove(setmetatable({}, { __len = function() return 1 << 60 end, __index = rawlen, __newindex = rawlen }), 1)",
        "table.move({}, 1, 1e12, 2)",
        "table.concat(setmetatable({}, { __index = function() return '' end }), '', 1, 1 << 60)",
        "table.sort(setmetatable({}, { __len = function() return 1 << 30 end }), rawequal)",
        "local t = {} for i = 1, 1e5 do t[i] = i % 7 end while true do table.sort(t) end",
        "local t = {} for i = 1, 1e5 do t['k' .. i] = i end while true do for k in pairs(t) do break end end",
        "local t = {} for i = 1, 1e5 do t[i] = i end while true do local n = select('#', table.unpack(t)) end",
    ])
    func aScriptEndsAtItsCPUBudget(source: String) throws {
        let harness = try ScriptHarness(.small)
        let clock = ContinuousClock()
        let started = clock.now
        let error = try harness.run(source).start().error
        #expect(error?.code == .cpu)
        #expect(error?.position == "test.lua:1")
        #expect(clock.now - started < .seconds(5))
        // The state lives on.
        #expect(try harness.finish("return 1") == [1])
    }

    @Test(arguments: [
        "('a'):rep(600):find('.-.-.-b')",
        "('a'):rep(24):find(('a?'):rep(24) .. ('a'):rep(24) .. 'b')",
        "('a'):rep(3000):match('(.-)(.-)(.-)(.-)$x')",
        "for w in ('a'):rep(600):gmatch('.-.-.-b') do end",
        "('a'):rep(600):gsub('.-.-.-b', '')",
    ])
    func aHostilePatternEndsAtItsStepBudget(source: String) throws {
        let error = try failure(of: source)
        #expect(error.code == .runtime)
        #expect(error.message.contains("the pattern needs too many steps on this text"))
        #expect(error.message.hasPrefix("string."))
        #expect(error.position == "test.lua:1")
    }

    @Test func stringsHaveALimit() throws {
        #expect(try evaluate("return string.rep('', 2e9), #string.rep('ab', 3, ',')") == ["", 8])
        #expect(try failure(of: "string.rep('x', 1e9)").message.contains("string.rep: the result is longer than"))
        #expect(
            try failure(of: "string.rep('x', 1 << 62, 'yy')").message.contains("string.rep: the result is longer than"))
        let concat = "local t, s = {}, ('x'):rep(1 << 20) for i = 1, 40 do t[i] = s end return #table.concat(t)"
        #expect(try failure(of: concat).message.contains("table.concat: the result is longer than"))
    }

    @Test func memoryHasALimitAndTheErrorNamesTheScriptAndLine() throws {
        var configuration = LuaConfiguration()
        configuration.memoryLimit = 4 << 20
        configuration.cpuBudget = nil
        configuration.scriptName = "hungry"
        let harness = try ScriptHarness(configuration)
        let run = try harness.run("local t = {}\nwhile true do\n  t[#t + 1] = { #t } end")
        let error = run.start().error
        #expect(error?.code == .memory)
        #expect(error?.message == "hungry: not enough memory: the limit is 4096 KiB")
        #expect(error?.position == "test.lua:3")
        #expect(harness.state.memoryPeak <= 4 << 20)
        #expect(try harness.finish("return 1") == [1])
    }

    @Test func aFullStateNeverMakesAPayloadLookEmpty() throws {
        var configuration = LuaConfiguration()
        configuration.memoryLimit = 1 << 20
        configuration.cpuBudget = nil
        let state = try LuaState(configuration)
        let message = try state.makeClass(LuaObjectClass(name: "message", fields: ["text"]))
        let object = try state.makeObject(
            message, LuaObjectContent(handle: 1, fields: Array(#"{"text":"hello"}"#.utf8)))
        state.setGlobal("message", .object(object))
        let source = """
            local read = coroutine.create(function() return message.text end)
            local kept = {}
            pcall(function() while true do kept[#kept + 1] = {} end end)
            local _, text = coroutine.resume(read)
            return text
            """
        do {
            let text = try state.load(source, file: "full.lua").call().first?.text
            #expect(text == "hello" || text?.contains("not enough memory") == true)
        } catch {
            #expect(error.code == .memory)
        }
    }

    @Test func hostCodeMayOvershootAndTheScriptFailsAfterwards() throws {
        var configuration = LuaConfiguration()
        configuration.memoryLimit = 2 << 20
        configuration.cpuBudget = nil
        let state = try LuaState(configuration)
        state.setGlobal(
            "load_much",
            state.makeFunction("load_much") { _ in
                .value(.value(.array((0..<300_000).map { .integer($0) })))
            })
        #expect(try failure(of: "local t = load_much() return #t", in: state).code == .memory)
        #expect(try evaluate("local ok, e = pcall(load_much) return ok, 1", in: state) == [false, 1])
    }

    @Test func theHostCanRestartTheBudget() throws {
        let state = try LuaState(.small)
        let spin = "for i = 1, 30 do for j = 1, 3e5 do end %@ end return 1"
        state.setGlobal(
            "rest",
            state.makeFunction("rest") { call in
                call.restartBudget()
                return .nothing
            })
        #expect(try evaluate(spin.replacing("%@", with: "rest()"), in: state) == [1])
        #expect(try failure(of: spin.replacing("%@", with: ""), in: state).code == .cpu)
    }

    @Test func aNestedCallSharesTheBudgetAndEndsItsCaller() throws {
        let state = try LuaState(.small)
        state.setGlobal(
            "apply",
            state.makeFunction("apply") { call in
                // The host swallows the error, but the run is over all the same.
                _ = try? call.checkFunction(at: 1).call()
                return .nothing
            })
        let error = try failure(of: "apply(function() while true do end end) while true do end", in: state)
        #expect(error.code == .cpu)
    }

    @Test func deepRecursionIsAnError() throws {
        var configuration = LuaConfiguration()
        configuration.memoryLimit = 256 << 20
        configuration.cpuBudget = nil
        let error = try failure(of: "local function f() return 1 + f() end\nreturn f()", in: LuaState(configuration))
        #expect(error.message.contains("stack overflow"))
        #expect(error.traceback.contains("skipping"))
    }
}
