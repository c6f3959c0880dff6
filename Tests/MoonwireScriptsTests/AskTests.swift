import Moonwire
import Testing

@testable import MoonwireScripts

struct AskTests {
    /// A handler that notes what `ask` returned.
    private func asking(_ opts: String, methods: Set<String> = Rehearsal.methods) throws -> Rehearsal {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", function(event, session)
              local value, message = session:ask("Well?", \(opts))
              session:note(tostring(value) .. "|" .. (type(message) == "string" and message or message.id))
            end)
            """, methods: methods)
        try rehearsal.happens(rehearsal.message("hi"))
        return rehearsal
    }

    @Test func thePromptIsSentAndTheAnswerReturnedWithItsMessage() throws {
        let rehearsal = try asking("{ timeout = \"10m\" }")
        #expect(rehearsal.said == ["Well?"])
        #expect(rehearsal.waiting?.timeout == .seconds(600))
        try rehearsal.says("  fine ")
        #expect(rehearsal.said == ["Well?", "fine|m1"])
        #expect(rehearsal.kinds == ["session:ask", "session:ask (answer)", "session:note"])
        #expect(rehearsal.requests.prefix(2).allSatisfy { $0.location == "bot.lua:2" })
    }

    @Test func whatDoesNotFitIsAskedAgainUntilTheRetriesAreSpent() throws {
        let rehearsal = try asking("{ as = \"number\", hint = \"Digits, please.\", retries = 1 }")
        try rehearsal.says("many")
        #expect(rehearsal.said == ["Well?", "Digits, please."])
        try rehearsal.says("many")
        #expect(rehearsal.said == ["Well?", "Digits, please.", "nil|retries"])
    }

    @Test func aTimeoutIsAReason() throws {
        let rehearsal = try asking("{}")
        #expect(rehearsal.waiting?.timeout == .seconds(86_400))
        try rehearsal.timesOut()
        #expect(rehearsal.said.last == "nil|timeout")
    }

    @Test func choicesAreButtonsThatMayBeTypedOrCounted() throws {
        let opts = "{ choices = { \"Yes\", { title = \"No thanks\", value = \"no\" } } }"
        let rehearsal = try asking(opts)
        #expect(
            rehearsal.replies.first?.quickReplies == [
                QuickReply(title: "Yes", value: "Yes"), QuickReply(title: "No thanks", value: "no"),
            ])
        try rehearsal.says("NO THANKS!")
        #expect(rehearsal.said.last == "no|m1")
        #expect(try asking(opts).says("2").said.last == "no|m1")
        #expect(try asking(opts).says("3").said.last == "Please choose one of the options.")
    }

    @Test func aPressedButtonAnswers() throws {
        let rehearsal = try asking("{ choices = { { title = \"No thanks\", value = \"no\" } } }")
        let pressed = rehearsal.message("", submitted: #"[{"title":"No thanks","value":"no"}]"#)
        try rehearsal.answer(pressed)
        #expect(rehearsal.said.last == "no|m1")
    }

    @Test func anUpdateWithoutAnAnswerDoesNotEndTheWait() throws {
        let rehearsal = try asking("{}")
        let wait = try #require(rehearsal.waiting)
        let edited = rehearsal.event("message.updated", message: rehearsal.message("x").message)
        #expect(!wait.events.contains { $0.matches(edited, text: FoldedText("x"), now: nil) })
    }

    @Test func patternAndCheckDecide() throws {
        let opts = """
            { pattern = "^[a-z]+$", check = function(value) return value ~= "bad", "Not that one." end, retries = 5 }
            """
        let rehearsal = try asking(opts)
        try rehearsal.says("123").says("bad").says("good")
        #expect(
            rehearsal.said == ["Well?", "Please answer with a text message.", "Not that one.", "good|m1"])
    }

    @Test func aFailingCheckFailsTheAsk() throws {
        let rehearsal = try asking("{ check = function(value) session:reply('x') end }")
        try rehearsal.says("x")
        #expect(rehearsal.failure?.message.contains("the 'check' function") == true)
        #expect(rehearsal.failure?.message.hasPrefix("bot.lua:2") == true, "\(rehearsal.failure?.message ?? "")")
    }

    @Test func aFailedPromptRaises() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", function(event, session)
              local ok, err = pcall(session.ask, session, "Well?")
              session:note(tostring(ok) .. err.code)
            end)
            """)
        rehearsal.outcomes["session:ask"] = .failure(EffectFailure(code: "closed", message: "gone"))
        try rehearsal.happens(rehearsal.message("hi"))
        #expect(rehearsal.said.last == "falseclosed")
    }

    @Test func anAttachmentIsATable() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("message.created", function(event, session)
              local file = session:ask("A picture?", { as = "attachment" })
              session:note(file.kind .. file.url)
            end)
            """)
        try rehearsal.happens(rehearsal.message("hi"))
        try rehearsal.says("no")
        let picture = Moonwire.Attachment(id: "1", kind: "image", url: "https://x/y.png")
        try rehearsal.answer(rehearsal.message("", attachments: [picture]))
        #expect(rehearsal.said.last == "imagehttps://x/y.png")
    }
}
