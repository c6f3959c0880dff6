import LuaRuntime
import Synchronization
import Testing

struct WatchdogTests {
    @Test func aStateShowsWhenItIsInLua() throws {
        let state = try LuaState()
        let activity = state.activity
        #expect(activity.timeInLua == nil)
        var inside: Duration?
        state.setGlobal(
            "look",
            state.makeFunction("look") { _ in
                inside = activity.timeInLua
                return .nothing
            })
        try evaluate("look()", in: state)
        #expect(inside != nil)
        #expect(activity.timeInLua == nil)
        #expect(activity.entries == 2)
    }

    @Test func anotherThreadEndsAScript() async throws {
        var configuration = LuaConfiguration()
        configuration.cpuBudget = nil
        let state = try LuaState(configuration)
        let function = try state.load("while true do pcall(function() while true do end end) end", file: "t.lua")
        let activity = state.activity
        let entries = activity.entries
        let interrupter = Task.detached {
            while activity.entries == entries || activity.timeInLua == nil { await Task.yield() }
            activity.interrupt()
        }
        let error = #expect(throws: LuaError.self) { try function.call() }
        await interrupter.value
        #expect(error?.code == .interrupted)
        #expect(error?.position == "t.lua:1")
        #expect(try evaluate("return 1", in: state) == [1])
    }

    @Test func aStuckStateIsReportedOncePerEntry() throws {
        let found = LineLog()
        let watchdog = LuaWatchdog(limit: .zero, interval: .seconds(1)) { found.append($0.activity.scriptName) }
        var configuration = LuaConfiguration()
        configuration.scriptName = "stuck"
        let state = try LuaState(configuration)
        watchdog.watch(state.activity)
        watchdog.check()
        #expect(found.lines.isEmpty)
        state.setGlobal(
            "look",
            state.makeFunction("look") { _ in
                watchdog.check()
                watchdog.check()
                return .nothing
            })
        let error = try failure(of: "look() for i = 1, 1e9 do end", in: state)
        #expect(found.lines == ["stuck"])
        #expect(error.code == .interrupted)
    }
}
