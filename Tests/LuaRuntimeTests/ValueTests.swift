import LuaRuntime
import Testing

/// Runs `source` in a fresh state and gives what it returns.
func evaluate(_ source: String, in state: LuaState? = nil, file: String = "test.lua") throws -> [LuaValue] {
    let state = try state ?? LuaState()
    return try state.load(source, file: file).call()
}

struct ValueTests {
    @Test func everyKindOfValueCrossesBothWays() throws {
        let state = try LuaState()
        let identity = try state.load("return ...", file: "identity.lua")
        let values: [LuaValue] = [
            .nil, true, false, 42, .integer(.min), 1.5, .number(.infinity), "text", .string(LuaString(bytes: [0, 255, 10])),
            [1, [2, .nil, "three"]], ["a": 1, "b": ["c": true]],
        ]
        #expect(try identity.call(values.map { .value($0) }) == values)
    }

    @Test func hostFunctionsAreCalledAndReturn() throws {
        let state = try LuaState()
        state.setGlobal("add", state.makeFunction("add") { call in
            .value(.value(.integer(try call.checkInteger(at: 1) + call.checkInteger(at: 2))))
        })
        #expect(try evaluate("return add(1, 2)", in: state) == [3])
    }

    @Test func aCoroutineSuspendsAndResumes() throws {
        let state = try LuaState()
        state.setGlobal("ask", state.makeFunction("ask", suspends: true) { call in .suspend(try call.checkString(at: 1)) })
        let run = try state.makeCoroutine(state.load("local a = ask('one'); return a .. ask('two')", file: "t.lua"))
        guard case .suspended(let first) = run.start() else { Issue.record("not suspended"); return }
        #expect(first as? String == "one")
        guard case .suspended(let second) = run.resume(with: ["x"]) else { Issue.record("not suspended"); return }
        #expect(second as? String == "two")
        guard case .finished(let values) = run.resume(with: ["y"]) else { Issue.record("not finished"); return }
        #expect(values == ["xy"])
    }
}
