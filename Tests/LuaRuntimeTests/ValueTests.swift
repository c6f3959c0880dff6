import LuaRuntime
import Testing

struct ValueTests {
    @Test func everyKindOfValueCrossesBothWays() throws {
        let state = try LuaState()
        let identity = try state.load("return ...", file: "identity.lua")
        let values: [LuaValue] = [
            .nil, true, false, 42, .integer(.min), 1.5, .number(.infinity), "text",
            .string(LuaString(bytes: [0, 255, 10])),
            [1, [2, .nil, "three"]], ["a": 1, "b": ["c": true]], [],
        ]
        #expect(try identity.call(values.map { .value($0) }) == values)
    }

    @Test func integersAndFloatsStayApart() throws {
        #expect(
            try evaluate("return 1, 1.0, 2^53, 10 // 3, 3 / 1") == [1, 1.0, .number(9_007_199_254_740_992), 3, 3.0])
    }

    @Test func tablesComeInTheFixedOrder() throws {
        let values = try evaluate("return { b = 1, a = 2, [10] = 3, [2.5] = 4, [true] = 5, [1] = 6 }")
        let keys = values.first?.table?.entries.map(\.key)
        #expect(keys == [1, 2.5, 10, "a", "b", true])
    }

    @Test func anOversizedValueIsRefused() throws {
        let state = try LuaState()
        state.setGlobal(
            "take",
            state.makeFunction("take") { call in
                _ = try call.value(at: 1, limits: LuaLimits(depth: 3, elements: 5, bytes: 10))
                return .nothing
            })
        #expect(try failure(of: "take({{{{1}}}})", in: state).message.contains("nested deeper than 3"))
        #expect(try failure(of: "take({1,2,3,4,5,6})", in: state).message.contains("more than 5 elements"))
        #expect(try failure(of: "take(('x'):rep(11))", in: state).message.contains("more than 10 bytes"))
        #expect(try failure(of: "local t = {} t.t = t take(t)", in: state).message.contains("nested deeper"))
    }

    @Test func functionsAreOpaqueButCanBeKept() throws {
        let state = try LuaState()
        var kept: LuaFunction?
        var field: LuaFunction?
        state.setGlobal(
            "keep",
            state.makeFunction("keep") { call in
                kept = call.function(at: 1)
                field = call.function(at: 2, field: "check")
                let options = try call.value(at: 2)
                #expect(options.table?["check"] == .opaque("function"))
                return .nothing
            })
        try evaluate("keep(function(x) return x + 1 end,\n{ check = function(x) return x .. '!' end })", in: state)
        #expect(try kept?.call([41]) == [42])
        #expect(try field?.call(["a"]) == ["a!"])
        #expect(kept?.file == "test.lua")
        #expect(field?.line == 2)
    }

    @Test func argumentsAreReadByKindAndCheckedWithClearErrors() throws {
        let state = try LuaState()
        state.setGlobal(
            "f",
            state.makeFunction("f") { call in
                #expect(call.count == 2)
                #expect(call.kind(at: 3) == .none)
                #expect(call.kind(at: 0) == .none)
                #expect(call.kind(at: -1) == .none)
                _ = try call.checkInteger(at: 1)
                _ = try call.checkString(at: 2)
                return .nothing
            })
        #expect(try failure(of: "f(1, {})", in: state).message == "bad argument #2 to 'f' (string expected, got table)")
        #expect(
            try failure(of: "f(1.5, '')", in: state).message
                == "bad argument #1 to 'f' (number has no integer representation)")
        #expect(try failure(of: "f(1, '\\xff')", in: state).message.contains("text in UTF-8 expected"))
        #expect(try evaluate("f(2.0, 'x')", in: state).isEmpty)
    }

    @Test func aCallKnowsItsFileAndLine() throws {
        let state = try LuaState()
        state.setGlobal("here", state.makeFunction("here") { call in .value(.text(call.location ?? "?")) })
        #expect(try evaluate("\n\nreturn (here())", in: state, file: "a/b.lua") == ["a/b.lua:3"])
    }

    @Test func aStateThatIsClosedWhileItRunsEndsAfterwards() throws {
        let state = try LuaState()
        state.setGlobal(
            "close",
            state.makeFunction("close") { [unowned state] _ in
                state.close()
                return .nothing
            })
        let function = try state.load("close() return 1", file: "t.lua")
        let coroutine = try state.makeCoroutine(function)
        #expect(coroutine.start().error?.code == .closed)
        #expect(throws: LuaError.self) { try function.call() }

        let other = try LuaState()
        other.setGlobal(
            "close",
            other.makeFunction("close") { [unowned other] _ in
                other.close()
                return .nothing
            })
        let error = #expect(throws: LuaError.self) { try evaluate("close() return 1", in: other) }
        #expect(error?.code == .closed)
    }

    @Test func aClosedStateFailsPolitely() throws {
        let state = try LuaState()
        let function = try state.load("return 1", file: "t.lua")
        let coroutine = try state.makeCoroutine(function)
        state.close()
        #expect(throws: LuaError.self) { try function.call() }
        #expect(coroutine.start().error?.code == .closed)
        #expect(throws: LuaError.self) { try state.load("return 1", file: "t.lua") }
    }
}
