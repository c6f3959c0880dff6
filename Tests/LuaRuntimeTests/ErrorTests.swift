import LuaRuntime
import Testing

struct ErrorTests {
    @Test func aTracebackNamesFilesLinesAndHostFunctions() throws {
        let state = try LuaState()
        state.setGlobal("fetch", state.makeFunction("fetch") { _ in throw LuaRaise.message("no network") })
        let error = try failure(
            of: "local function get()\n  fetch()\nend\nlocal function main()\n  get()\nend\nmain()", in: state)
        #expect(error.code == .runtime)
        #expect(error.description == "test.lua:2: no network")
        #expect(
            error.traceback == """
                stack traceback:
                \t[host]: in global 'fetch'
                \ttest.lua:2: in upvalue 'get'
                \ttest.lua:5: in local 'main'
                \ttest.lua:7: in main chunk
                """)
    }

    @Test func theTracebackIsThatOfTheCoroutineThatDied() throws {
        let harness = try ScriptHarness()
        let run = try harness.run(
            "local function inner()\n  local t = nil\n  return t.x\nend\nlocal co = coroutine.wrap(function() inner() end)\n\nco()"
        )
        let error = run.start().error
        #expect(error?.description == "test.lua:3: attempt to index a nil value (local 't')")
        #expect(error?.traceback.contains("test.lua:3: in upvalue 'inner'") == true)
        #expect(error?.traceback.contains("resumed from stack traceback:") == true)
        #expect(error?.traceback.contains("test.lua:7: in main chunk") == true)
    }

    @Test func aCaughtErrorLeavesNoTrace() throws {
        let harness = try ScriptHarness()
        let error = try harness.run("pcall(coroutine.wrap(function() error('caught') end))\nerror('later')").start()
            .error
        #expect(error?.description == "test.lua:2: later")
        #expect(error?.traceback.contains("resumed from") == false)
    }

    @Test func longFileNamesAreKeptWhole() throws {
        let file = "scripts/" + String(repeating: "long/", count: 30) + "name.lua"
        #expect(try failure(of: "\nlocal x = nil + 1", file: file).position == file + ":2")
        #expect(try failure(of: "error('x')", file: file).position == file + ":1")
    }

    @Test func anythingCanBeRaised() throws {
        #expect(try failure(of: "error('plain', 0)").message == "plain")
        #expect(try failure(of: "error({ code = 'x', message = 'hey', retryable = true })").message == "hey")
        #expect(try failure(of: "error({ code = 'x', message = 'hey', retryable = true })").retryable)
        #expect(try failure(of: "error()").message == "nil")
        #expect(try failure(of: "error(print)").message == "a function was raised as an error")
        #expect(try failure(of: "error({})").message == "an error object without a message")
    }

    @Test func swiftErrorsBecomeLuaErrors() throws {
        let state = try LuaState()
        state.setGlobal("f", state.makeFunction("f") { _ in throw Unexpected("odd") })
        state.setGlobal("g", state.makeFunction("g") { _ in throw LuaErrorObject(code: "unknown", message: "lost") })
        #expect(try evaluate("return select(2, pcall(f))", in: state) == ["test.lua:1: odd"])
        #expect(try evaluate("local ok, e = pcall(g) return e.code, e.retryable", in: state) == ["unknown", false])
        #expect(try failure(of: "f()", in: state).shortDescription == "lua.runtime")
    }

    @Test func hostFunctionsThatRaiseManyTimesLeakNothing() throws {
        let state = try LuaState()
        final class Token {}
        weak var last: Token?
        state.setGlobal(
            "f",
            state.makeFunction("f") { _ in
                let token = Token()
                last = token
                return try withExtendedLifetime(token) { throw LuaRaise.message("again") }
            })
        try evaluate("for i = 1, 1000 do pcall(f) end", in: state)
        #expect(last == nil)
    }
}
