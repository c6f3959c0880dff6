import LuaRuntime
import Testing

struct JSONTests {
    private let state: LuaState

    init() throws {
        let state = try LuaState()
        self.state = state
        state.setGlobal(
            "encode",
            state.makeFunction("encode") { call in
                .value(.value(.string(LuaString(bytes: try call.json(at: 1)))))
            })
        state.setGlobal(
            "decode",
            state.makeFunction("decode") { call in
                let bytes = call.bytes(at: 1) ?? []
                try call.checkJSON(bytes)
                return .value(.json(bytes))
            })
    }

    @Test(arguments: [
        #"{"a":1,"b":[1,2.5,"x",true,null],"c":{"d":{}}}"#, "[]", "{}", #"[[],{},[[]]]"#, "1.0", "-0.5",
        "9223372036854775807", #""\u0001\"\\\n\t""#, #""سلام 🌙""#, "1e+300", "0.1",
    ])
    func whatIsDecodedIsWrittenAgain(json: String) throws {
        #expect(try state.load("return encode(decode(...))", file: "t.lua").call([.text(json)]) == [.text(json)])
    }

    @Test func nullIsAbsentInObjectsAndASentinelInArrays() throws {
        let source = """
            local v = decode('{"a":null,"b":[null,1]}')
            return v.a, #v.b, tostring(v.b[1]), v.b[1] == nil, encode(v), (pcall(function() return v.b[1].x end))
            """
        #expect(try evaluate(source, in: state) == [.nil, 2, "null", false, #"{"b":[null,1]}"#, false])
    }

    @Test func keysAreWrittenInTheOrderOfPairs() throws {
        #expect(try evaluate("return encode({ z = 1, a = 2, m = { 3 } })", in: state) == [#"{"a":2,"m":[3],"z":1}"#])
    }

    @Test(arguments: [
        (
            "{ attrs = { items = { 1, 2, print } } }",
            "cannot write 'attrs.items[3]' as JSON: a function has no JSON form"
        ),
        ("{ a = 0/0 }", "cannot write 'a' as JSON: the number is not a number (nan)"),
        ("{ a = { 1/0 } }", "cannot write 'a[1]' as JSON: the number is infinite"),
        (#"{ a = "\xff" }"#, "cannot write 'a' as JSON: the string is not valid UTF-8"),
        (#""\xed\xa0\x80""#, "cannot write the value as JSON: the string is not valid UTF-8"),
        (
            "{ [1] = 1, [3] = 3 }",
            "cannot write the value as JSON: the table is neither a list without holes nor has it only text keys"
        ),
        ("{ x = { [true] = 1 } }", "cannot write 'x' as JSON: a key is not text"),
        (
            "(function() local t = {} t.t = { t } return t end)()",
            "cannot write 't[1]' as JSON: the table contains itself"
        ),
    ])
    func whatHasNoJSONFormIsNamedByItsPath(value: String, problem: String) throws {
        #expect(try failure(of: "return encode(\(value))", in: state).message == problem)
    }

    @Test func depthIsLimited() throws {
        let deep = "local t = {} local u = t for i = 1, 200 do u.x = {} u = u.x end return encode(t)"
        #expect(try failure(of: deep, in: state).message.hasSuffix("it is nested too deeply"))
        let brackets = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        #expect(throws: LuaError.self) { try state.checkJSON(Array(brackets.utf8)) }
    }

    @Test(arguments: ["", "{", "[1,]", "{'a':1}", "nul", "1 2", "\"\u{1}\"", "[01]", "NaN"])
    func badJSONIsRefused(json: String) throws {
        let error = #expect(throws: LuaError.self) { try state.checkJSON(Array(json.utf8)) }
        #expect(error?.code == .json)
    }

    @Test func sharedTablesAreNoCycle() throws {
        #expect(try evaluate("local s = { 1 } return encode({ s, s })", in: state) == ["[[1],[1]]"])
    }
}
