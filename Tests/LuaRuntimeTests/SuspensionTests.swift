import LuaRuntime
import Testing

struct SuspensionTests {
    @Test func aRunSuspendsAndGoesOnWithTheAnswer() throws {
        let harness = try ScriptHarness()
        let run = try harness.run("local a = wait('one'); return a .. wait('two')")
        #expect(run.start().request == "one")
        #expect(run.resume(with: ["x"]).request == "two")
        #expect(run.resume(with: ["y"]).values == ["xy"])
        #expect(run.resume(with: []).error != nil)
    }

    @Test func waitingWorksThroughEveryKindOfCall() throws {
        let source = """
            local out = {}
            local function note(x) out[#out + 1] = x end
            note(select(2, pcall(function() return wait("pcall") end)))
            note(select(2, xpcall(function() return wait("xpcall") end, print)))
            for x in function(_, last) if not last then return wait("iterator") end end do note(x) end
            note(setmetatable({}, { __index = function(_, k) return wait(k) end }).index)
            local wrapped = coroutine.wrap(function(a)
                local b = wait(a)
                local inner = coroutine.wrap(function() return wait("inner") end)
                coroutine.yield(b .. inner())
                return wait("last")
            end)
            note(wrapped("wrap")) note(wrapped())
            local co = coroutine.create(function() error(wait("resume"), 0) end)
            note(select(2, coroutine.resume(co)))
            do local x <close> = setmetatable({}, { __close = function() note(wait("close")) end }) end
            return table.concat(out, " ")
            """
        let expected = "pcall! xpcall! iterator! index! wrap!inner! last! resume! close!"
        #expect(try ScriptHarness().finish(source) == [.text(expected)])
    }

    @Test func aScriptsOwnYieldsStayItsOwn() throws {
        let source = """
            local log = {}
            local producer = coroutine.wrap(function()
                for i = 1, 3 do wait("w"); coroutine.yield(i) end
                return "end"
            end)
            repeat local v = producer() log[#log + 1] = tostring(v) until v == "end"
            return table.concat(log, " ")
            """
        #expect(try ScriptHarness().finish(source) == ["1 2 3 end"])
        let harness = try ScriptHarness()
        let run = try harness.run("coroutine.yield(1)")
        #expect(run.start().error?.message == "attempt to yield from outside a coroutine")
    }

    @Test(arguments: [
        ("table.sort({ 3, 1, 2 }, function(a, b) wait('x') return a < b end)", "the comparison of table.sort"),
        ("('abc'):gsub('%w', function() wait('x') end)", "the replacement of string.gsub"),
        ("tostring(setmetatable({}, { __tostring = function() return wait('x') end }))", "__tostring"),
        (
            "table.sort({ 2, 1 }, function(a, b) return coroutine.wrap(function() wait('x') return a < b end)() end)",
            "a callback of a library function"
        ),
        (
            "local c = coroutine.create(function() local x <close> = setmetatable({}, { __close = function() wait('x') end }) "
                + "coroutine.yield() end) coroutine.resume(c) local ok, e = coroutine.close(c) error(e, 0)",
            "a callback of a library function"
        ),
    ])
    func waitingWhereItCannotIsRefusedBeforeTheHostIsAsked(source: String, place: String) throws {
        let harness = try ScriptHarness()
        let error = try harness.run(source).start().error
        #expect(error?.message == "'wait' cannot wait inside \(place)")
    }

    @Test func plainCallsCannotWaitAndSayWhichCallItIs() throws {
        let harness = try ScriptHarness()
        let function = try harness.state.load("wait('x')", file: "test.lua")
        let error = #expect(throws: LuaError.self) { try function.call(purpose: "the filter 'where'") }
        #expect(error?.message == "'wait' cannot wait inside the filter 'where'")
    }

    @Test func theHostRaisesIntoAWaitingRun() throws {
        let harness = try ScriptHarness()
        let source = """
            local ok, e = pcall(function() return coroutine.wrap(function() return wait("x") end)() end)
            return ok, e.code, e.message, e.retryable, e.status, e.where, tostring(e)
            """
        let run = try harness.run(source)
        #expect(run.start().request == "x")
        let step = run.resume(raising: LuaErrorObject(code: "closed", message: "gone", retryable: true, status: 404))
        #expect(step.values == [false, "closed", "gone", true, 404, "test.lua:1", "gone"])

        let second = try harness.run("\nwait('x')")
        _ = second.start()
        let error = second.resume(raising: LuaErrorObject(code: "loop", message: "too many", retryable: true)).error
        #expect(error?.message == "too many")
        #expect(error?.value.table?["code"] == "loop")
        #expect(error?.retryable == true)
        #expect(error?.position == "test.lua:2")
    }

