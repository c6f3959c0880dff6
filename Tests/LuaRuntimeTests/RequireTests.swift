import LuaRuntime
import Testing

struct RequireTests {
    private func state(_ modules: [String: String], asked: LineLog = LineLog()) throws -> LuaState {
        var configuration = LuaConfiguration()
        configuration.module = { name in
            asked.append(name)
            return modules[name].map {
                LuaSource(file: name.split(separator: ".").joined(separator: "/") + ".lua", text: $0)
            }
        }
        return try LuaState(configuration)
    }

    @Test func aModuleIsLoadedOnce() throws {
        let asked = LineLog()
        let state = try state(
            ["orders.status": "local M = {} function M.get() return ... end M.name = ... return M"], asked: asked)
        let source = "local a, b = require('orders.status'), require('orders.status') return a == b, a.name"
        #expect(throws: LuaError.self) { try evaluate(source, in: state) }
        let good = try self.state(["orders.status": "return { name = ... }"], asked: asked)
        #expect(try evaluate(source, in: good) == [true, "orders.status"])
        #expect(asked.lines == ["orders.status", "orders.status"])
    }

    @Test(arguments: ["..", "../x", "/etc/passwd", "a..b", ".a", "a.", "", "a/b", "a b", "a\\0"])
    func otherNamesNeverReachTheHost(name: String) throws {
        let asked = LineLog()
        let state = try state([:], asked: asked)
        #expect(try failure(of: "require('\(name)')", in: state).message.contains("is not a module name"))
        #expect(asked.lines.isEmpty)
    }

    @Test func circlesAndFailuresAreReported() throws {
        let state = try state([
            "a": "require('b')", "b": "require('a')", "bad": "local x = nil + 1", "syntax": "local =",
        ])
        #expect(try failure(of: "require('a')", in: state).message == "require: module 'a' requires itself in a circle")
        #expect(try failure(of: "require('none')", in: state).message == "require: there is no module 'none'")
        #expect(try failure(of: "require('bad')", in: state).position == "bad.lua:1")
        #expect(try failure(of: "require('syntax')", in: state).position == "syntax.lua:1")
        // What failed is not taken for a circle the next time.
        #expect(try failure(of: "pcall(require, 'bad') require('bad')", in: state).position == "bad.lua:1")
    }

    @Test func filesBeingLoadedCannotWait() throws {
        var configuration = LuaConfiguration()
        configuration.module = { _ in LuaSource(file: "m.lua", text: "wait('x')") }
        let harness = try ScriptHarness(configuration)
        let run = try harness.run("require('m')")
        #expect(run.start().error?.message == "'wait' cannot wait inside a file loaded by require")
    }
}
