import LuaRuntime
import Testing

struct ObjectTests {
    private let state: LuaState
    private let session: LuaClass

    init() throws {
        let state = try LuaState()
        self.state = state
        session = try state.makeClass(
            LuaObjectClass(
                name: "session", fields: ["id", "status", "owner", "client", "raw"],
                members: [
                    .method("reply", suspends: true) { call in
                        .suspend("\(call.handle):" + (try call.checkString(at: 1)))
                    },
                    .method("number") { call in .value(.value(.integer(call.handle))) },
                    .function("find") { call in .value(.value(.integer(try call.checkInteger(at: 1)))) },
                ]))
    }

    private func evaluate(_ source: String, _ content: LuaObjectContent) throws -> [LuaValue] {
        let object = try state.makeObject(session, content)
        return try state.load("local s = ... " + source, file: "test.lua").call([.object(object)])
    }

    private let content = LuaObjectContent(
        handle: 7, label: "session 118",
        fields: Array(#"{"status":"open","id":118,"owner":null,"labels":["a"]}"#.utf8))

    private func message(_ source: String) throws -> String? {
        #expect(throws: LuaError.self) { try evaluate(source, content) }?.description
    }

    @Test func fieldsAndMethodsAreRead() throws {
        #expect(
            try evaluate("return s.status, s.id, s.owner, s:number(), s.find(3), tostring(s)", content)
                == ["open", 118, .nil, 7, 3, "session 118"])
    }

    @Test func unknownFieldsNameTheNearestWord() throws {
        #expect(try message("return s.statsu") == "test.lua:1: session has no field 'statsu'; did you mean 'status'?")
        #expect(try message("s:replay('x')") == "test.lua:1: session has no field 'replay'; did you mean 'reply'?")
        #expect(try message("return s[1]") == "test.lua:1: session has no field '1'")
        #expect(try message("return s.zzzzzzzz") == "test.lua:1: session has no field 'zzzzzzzz'")
    }

    @Test func objectsAreReadOnly() throws {
        #expect(
            try message("s.status = 'closed'") == "test.lua:1: cannot assign to field 'status': a session is read-only")
        #expect(try message("rawset(s, 'status', 1)")?.contains("table expected") == true)
        #expect(try message("setmetatable(s, {})")?.contains("table expected") == true)
        #expect(try evaluate("return getmetatable(s)", content) == ["session"])
    }

    @Test func dotsAndColonsAreToldApart() throws {
        #expect(try message("s.reply('x')") == "test.lua:1: call 'reply' with a colon: session:reply(...)")
        #expect(try message("s.number()") == "test.lua:1: call 'number' with a colon: session:number(...)")
        #expect(try message("s:find(1)") == "test.lua:1: call 'find' with a dot: session.find(...)")
    }

    @Test func pairsVisitsFieldsInOrder() throws {
        let source = "local out = {} for k, v in pairs(s) do out[#out + 1] = k end return table.concat(out, ' ')"
        #expect(try evaluate(source, content) == ["id labels status"])
    }

    @Test func methodsWait() throws {
        let object = try state.makeObject(session, content)
        let run = try state.makeCoroutine(state.load("local s = ... return s:reply('hi')", file: "t.lua"))
        #expect(run.start([.object(object)]).request == "7:hi")
        #expect(
            run.resume(with: [.new(session, LuaObjectContent(handle: 9))]).values
                == [.object(LuaObjectReference(className: "session", handle: 9))])
    }

    @Test func theHostReplacesAndAddsFields() throws {
        let object = try state.makeObject(session, content)
        let client = try state.makeObject(session, LuaObjectContent(handle: 8, fields: Array(#"{"id":1}"#.utf8)))
        let read = try state.load("local s = ... return s.status, s.id, s.client and s.client.id", file: "t.lua")
        #expect(try read.call([.object(object)]) == ["open", 118, .nil])
        object.set("status", .value("pending"))
        object.set("client", .value(.object(client)))
        #expect(try read.call([.object(object)]) == ["pending", 118, 1])
        object.setFields(Array(#"{"status":"closed"}"#.utf8))
        #expect(try read.call([.object(object)]) == ["closed", .nil, .nil])
        #expect(object.field("status") == "closed")
        #expect(object.field("nothing") == .nil)
    }

    @Test func overridesLieOverFieldsThatAreNotDecodedYet() throws {
        var content = content
        content.overrides = [("status", .value("new")), ("raw", .json(Array(#"{"a":[1,2]}"#.utf8)))]
        #expect(try evaluate("return s.status, s.id, s.raw.a[2], s.raw == s.raw", content) == ["new", 118, 2, true])
        #expect(try evaluate("for k, v in pairs(s) do if k == 'raw' then return v.a[1] end end", content) == [1])
    }

    @Test func fieldsThatAreNotAnObjectReadAsNothing() throws {
        for bytes in ["", "[1]", "{", "1", "\"x\""] {
            #expect(try evaluate("return s.status", LuaObjectContent(fields: Array(bytes.utf8))) == [.nil])
        }
    }

    @Test func objectsAreEqualByHandle() throws {
        let (one, same) = (try state.makeObject(session, content), try state.makeObject(session, content))
        let (nobody, other) = (try state.makeObject(session), try state.makeObject(session))
        let compare = try state.load("local a, b = ... return a == b", file: "t.lua")
        #expect(try compare.call([.object(one), .object(same)]) == [true])
        #expect(try compare.call([.object(one), .object(nobody)]) == [false])
        #expect(try compare.call([.object(nobody), .object(other)]) == [false])
    }
}