    @Test(arguments: [
        "kill()", "pcall(kill)", "pcall(pcall, kill)", "xpcall(kill, print)", "coroutine.wrap(kill)()",
        "pcall(coroutine.wrap(function() pcall(kill) end))", "coroutine.resume(coroutine.create(kill))",
        "local x <close> = setmetatable({}, { __close = function() while true do end end }) pcall(kill)",
    ])
    func nothingInLuaCatchesTheEndOfARun(source: String) throws {
        let harness = try ScriptHarness()
        let run = try harness.run(source + " wait('still here')")
        let error = run.start().error
        #expect(error?.code == .killed)
        #expect((error?.underlying as? Unexpected)?.description == "killed")
        #expect(error?.traceback.hasPrefix("stack traceback:") == true)
        #expect(try harness.finish("return 1") == [1])
    }

    @Test func aWaitingRunCanBeEnded() throws {
        let harness = try ScriptHarness()
        let run = try harness.run("pcall(function()\n pcall(wait, 'x') end) wait('still here')")
        #expect(run.start().request == "x")
        let error = run.resume(killing: Unexpected("cancelled")).error
        #expect(error?.code == .killed)
        #expect((error?.underlying as? Unexpected)?.description == "cancelled")
        #expect(error?.traceback.contains("test.lua:2") == true)
    }

    @Test func aDroppedRunClosesNothing() throws {
        let log = LineLog()
        var configuration = LuaConfiguration()
        configuration.log = { log.append($0) }
        let harness = try ScriptHarness(configuration)
        var run: LuaCoroutine? = try harness.run(
            "local x <close> = setmetatable({}, { __close = function() print('closed') end }) wait('x')")
        #expect(run?.start().request == "x")
        run = nil
        harness.state.collectGarbage()
        #expect(log.lines.isEmpty)
    }

    @Test func aFailedRunClosesItsVariablesAndKeepsItsTraceback() throws {
        let log = LineLog()
        var configuration = LuaConfiguration()
        configuration.log = { log.append($0) }
        let harness = try ScriptHarness(configuration)
        let run = try harness.run(
            "local x <close> = setmetatable({}, { __close = function() print(wait('closing')) end })\nerror('first')")
        #expect(run.start().request == "closing")
        // Another run fails meanwhile.
        #expect(try harness.run("\n\n\nerror('second')").start().error?.position == "test.lua:4")
        let error = run.resume(with: ["closed"]).error
        #expect(error?.description == "test.lua:2: first")
        #expect(error?.traceback.contains("test.lua:2: in") == true)
        #expect(log.lines == ["closed"])
    }

    @Test func aCoroutineThatWaitsBelongsToItsRun() throws {
        let harness = try ScriptHarness()
        let shared = try harness.state.load(
            """
            local shared
            return function() shared = coroutine.create(function() return wait("a") end) return coroutine.resume(shared) end,
                function() return coroutine.resume(shared) end
            """, file: "shared.lua")
        var functions: [LuaFunction] = []
        harness.state.setGlobal(
            "keep",
            harness.state.makeFunction("keep") { call in
                functions = [try call.checkFunction(at: 1), try call.checkFunction(at: 2)]
                return .nothing
            })
        harness.state.setGlobal("shared", .function(shared))
        try evaluate("keep(shared())", in: harness.state)
        let first = try harness.state.makeCoroutine(functions[0])
        #expect(first.start().request == "a")
        let second = try harness.state.makeCoroutine(functions[1])
        #expect(second.start().error?.message == "cannot resume a coroutine that waits for its host")
        #expect(first.resume(with: ["b"]).values == [true, "b"])
        functions = []
        harness.state.close()
    }

    @Test func functionsCanBePassedBackIntoLua() throws {
        let state = try LuaState()
        let next = state.makeFunction("next_handler") { call in .value(.integer(try call.checkInteger(at: 1) * 2)) }
        let middleware = try state.load("local n, next = ... return next(n) + 1", file: "m.lua")
        #expect(try middleware.call([20, .function(next)]) == [41])
    }
}

extension LuaArgument {
    fileprivate static func integer(_ value: Int64) -> LuaArgument { .value(.integer(value)) }
}
