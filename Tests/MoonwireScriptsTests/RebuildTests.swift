import Moonwire
import Testing

@testable import MoonwireScripts

/// A waiting run leaves memory and comes back by running again with its recorded outcomes.
struct RebuildTests {
    private static let source = """
        bot.use(function(event, next)
          print("around")
          return next()
        end)
        bot.on("message.created", function(event, session)
          local x <close> = setmetatable({}, { __close = function() print("closed") end })
          print("begun")
          session:reply("Hello")
          bot.log.info("replied")
          local answer = session:ask("Number?", { as = "number", check = function(v) print("checked") return true end })
          bot.log.warn("first", { answer = answer })
          session:ask("More?")
          print("answered")
        end)
        """

    private func levels(_ rehearsal: Rehearsal) -> [Substring] {
        rehearsal.lines.all.map { $0.split(separator: " ", maxSplits: 2)[1] }
    }

    @Test func aDroppedRunClosesNothingAndARebuiltOneSaysNothingAgain() throws {
        let rehearsal = try Rehearsal(Self.source)
        try rehearsal.happens(rehearsal.message("hi")).says("many").says("5")
        let said = rehearsal.said
        let lines = levels(rehearsal)
        #expect(lines == ["around", "begun", "replied", "checked", "first"])
        try rehearsal.rebuilds()
        #expect(rehearsal.said == said && levels(rehearsal) == lines)
        #expect(rehearsal.waiting != nil)
        try rehearsal.says("no")
        #expect(levels(rehearsal) == lines + ["answered", "closed"])
        #expect(rehearsal.isFinished)
    }

    @Test func onlyTheRebuiltRunIsMuted() throws {
        let rehearsal = try Rehearsal(Self.source)
        try rehearsal.happens(rehearsal.message("hi")).says("5").rebuilds()
        let lines = levels(rehearsal)
        try rehearsal.happens(rehearsal.message("hi"), run: 8)
        #expect(levels(rehearsal) == lines + ["around", "begun", "replied"])
    }

    @Test func anErrorHandlersStepsCountToo() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", function(event, session)
              session:reply("x")
              error("boom")
            end)
            bot.on_error(function(err, event, session)
              print("sorry")
              session:ask("A reply")
              session:ask("Shall we go on?")
              print("done")
            end)
            """)
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(levels(rehearsal) == ["sorry"])
        try rehearsal.says("many").rebuilds().says("yes")
        #expect(levels(rehearsal) == ["sorry", "done"])
    }
}
