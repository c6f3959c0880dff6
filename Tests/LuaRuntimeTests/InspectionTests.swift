import Testing

@testable import LuaRuntime

struct InspectionTests {
    private func shown(_ variables: [LuaFrame.Variable]) -> [String] {
        variables.map { "\($0.name)=\($0.value)" }
    }

    /// The locals of a run that waits right after `source`.
    private func locals(_ source: String, in harness: ScriptHarness) throws -> [String] {
        let run = try harness.run(source + "\nlocal answer = wait('q')\nreturn answer")
        _ = run.start()
        return shown(run.locals())
    }

    @Test func framesOfAWaitingRunCanBeSeen() throws {
        let harness = try ScriptHarness()
        let run = try harness.run(
            """
            local kept = "outside"
            local function ask(prompt)
                local tries, seen = 3, { 1 }
                local answer = wait(prompt, kept)
                return answer
            end
            local name = "moon"
            local answer = ask("who?")
            """)
        _ = run.start()
        let frames = run.frames()
        #expect(frames.map(\.line) == [4, 8])
        #expect(frames.first?.function == "ask")
        #expect(shown(run.locals()) == [#"prompt="who?""#, "tries=3", "seen={ 1 }"])
        #expect(frames.first.map { shown($0.upvalues) } == [#"kept="outside""#])
        #expect(
            frames.last.map { shown($0.locals) } == [#"kept="outside""#, "ask=function test.lua:2", #"name="moon""#])
    }

    @Test func framesOfTheScriptsOwnCoroutinesComeFirst() throws {
        let harness = try ScriptHarness()
        let run = try harness.run(
            """
            local function inner(word)
                local answer = wait(word)
                return answer
            end
            local outer = "o"
            local result = coroutine.wrap(function()
                local middle = "m"
                local got = select(2, coroutine.resume(coroutine.create(inner), "deep"))
                return got
            end)()
            return result
            """)
        _ = run.start()
        let frames = run.frames()
        #expect(frames.map(\.line) == [2, 8, 6])
        #expect(frames.first.map { shown($0.locals) } == [#"word="deep""#])
        #expect(frames.dropFirst().first.map { shown($0.locals) } == [#"middle="m""#])
        guard case .finished(let values) = run.resume(with: ["back"]) else {
            Issue.record("looking at a run must not change it")
            return
        }
        #expect(values == ["back"])
    }

    @Test func valuesAreShort() throws {
        let harness = try ScriptHarness()
        let found = try locals(
            #"""
            local text = ("x"):rep(70) .. "\n"
            local marks = 'a"b\n'
            local arabic = ("س"):rep(61)
            local list = { 1, 2.5, true, "s" }
            local long = { 1, 2, 3, 4, 5, 6, 7, 8, 9 }
            local map = { b = 1, a = { c = { d = { 1 } } }, ["not a name"] = 0, [7] = 1 }
            local mixed = { [print] = 1 }
            local empty, none = {}, nil
            """#, in: harness)
        let xs = String(repeating: "x", count: 60)
        let seen = String(repeating: "س", count: 60)
        #expect(
            found == [
                #"text="\#(xs)…""#, #"marks="a\"b\n""#, #"arabic="\#(seen)…""#, #"list={ 1, 2.5, true, "s" }"#,
                "long={ 1, 2, 3, 4, 5, 6, 7, 8, … }",
                #"map={ [7] = 1, a = { c = { d = {…} } }, b = 1, ["not a name"] = 0 }"#, "mixed={…}", "empty={}",
                "none=nil",
            ])
    }

    @Test func aTableThatHoldsItselfHasAnEnd() throws {
        let harness = try ScriptHarness()
        let found = try locals("local loop = {}; loop.me = loop", in: harness)
        #expect(found == ["loop={ me = { me = { me = {…} } } }"])
    }

    @Test func noMetamethodRuns() throws {
        let harness = try ScriptHarness()
        let found = try locals(
            """
            local function refuse() error("a metamethod ran") end
            local guarded = setmetatable({ x = 1 }, { __index = refuse, __pairs = refuse, __len = refuse,
                __tostring = refuse, __name = "n" })
            """, in: harness)
        #expect(found.last == "guarded={ x = 1 }")
    }

    @Test func objectsShowTheirFirstFieldsOrTheirLabel() throws {
        let harness = try ScriptHarness()
        let state = harness.state
        let person = try state.makeClass(LuaObjectClass(name: "person", fields: ["id", "tags", "name", "age"]))
        let secret = try state.makeClass(LuaObjectClass(name: "secret", fields: ["value"]))
        let fields = Array(#"{"name":"Aisha","id":"5","age":30,"tags":["a"]}"#.utf8)
        state.setGlobal("who", .new(person, LuaObjectContent(fields: fields)))
        state.setGlobal(
            "key", .new(secret, LuaObjectContent(label: "***", fields: Array(#"{"value":"s3cret"}"#.utf8))))
        let found = try locals("local one, two, in_table = who, key, { key }", in: harness)
        #expect(
            found == [
                #"one=person { id = "5", name = "Aisha", age = 30 }"#, "two=secret ***", "in_table={ secret *** }",
            ])
    }

    @Test func aRunThatDoesNotWaitHasNoFrames() throws {
        let harness = try ScriptHarness()
        let run = try harness.run("return 1")
        #expect(run.frames().isEmpty)
        _ = run.start()
        #expect(run.frames().isEmpty)
    }
}
