import LuaRuntime
import Testing

struct AsyncTests {
    @Test func aRunAwaitsSwift() async throws {
        let state = try LuaState()
        state.setGlobal(
            "double",
            state.makeAsyncFunction("double") { arguments in
                await Task.yield()
                return [.integer((arguments.first?.integer ?? 0) * 2)]
            })
        let function = try state.load(
            "local sum = 0 for i = 1, 10 do sum = sum + double(i) end return sum", file: "t.lua")
        #expect(try await state.makeCoroutine(function).run() == [110])
    }

    @Test func whatSwiftThrowsIsRaised() async throws {
        let state = try LuaState()
        state.setGlobal(
            "fail",
            state.makeAsyncFunction("fail") { _ in
                throw LuaErrorObject(code: "offline", message: "no line")
            })
        let caught = try state.load("local ok, e = pcall(fail) return ok, e.code", file: "t.lua")
        #expect(try await state.makeCoroutine(caught).run() == [false, "offline"])
        let uncaught = try state.makeCoroutine(state.load("fail()", file: "t.lua"))
        let error = await #expect(throws: LuaError.self) { try await uncaught.run() }
        #expect(error?.message == "no line")
    }

    @Test func otherRequestsGoToTheAnswer() async throws {
        let harness = try ScriptHarness()
        let run = try harness.run("return wait('a') .. wait('b')")
        #expect(try await run.run { request in [.text((request as? String ?? "") + "1")] } == ["a1b1"])
    }
}
