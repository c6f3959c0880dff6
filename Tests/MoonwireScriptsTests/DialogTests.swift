import Moonwire
import Testing

@testable import MoonwireScripts

struct DialogTests {
    @Test func aDialogIsAHandlerOfEventsAndCommands() throws {
        let rehearsal = try Rehearsal(
            """
            local order = bot.dialog("order", function(session, ...)
              session:note(select("#", ...) .. " " .. tostring(... == session) .. " " .. select(-1, ...).name)
              return bot.stop
            end)
            bot.on("message.created", order)
            bot.command("order", order)
            bot.on("message.created", { words = { "buy" } }, order, { name = "buying", priority = 1 })
            """)
        #expect(
            rehearsal.script.handlers.map(\.identity) == ["dialog:order", "dialog:order#2", "buying"])
        try rehearsal.happens(rehearsal.message("hi"), run: 1)
        guard case .finished(stops: true)? = rehearsal.progress else {
            Issue.record("the dialog's result was lost")
            return
        }
        try rehearsal.happens(rehearsal.message("/order now"), run: 2)
        #expect(rehearsal.said == ["1 false message.created", "2 false message.created"])
    }

    @Test func aHandlerKeepsItsDialogsNameWhenOthersComeBeforeIt() throws {
        let source = "bot.on('message.created', bot.dialog('d', print))"
        #expect(try Rehearsal(source).script.handlers.map(\.identity) == ["dialog:d"])
        #expect(
            try Rehearsal("bot.on('message.created', print) " + source).script.handlers.map(\.identity)
                == ["message.created#1", "dialog:d"])
    }

    @Test func aDialogCalledFromAnotherReturnsItsValues() throws {
        let rehearsal = try Rehearsal(
            """
            local ask_address = bot.dialog("address", function(session, kind, ...)
              return session:ask("Your " .. kind .. " address?"), select("#", ...)
            end)
            bot.on("message.created", function(event, session)
              local address, count = ask_address(session, "shipping")
              session:note(address .. count)
            end)
            """)
        try rehearsal.happens(rehearsal.message("hi")).says("Moon Street")
        #expect(rehearsal.said == ["Your shipping address?", "Moon Street0"])
    }

    @Test func aDialogWithoutASessionSaysSoWhereItIsCalled() throws {
        let rehearsal = try Rehearsal(
            """
            local dialog = bot.dialog("d", function() end)
            bot.on("message.created", function()
              local ok = dialog("x")
            end)
            """)
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(
            rehearsal.failure?.message
                == "bot.lua:3: the dialog 'd' must be given the session first, got a string")
    }

    @Test func aWaitCarriesTheTermsOfAllItsDialogs() throws {
        let rehearsal = try Rehearsal(
            """
            local inner = bot.dialog("inner", { expires = "1m", cancel = "Back!", on_reload = "transfer" },
              function(session) session:ask("Inner?") end)
            bot.on("message.created", bot.dialog("outer",
              { expires = "2m", cancel = { "Stop", "ABBRECHEN" }, restart = { "start over" }, on_reload = "restart" },
              function(session)
                session:wait_for("session.updated")
                inner(session)
                session:ask("Outer?")
              end))
            """)
        let began = rehearsal.now
        try rehearsal.happens(rehearsal.message("hi"))
        let outer = DialogTerms(
            cancel: ["stop", "abbrechen"], restart: ["start over"], expiresAt: began + .seconds(120),
            onReload: .restart)
        #expect(rehearsal.waiting?.dialog == outer)
        let innerBegan = rehearsal.now + .seconds(1)
        try rehearsal.answer(rehearsal.event("session.updated"))
        #expect(
            rehearsal.waiting?.dialog
                == DialogTerms(
                    cancel: ["stop", "abbrechen", "back"], restart: ["start over"],
                    expiresAt: innerBegan + .seconds(60), onReload: .restart))
        #expect(rehearsal.requests.last?.arguments.text == #"{"timeout_ms":86400000}"#)
        try rehearsal.says("x")
        #expect(rehearsal.waiting?.dialog == outer)
    }

    @Test func outsideOfDialogsAWaitHasNoTerms() throws {
        let rehearsal = try Rehearsal(
            """
            local dialog = bot.dialog("d", { cancel = "stop" }, function() end)
            bot.on("message.created", function(event, session)
              dialog(session)
              session:ask("?")
            end)
            """)
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.waiting != nil && rehearsal.waiting?.dialog == nil)
    }

    /// A dialog in a dialog, of which each tells how its waits ended; then the handler asks once more.
    private func nested(_ outer: String, _ inner: String) throws -> Rehearsal {
        let rehearsal = try Rehearsal(
            """
            local function why(session, ...)
              local _, first = session:ask(...)
              local _, second = session:ask("not sent")
              local _, third = session:wait_for("session.updated")
              local _, fourth = bot.sleep("1h")
              local _, fifth = bot.any { bot.after("1h") }
              if type(first) ~= "string" then first = "answered" end
              return table.concat({ first, second, third, fourth, fifth }, " ")
            end
            local inner = bot.dialog("inner", \(inner), function(session)
              session:reply("inner: " .. why(session, "Inner?"))
              return "left"
            end)
            local outer = bot.dialog("outer", \(outer), function(session)
              session:reply("inner " .. inner(session))
              local answer, reason = session:ask("Outer?")
              session:reply("outer: " .. (answer or reason))
            end)
            bot.on("message.created", function(event, session)
              outer(session)
              local answer, reason = session:ask("Still there?")
              session:reply("handler: " .. (answer or reason))
            end)
            """)
        return try rehearsal.happens(rehearsal.message("hi"))
    }

    private static let over = "inner: cancelled cancelled cancelled cancelled cancelled"

    @Test func aCancelledDialogWaitsNoMoreAndItsCallerGoesOn() throws {
        let rehearsal = try nested("{ cancel = 'stop' }", "{ cancel = 'back' }")
        try rehearsal.ends("cancelled: back")
        #expect(rehearsal.said == ["Inner?", Self.over, "inner left", "Outer?"])
        try rehearsal.says("yes")
        #expect(rehearsal.said.suffix(2) == ["outer: yes", "Still there?"])
    }

    @Test(arguments: ["{}", "{ cancel = 'back' }"])
    func cancellingTheOuterDialogEndsTheInnerOneToo(_ inner: String) throws {
        let rehearsal = try nested("{ cancel = 'stop' }", inner)
        try rehearsal.ends("cancelled: stop")
        #expect(rehearsal.said == ["Inner?", Self.over, "inner left", "outer: cancelled", "Still there?"])
        try rehearsal.says("yes")
        #expect(rehearsal.said.last == "handler: yes")
    }

    @Test(arguments: ["closed", "transferred", "retired"])
    func theEndOfTheSessionEndsAllDialogs(_ reason: String) throws {
        let rehearsal = try nested("{ cancel = 'stop' }", "{ cancel = 'back' }")
        try rehearsal.ends(reason)
        #expect(rehearsal.said[1] == Self.over.replacing("cancelled", with: reason))
        #expect(rehearsal.said.suffix(3) == ["inner left", "outer: \(reason)", "Still there?"])
    }

    @Test func expiryEndsTheDialogsWhoseTimeHasCome() throws {
        let inner = try nested("{ expires = '1h' }", "{ expires = '1m' }")
        inner.now = inner.now + .seconds(60)
        try inner.ends("expired")
        #expect(inner.said == ["Inner?", Self.over.replacing("cancelled", with: "expired"), "inner left", "Outer?"])
        let outer = try nested("{ expires = '1m' }", "{ expires = '1h' }")
        outer.now = outer.now + .seconds(60)
        try outer.ends("expired")
        #expect(outer.said.suffix(2) == ["outer: expired", "Still there?"])
    }

    @Test func aDialogThatExpiresBetweenTwoWaitsAsksNoMore() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", bot.dialog("d", { expires = "2s" }, function(session)
              session:note("one")
              session:note("two")
              local answer, reason = session:ask("not sent")
              session:note(reason)
            end))
            """)
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.said == ["one", "two", "expired"])
    }

    @Test func aTimeoutOfOneQuestionDoesNotEndTheDialog() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", bot.dialog("d", { cancel = "stop" }, function(session)
              session:ask("One?")
              session:ask("Two?")
            end))
            """)
        try rehearsal.happens(rehearsal.message("hi")).timesOut()
        #expect(rehearsal.said == ["One?", "Two?"])
    }

    @Test(arguments: [
        "inner(session)", "coroutine.wrap(inner)(session)",
        "assert(coroutine.resume(coroutine.create(inner), session))",
    ])
    func anErrorLeavesTheDialogAndPassesOn(_ call: String) throws {
        let rehearsal = try Rehearsal(
            """
            local inner = bot.dialog("inner", { cancel = "stop" }, function(session)
              session:ask("Inner?")
              error({ code = "mine" })
            end)
            bot.on("message.created", function(event, session)
              local ok, err = pcall(function() \(call) end)
              session:ask(tostring(ok) .. err.code)
            end)
            """)
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.waiting?.dialog?.cancel == ["stop"])
        try rehearsal.says("x")
        #expect(rehearsal.said.last == "falsemine")
        #expect(rehearsal.waiting?.dialog == nil)
    }

    @Test func anUncaughtErrorKeepsItsPlaceAndEndsTheDialogForTheErrorHandler() throws {
        let source = """
            local function deep() error("boom") end
            bot.on("message.created", bot.dialog("d", { cancel = "stop" }, function(session) deep() end))
            """
        let plain = try Rehearsal(source)
        try plain.happens(plain.message("hi"))
        #expect(plain.failure?.message == "bot.lua:1: boom")
        #expect(plain.failure?.traceback.contains("bot.lua:2") == true)
        let handled = try Rehearsal(
            source + "\nbot.on_error(function(err, event, session) session:ask('Sorry?') end)")
        try handled.happens(handled.message("hi"))
        #expect(handled.waiting != nil && handled.waiting?.dialog == nil)
    }

    @Test func aSpentBudgetEndsTheDialogForTheErrorHandler() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", bot.dialog("d", { cancel = "stop" }, function() while true do end end))
            bot.on_error(function(err, event, session) session:ask("Sorry?") end)
            """, limits: ScriptLimits(cpu: .milliseconds(20)))
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.waiting != nil && rehearsal.waiting?.dialog == nil)
    }

    @Test func aSpentBudgetIsNotCaughtByADialog() throws {
        let rehearsal = try Rehearsal(
            """
            local endless = bot.dialog("endless", function() while true do end end)
            bot.on("message.created", function(event, session)
              pcall(endless, session)
              pcall(coroutine.wrap(endless), session)
              session:note("never")
            end)
            """, limits: ScriptLimits(cpu: .milliseconds(20)))
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.failure?.kind == .cpu)
        #expect(rehearsal.said.isEmpty)
    }

    @Test func aRebuiltDialogStandsWhereItStood() throws {
        let rehearsal = try nested("{ cancel = 'stop', expires = '1h' }", "{ cancel = 'back' }")
        try rehearsal.ends("cancelled: back")
        let terms = try #require(rehearsal.waiting?.dialog)
        try rehearsal.rebuilds()
        #expect(rehearsal.waiting?.dialog == terms)
        try rehearsal.says("yes")
        #expect(rehearsal.said.suffix(2) == ["outer: yes", "Still there?"])
    }
}
