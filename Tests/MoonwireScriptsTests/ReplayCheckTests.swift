import Foundation
import Moonwire
import Synchronization
import Testing

@testable import MoonwireScripts

/// Runs that a fresh state rebuilds after each of their steps.
struct ReplayCheckTests {
    private final class Differences: Sendable {
        private let stored: Mutex<[ReplayDifference]> = Mutex([])
        var all: [ReplayDifference] { stored.withLock { $0 } }
        func add(_ difference: ReplayDifference) { stored.withLock { $0.append(difference) } }
    }

    private let differences = Differences()

    private func rehearsal(_ source: String, file: String = "bot.lua", role: Role = .operator) throws -> Rehearsal {
        let differences = differences
        return try Rehearsal(
            source, file: file, role: role,
            wrapping: { ReplayCheckingLoader($0, rebuilding: $0) { differences.add($0) } })
    }

    @Test func aRunThatDecidesByAFileLevelVariableIsReportedWithBothSteps() throws {
        let rehearsal = try rehearsal(
            """
            local count = 0
            bot.on("message.created", function(event, session)
              count = count + 1
              session:note("seen")
              if count > 1 then
                session:reply("again")
              else
                session:reply("first")
              end
              session:note("done")
            end, { name = "counter" })
            """)
        try rehearsal.happens(rehearsal.message("hi"), run: 1)
        #expect(differences.all.isEmpty)
        try rehearsal.happens(rehearsal.message("hi"), run: 2)
        let difference = try #require(differences.all.first)
        #expect(differences.all.count == 1)
        #expect(
            difference.description
                == "run 2 of bot (counter, bot.lua:2) cannot be replayed: at step 2 it asks for "
                + #"session:reply{"text":"again"} at bot.lua:6, but rebuilt with the same outcomes it asks for "#
                + #"session:reply{"text":"first"} at bot.lua:8. Look for file-level variables that handlers write, "#
                + "which 'moonwire check' names, and keep what must last in bot.store")
        // The live run goes on.
        #expect(rehearsal.said == ["seen", "first", "done", "seen", "again", "done"] && rehearsal.isFinished)
    }

    @Test func anErrorThatOnlyTheFirstRunMeetsIsReported() throws {
        let rehearsal = try rehearsal(
            """
            local cache = {}
            bot.on("message.created", function(event, session)
              session:note("x")
              local entry = cache[event.id]
              cache[event.id] = { text = "known" }
              session:reply(entry.text)
            end)
            """)
        try rehearsal.happens(rehearsal.message("hi"), run: 1)
        #expect(differences.all.isEmpty && rehearsal.failure != nil)
        rehearsal.script.drop(RunID(rawValue: 1))
        try rehearsal.happens(rehearsal.message("hi"), run: 2)
        let difference = try #require(differences.all.first)
        #expect(difference.step == 2)
        #expect("\(difference.live)".hasPrefix("asks for session:reply"))
        #expect("\(difference.rebuilt)".hasPrefix("fails: bot.lua:6: attempt to index a nil value"))
    }

    @Test(arguments: [("failures = failures + 1", [3]), ("", [])])
    func theErrorHandlerBelongsToTheReplay(counting: String, steps: [Int]) throws {
        let rehearsal = try rehearsal(
            """
            local failures = 0
            bot.on("message.created", function(event, session) session:note("a") error("no") end)
            bot.on_error(function(err, event, session)
              \(counting)
              session:note(err.message)
              if failures > 1 then session:reply("again") else session:reply("sorry") end
            end)
            """)
        for run in 1...2 as ClosedRange<Int64> {
            try rehearsal.happens(rehearsal.message("hi"), run: run)
            #expect(rehearsal.isFinished)
        }
        #expect(differences.all.map(\.step) == steps)
    }

    @Test func whatOnlyFollowsItsOutcomesIsSilent() throws {
        let rehearsal = try rehearsal(
            """
            local greetings = { "hello", "hi" }
            local calls = 0
            bot.on("message.created", function(event, session)
              calls = calls + 1
              local made = {}
              for key, value in pairs { b = 1, a = 2, [1] = 3 } do made[#made + 1] = tostring(key) .. value end
              table.sort(made, function(a, b) return a > b end)
              session:reply("%s %s %d", table.concat(made), bot.uuid(), math.random(1, 1000000))
              session.store:set("at", os.date("%H:%M:%S") .. bot.now())
              local count = session.store:incr("n")
              local answer = session:ask(greetings[count] or "well?", { timeout = "1h" })
              bot.log.info("heard " .. tostring(answer))
              local ok, err = pcall(function() session:transfer { group = answer } end)
              session:note(ok and "moved" or err.code)
              return bot.stop
            end)
            """)
        rehearsal.outcomes["session:transfer"] = .failure(EffectFailure(code: "rejected", message: "no"))
        for run in 1...3 as ClosedRange<Int64> {
            try rehearsal.happens(rehearsal.message("hi"), run: run).says("sales")
            #expect(rehearsal.isFinished)
        }
        #expect(differences.all.isEmpty, "\(differences.all)")
    }

    @Test func theExamplesAreReplayable() throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("examples").path
        let dialogs: [(file: String, role: Role, opening: String, answers: [String])] = [
            ("hello.lua", .operator, "hello", []), ("hello.lua", .operator, "what?", []),
            ("order_status.lua", .operator, "my order", ["hm", "ab12345", "yes"]),
            ("order_status.lua", .operator, "my order", ["zz99999"]),
            ("support_menu.lua", .operator, "help", ["1"]), ("client_bot.lua", .client, "Your order?", []),
        ]
        for dialog in dialogs {
            let sources = try ScriptBundle.load(root + "/" + dialog.file)
            let rehearsal = try rehearsal(
                try #require(sources.files[dialog.file]), file: dialog.file, role: dialog.role)
            for run in 1...2 as ClosedRange<Int64> {
                try rehearsal.happens(rehearsal.message(dialog.opening), run: run)
                for answer in dialog.answers { try rehearsal.says(answer) }
                #expect(rehearsal.isFinished, "\(dialog)")
            }
        }
        #expect(differences.all.isEmpty, "\(differences.all)")
    }
}
