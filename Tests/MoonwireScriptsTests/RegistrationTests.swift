import Moonwire
import Testing

@testable import MoonwireScripts

struct RegistrationTests {
    @Test func filtersReachTheCore() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", { channel = "shop", platform = { "hoory", "chatwoot" }, role = "operator",
              from = { "client", "self" }, owner = "any", status = "open", text = "x", words = { "Order Status", "ÉTÉ" },
              prefix = "p", pattern = "a+", attachment = { "image" }, label = "vip", language = "ar", max_age = "5m",
              where = function() return true end }, print, { name = "all", priority = 5 })
            bot.on("message.created", print)
            bot.on("session.closed", print)
            """)
        let handlers = rehearsal.script.handlers
        #expect(handlers.map(\.identity) == ["all", "message.created#2", "session.closed#1"])
        #expect(handlers.map(\.location) == ["bot.lua:1", "bot.lua:5", "bot.lua:6"])
        let filter = handlers[0].filter
        #expect(
            filter.channels == ["shop"] && filter.platforms == ["hoory", "chatwoot"] && filter.roles == [.operator])
        #expect(filter.from == .speakers([.client, .own]) && filter.anyOwner && filter.statuses == ["open"])
        #expect(filter.texts == ["x"] && filter.words == ["order status", "ete"] && filter.prefixes == ["p"])
        #expect(filter.patterns.map(\.source) == ["a+"] && filter.attachment == .kinds(["image"]))
        #expect(filter.labels == ["vip"] && filter.languages == ["ar"] && filter.maxAge == .seconds(300))
        #expect(handlers[0].hasWhere && handlers[0].priority == 5)
        #expect(handlers[1].filter.from == .peer && !handlers[1].hasWhere)
        #expect(handlers[2].filter.from == .any)
    }

    @Test func aWhereFunctionDecides() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", { where = function(event, session)
              return #event.message.text > 3 and session.client.name == "Aisha" and bot.now() > 0
            end }, print)
            """)
        #expect(try rehearsal.script.accepts(0, rehearsal.admitted(rehearsal.message("long")), now: rehearsal.now))
        #expect(try !rehearsal.script.accepts(0, rehearsal.admitted(rehearsal.message("no")), now: rehearsal.now))
    }

    @Test(arguments: ["session:reply('x')", "bot.store:get('x')", "while true do end"])
    func aWhereFunctionIsPureAndBounded(_ line: String) throws {
        let rehearsal = try Rehearsal(
            "bot.on('message.created', { where = function(event, session) \(line) end }, print)",
            limits: ScriptLimits(cpu: .milliseconds(20)))
        let failure = #expect(throws: ScriptFailure.self) {
            try rehearsal.script.accepts(0, rehearsal.admitted(rehearsal.message("x")), now: rehearsal.now)
        }
        #expect(failure?.message.contains("bot.lua:1") == true, "\(failure?.message ?? "")")
    }

    @Test func middlewareRunsAroundTheHandlerAcrossSteps() throws {
        let rehearsal = try Rehearsal(
            """
            bot.use(function(event, next)
              bot.store:incr("outer")
              local result = next()
              bot.log.info("after")
              return result
            end)
            bot.use(function(event, next)
              if event.message.text == "secret" then return end
              return next()
            end)
            bot.on("message.created", function(event, session)
              session:reply("in")
              return bot.stop
            end)
            """)
        try rehearsal.happens(rehearsal.message("hi"), run: 1)
        #expect(rehearsal.kinds == ["bot.store:incr", "session:reply"])
        guard case .finished(stops: true)? = rehearsal.progress else {
            Issue.record("the result was lost")
            return
        }
        try rehearsal.happens(rehearsal.message("secret"), run: 2)
        #expect(rehearsal.kinds.count == 3)
        #expect(rehearsal.lines.all.count { $0.hasPrefix("info: after") } == 2)
    }

    @Test func onErrorGoesOnInTheSameRun() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", function(event, session)
              session:reply("one")
              error({ code = "mine" })
            end)
            bot.on_error(function(err, event, session)
              session:note(err.code .. " " .. event.message.text)
            end)
            """)
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.said == ["one", "mine hi"])
        #expect(rehearsal.isFinished)
    }

    @Test func onErrorIsCalledWhenTheBudgetIsSpent() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", function(event, session)
              pcall(function() while true do end end)
            end)
            bot.on_error(function(err, event, session) session:note(err.code .. " " .. tostring(err.where)) end)
            """, limits: ScriptLimits(cpu: .milliseconds(20)))
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.said == ["cpu bot.lua:2"])
    }

    @Test func onErrorIsCalledWhenMemoryIsSpent() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", function(event, session)
              local all = {}
              for i = 1, 1e9 do all[i] = { i } end
            end)
            bot.on_error(function(err, event, session) session:note(err.code) end)
            """, limits: ScriptLimits(memory: 4 << 20, cpu: .seconds(20)))
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.said == ["memory"])
    }

    @Test func anErrorWithoutHandlerHasItsTraceback() throws {
        let rehearsal = try Rehearsal(
            """
            local function deep() error("boom") end
            bot.on("message.created", function(event, session) session:note("x") deep() end)
            """)
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.failure?.kind == .runtime)
        #expect(rehearsal.failure?.message == "bot.lua:1: boom")
        #expect(rehearsal.failure?.traceback.contains("bot.lua:2") == true)
    }

    @Test func aVersionOfALaterLevelIsNotLoaded() {
        let sources = ScriptSources(
            version: "abc", script: "bot", files: ["bot.lua": ""], entry: "bot.lua", level: LuaAPI.level + 1)
        let failure = #expect(throws: ScriptFailure.self) {
            try LuaScriptLoader(ScriptEnvironment()).instantiate(sources)
        }
        #expect(failure?.message.contains("knows levels up to \(LuaAPI.level)") == true)
    }
}
