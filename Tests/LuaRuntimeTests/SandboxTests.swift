import LuaRuntime
import Testing

struct SandboxTests {
    @Test(arguments: ["io", "debug", "package", "dofile", "loadfile", "load", "loadstring", "collectgarbage", "warn"])
    func whatIsNotOnTheListIsUnknown(name: String) throws {
        #expect(try failure(of: "return \(name)").message.hasPrefix("unknown global '\(name)'"))
    }

    @Test(arguments: ["string.dump", "os.clock", "os.execute", "os.exit", "os.getenv", "os.remove", "table.getn"])
    func libraryFunctionsThatAreAbsentAreErrors(name: String) throws {
        #expect(try failure(of: "return \(name)").message.contains("has no function"))
    }

    @Test func unknownGlobalsNameTheNearestWord() throws {
        let state = try LuaState()
        state.setGlobal("session", 1)
        #expect(
            try failure(of: "return sesion", in: state).description
                == "test.lua:1: unknown global 'sesion'; did you mean 'session'?")
        #expect(
            try failure(of: "\npirnt('x')", in: state).description
                == "test.lua:2: unknown global 'pirnt'; did you mean 'print'?")
        #expect(
            try failure(of: "return string.uper", in: state).message
                == "'string' has no function 'uper'; did you mean 'upper'?")
    }

    @Test func globalsCannotBeAssigned() throws {
        #expect(try failure(of: "count = 1").message == "cannot assign to global 'count'; write 'local count'")
        #expect(
            try failure(of: "function greet() end").message
                == "cannot assign to global 'greet'; write 'local function greet'")
        #expect(try failure(of: "print = nil").message == "cannot replace the global 'print'")
        #expect(try failure(of: "_G.x = 1").message.contains("cannot assign"))
        #expect(try failure(of: "rawset(_G, 'x', 1)").message == "rawset works on plain tables only")
        #expect(try failure(of: "setmetatable(_G, nil)").message == "cannot change a protected metatable")
    }

    @Test func theStringMetatableIsNoHole() throws {
        #expect(try evaluate("return getmetatable('')") == ["string"])
        #expect(throws: LuaError.self) { try evaluate("getmetatable('').__index = {}") }
        #expect(try failure(of: "return ('x'):trim()").message.contains("'string' has no function 'trim'"))
    }

    @Test func finalizersAndWeakTablesAreRefused() throws {
        #expect(
            try failure(of: "setmetatable({}, { __gc = function() end })").message.contains("'__gc' is not available"))
        #expect(try failure(of: "setmetatable({}, { __mode = 'k' })").message.contains("weak tables"))
    }

    @Test func nothingShowsAnAddress() throws {
        let source = """
            local t, f, c = {}, function() end, coroutine.create(function() end)
            return tostring(t), tostring(f), tostring(c), tostring(print), string.format("%s %s", t, f)
            """
        #expect(try evaluate(source) == ["table", "function", "coroutine", "function", "table function"])
        #expect(try failure(of: "return ('%p'):format({})").message.contains("'%p' is not available"))
        #expect(try failure(of: "error({})").message.contains("0x") == false)
    }

    @Test func formatKeepsItsMeaning() throws {
        let source = """
            local named = setmetatable({}, { __tostring = function() return "named" end })
            return string.format("%5.1f|%-4d|%%|%s|%10s|%q|%x|%s", 1.25, 7, named, nil, "a\\n", 255, 12)
            """
        #expect(try evaluate(source) == ["  1.2|7   |%|named|       nil|\"a\\\n\"|ff|12"])
    }

    @Test func bytecodeIsRefused() throws {
        let state = try LuaState()
        let bytecode: [UInt8] = [0x1b] + Array("LuaS".utf8)
        let error = #expect(throws: LuaError.self) { try state.load(bytecode, file: "x.lua") }
        #expect(error?.code == .bytecode)
        var configuration = LuaConfiguration()
        configuration.module = { _ in LuaSource(file: "m.lua", bytes: bytecode) }
        #expect(try failure(of: "require('m')", in: LuaState(configuration)).message.contains("bytecode"))
    }

    @Test func syntaxErrorsHaveAFileAndALine() throws {
        let error = #expect(throws: LuaError.self) { try LuaState().load("local x =\n\nend", file: "scripts/bad.lua") }
        #expect(error?.code == .syntax)
        #expect(error?.position == "scripts/bad.lua:3")
        #expect(error?.message == "unexpected symbol near 'end'")
    }

    @Test func printGoesToTheHost() throws {
        let log = LineLog()
        var configuration = LuaConfiguration()
        configuration.log = { log.append($0) }
        try evaluate("print('a', 1, nil, true, {}) print()", in: LuaState(configuration))
        #expect(log.lines == ["a\t1\tnil\ttrue\ttable", ""])
    }
}
