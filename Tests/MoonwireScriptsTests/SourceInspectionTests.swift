import Foundation
import Moonwire
import Testing

@testable import MoonwireScripts

/// What `moonwire check` says of functions that have not run.
struct SourceInspectionTests {
    private func check(_ source: String, others: [String: String] = [:]) -> ScriptReport {
        let files = others.merging(["bot.lua": source]) { $1 }
        return LuaScriptLoader(ScriptEnvironment()).check(
            ScriptBundle.sources(script: "bot", files: files, entry: "bot.lua"))
    }

    /// The findings for a handler's body that begins in line 2.
    private func problems(_ body: String) -> [String] {
        check("bot.on('message.created', function(event, session)\n\(body)\nend)").diagnostics.map(\.description)
    }

    @Test func fileLevelVariablesThatHandlersWriteAreNamed() {
        let report = check(
            """
            local count = 0
            local seen = {
              last = 1,
            }
            bot.on('message.created', function(event, session)
              count = count + 1
              seen[event.id] = true
              if count > 1 then table.insert(seen, count) end
            end)
            """)
        let rest =
            ": each lane has its own copy, a reload clears it, and what a run decides by it cannot be replayed. "
            + "Keep what must last in bot.store"
        #expect(
            report.diagnostics.map(\.description) == [
                "bot.lua:6: warning: the function writes to the file-level variable 'count' (declared in line 1)"
                    + rest,
                "bot.lua:7: warning: the function writes into the file-level variable 'seen' (declared in line 2), "
                    + "also in line 8" + rest,
            ])
        #expect(report.isLoadable)
    }

    @Test func variablesOfModulesCountAsWell() {
        let report = check(
            "local m = require('orders.cache') bot.on('message.created', function() m.put(1) end)",
            others: [
                "orders/cache.lua": "local M, kept = {}, {}\nfunction M.put(x)\n  kept[#kept + 1] = x\nend\nreturn M"
            ])
        #expect(report.diagnostics.map { "\($0.file):\($0.line ?? 0)" } == ["orders/cache.lua:3"])
    }

    @Test func whatTheFileItselfWritesIsFine() {
        let report = check(
            """
            local rules, total = {}, 0
            local function rule(word) table.insert(rules, word) total = total + 1 end
            local function rules_of(...) for _, word in ipairs { ... } do rule(word) end end
            rules_of("a", "b")
            rules.done = true
            bot.on('message.created', function(event, session)
              local mine = {}
              for index, rule in ipairs(rules) do mine[index] = rule end
              local function note(x) mine[#mine + 1] = x end
              note(total)
              session:reply(table.concat(mine))
            end)
            """)
        #expect(report.diagnostics.isEmpty)
    }

    @Test(arguments: [
        ("sesion:reply('x')", "bot.lua:2: unknown global 'sesion'; did you mean 'session'?"),
        ("return strng.format('x')", "bot.lua:2: unknown global 'strng'; did you mean 'string'?"),
        ("return table.concta({})", "bot.lua:2: 'table' has no function 'concta'; did you mean 'concat'?"),
        ("total = 1", "bot.lua:2: cannot assign to global 'total'; write 'local total'"),
        ("function total() end", "bot.lua:2: cannot assign to global 'total'; write 'local function total'"),
        ("string = nil", "bot.lua:2: cannot replace the global 'string'"),
        ("bot.now_()", "bot.lua:2: bot has no field 'now_'; did you mean 'now'?"),
        ("bot.store:gte('x')", "bot.lua:2: bot.store has no field 'gte'; did you mean 'get'?"),
        ("bot.stop = 1", "bot.lua:2: cannot assign to field 'stop': a bot is read-only"),
        ("session.status = 1", "bot.lua:2: cannot assign to field 'status': a session is read-only"),
        ("session:repyl('x')", "bot.lua:2: session has no field 'repyl'; did you mean 'reply'?"),
        ("return event.message.txt", "bot.lua:2: message has no field 'txt'; did you mean 'text'?"),
        ("session.client.store:gte('x')", "bot.lua:2: client.store has no field 'gte'; did you mean 'get'?"),
        ("pcall(function() session:repyl() end)", "bot.lua:2: session has no field 'repyl'; did you mean 'reply'?"),
    ])
    func slipsInsideFunctionsAreErrors(body: String, problem: String) {
        #expect(problems(body) == [problem])
    }

    /// The sentences are those that the runtime says.
    @Test(arguments: [
        "return strng.format('x')", "return table.concta({})", "total = 1", "function total() end", "string = nil",
        "bot.now_()", "bot.store:gte('x')", "bot.stop = 1", "session.status = 1", "session:repyl('x')",
        "return event.message.txt",
    ])
    func theRuntimeSaysTheSame(body: String) throws {
        let rehearsal = try Rehearsal("bot.on('message.created', function(event, session)\n\(body)\nend)")
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(problems(body) == [try #require(rehearsal.failure).message])
    }

    @Test func handlersKnowTheirParametersByPositionAndHelpersByName() {
        let report = check(
            """
            local function greet(client, session) session:repyl(client.first_name) client:ubdate {} end
            local function own(list) list:whatever() return list.anything end
            bot.command('go', function(chat, words, trigger) chat:repyl(words.txt .. trigger.nme) end)
            bot.on_error(function(problem, event, session) bot.log.info(problem.cod) own(greet) end)
            local store = bot.store
            local function late(event, session) store:gte(session.nme) end
            bot.on('session.started', late)
            """)
        #expect(
            report.diagnostics.map { "\($0.line ?? 0) \($0.severity) \($0.message.prefix { $0 != ";" })" } == [
                "1 warning session has no field 'repyl'", "1 warning client has no field 'ubdate'",
                "3 error session has no field 'repyl'", "3 error args has no field 'txt'",
                "3 error event has no field 'nme'", "4 error error has no field 'cod'",
                "6 error bot.store has no field 'gte'", "6 error session has no field 'nme'",
            ])
    }

    @Test func aFileThatDoesNotLoadIsReadAllTheSame() {
        let report = check(
            "local m = require('broken')\nsesion()\nbot.on('message.created', function() sesion() end)",
            others: ["broken.lua": "return {}"])
        #expect(
            report.diagnostics.map(\.description) == [
                "bot.lua:2: unknown global 'sesion'", "bot.lua:3: unknown global 'sesion'",
            ])
    }

    @Test func aModuleThatIsRequiredLateIsReadAsWell() {
        let report = check(
            "bot.on('message.created', function() require('late') end)", others: ["late.lua": "local x =\n"])
        #expect(report.diagnostics.map(\.file) == ["late.lua"] && !report.isLoadable)
    }

    @Test func filesThatOnlyCameAlongAreLeftAlone() {
        let report = check(
            "local name = 'a' require('topics.' .. name) bot.on('message.created', function() end)",
            others: ["topics/a.lua": "return {}", "spec/a_spec.lua": "describe('a', function() it() end)"])
        #expect(report.diagnostics.isEmpty)
    }

    @Test func ordinaryCodeGivesNoAlarm() {
        let report = check(
            """
            local Queue = {}
            Queue.__index = Queue
            function Queue.new(...) return setmetatable({ items = { ... }, n = select('#', ...) }, Queue) end
            function Queue:push(x) self.n = self.n + 1 self.items[self.n] = x return self end
            local words <const> = { hi = true }
            local fallback
            local function walk(node, depth) if node then return walk(node.next, depth + 1) end return depth end
            fallback = function(session) session:reply('%d', walk(nil, 0)) end
            bot.on('message.created', { words = { 'hi' }, where = function(event) return #event.message.text > 1 end },
              function(event, session)
                local queue, copy = Queue.new(1, 2), {}
                for i, item in ipairs(queue:push(3).items) do
                  if item == 2 then goto continue end
                  copy[#copy + 1] = function(...) copy[i] = item return ... end
                  ::continue::
                end
                local ok, err = pcall(function() session.store:set('x', { n = queue.n }) end)
                if not ok then bot.log.warn(err.message or tostring(err)) end
                local name = session.client and session.client.name or 'you'
                while queue.n > 0 do queue.n = queue.n - 1 end
                repeat local done = table.remove(copy) until not done
                local text = ('%s'):rep(2, ' '):format(name, words[name] and 'x' or 'y')
                session:reply(text:upper())
                event.message.attachments[1].seen = true
                session.attrs.vip = bot.config
                return fallback(session)
              end)
            """)
        #expect(report.diagnostics.isEmpty, "\(report.diagnostics)")
    }

    @Test func noExampleGivesAnAlarm() throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("examples").path
        let examples = try FileManager.default.contentsOfDirectory(atPath: root).filter { $0.hasSuffix(".lua") }
        #expect(!examples.isEmpty)
        for example in examples {
            let report = LuaScriptLoader(ScriptEnvironment(secrets: { _ in "s3cret" }))
                .check(try ScriptBundle.load(root + "/" + example))
            #expect(report.diagnostics.isEmpty, "\(example): \(report.diagnostics)")
        }
    }
}
