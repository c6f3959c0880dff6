import ChatwootAPI
import Foundation
import Moonwire
import PlatformSimulator
import Testing

struct AnsweringTests {
    private let echo = """
        bot.on("message.created", function(event, session)
          session:reply("you said %s", event.message.text)
        end)
        """

    @Test func anOperatorBotAndAClientBotAnswerFromTheSameScript() async throws {
        let harness = try await HostHarness()
        try await harness.run(echo, channels: [harness.operatorChannel(), harness.clientChannel()]) { _ in
            let desk = try await harness.conversation()
            _ = try await harness.simulator.control.writeAsClient("hello", conversation: desk)
            try await wait("the operator bot answers") { try await harness.texts(desk) == ["you said hello"] }

            let shop = try #require(
                await harness.simulator.control.conversations().first { $0.inboxID == 9 }?.id)
            _ = try await harness.simulator.control.writeAsOperator("how are you?", conversation: shop)
            try await wait("the client bot answers") {
                try await harness.texts(shop, .incoming) == ["you said how are you?"]
            }
        }
        await harness.simulator.stop()
    }

    @Test func aDialogAsksAndGoesOnWithTheAnswer() async throws {
        let harness = try await HostHarness()
        let script = """
            bot.command("order", function(session)
              local number = session:ask("Which number?", { pattern = "^[0-9]+$", hint = "Digits, please." })
              session:reply("Order %s is on its way", number)
              session:label("order")
            end)
            """
        try await harness.run(script, channels: [harness.operatorChannel()]) { _ in
            let id = try await harness.conversation()
            let control = harness.simulator.control
            _ = try await control.writeAsClient("/order", conversation: id)
            try await wait("the question") { try await harness.texts(id).count == 1 }
            _ = try await control.writeAsClient("what?", conversation: id)
            try await wait("the hint") { try await harness.texts(id).count == 2 }
            _ = try await control.writeAsClient("42", conversation: id)
            try await wait("the answer") { try await harness.texts(id).last == "Order 42 is on its way" }
            try await wait("the label") { try await control.conversation(id).labels == ["order"] }
        }
        await harness.simulator.stop()
    }

    @Test func aButtonAnswersAQuestion() async throws {
        let harness = try await HostHarness()
        let script = """
            bot.on("message.created", { text = "hi" }, function(event, session)
              local choice = session:ask("Which one?", { choices = { { title = "Track order", value = "track" }, "Agent" } })
              session:reply("chosen: %s", choice)
            end)
            """
        try await harness.run(script, channels: [harness.operatorChannel()]) { _ in
            let control = harness.simulator.control
            let session = try await control.createSession(inbox: DemoWorld.bevatelInboxIdentifier)
            let id = try await control.openConversation(session)
            _ = try await control.writeAsClient("hi", conversation: id)
            try await wait("the buttons") { try await harness.texts(id).count == 1 }
            let question = try #require(try await control.messages(of: id).last { $0.kind == .outgoing })
            #expect(question.contentType == "input_select")
            _ = try await harness.contact().submit(
                ChatwootSecret(session.sourceID), id, message: question.id,
                .choice(ChatwootChoice("Track order", value: "track")))
            try await wait("the answer is taken") { try await harness.texts(id).last == "chosen: track" }
        }
        await harness.simulator.stop()
    }

    @Test func whatTheStreamSwallowedIsFoundByThePoll() async throws {
        let harness = try await HostHarness()
        try await harness.run(echo, channels: [harness.operatorChannel(poll: .milliseconds(300))]) { _ in
            let id = try await harness.conversation()
            harness.simulator.faults.update { $0.events.drop = 1 }
            _ = try await harness.simulator.control.writeAsClient("lost", conversation: id)
            try await wait("the poll finds it") { try await harness.texts(id) == ["you said lost"] }
        }
        await harness.simulator.stop()
    }

    @Test func aRepeatedEventIsHandledOnce() async throws {
        let harness = try await HostHarness { $0.faults.events.duplicate = 1 }
        try await harness.run(echo, channels: [harness.operatorChannel()]) { _ in
            let id = try await harness.conversation()
            for number in 0..<20 {
                _ = try await harness.simulator.control.writeAsClient("\(number)", conversation: id)
            }
            try await wait("all are answered") { try await harness.texts(id).count >= 20 }
            let texts = try await harness.texts(id)
            #expect(texts == (0..<20).map { "you said \($0)" })
        }
        await harness.simulator.stop()
    }

    @Test func aHumanInChargeSilencesTheBot() async throws {
        let harness = try await HostHarness()
        try await harness.run(echo, channels: [harness.operatorChannel()]) { engine in
            let id = try await harness.conversation()
            let control = harness.simulator.control
            _ = try await control.writeAsClient("one", conversation: id)
            try await wait("the bot answers while nobody is in charge") { try await harness.texts(id).count == 1 }
            _ = try await harness.human.assign(id, to: DemoWorld.omarID)
            _ = try await control.writeAsClient("two", conversation: id)
            let other = try await harness.conversation()
            _ = try await control.writeAsClient("three", conversation: other)
            try await wait("the next session is answered") { try await harness.texts(other).count == 1 }
            let texts = try await harness.texts(id)
            #expect(texts == ["you said one"])
        }
        await harness.simulator.stop()
    }

    @Test func theServerGoesAwayWhileMessagesAreWrittenAndEachIsHandledOnceInOrder() async throws {
        let harness = try await HostHarness { $0.faults.limits.messagesPerMinute = 0 }
        let script = """
            bot.on("message.created", function(event, session) session:reply("re %s", event.message.text) end)
            """
        try await harness.run(script, channels: [harness.operatorChannel()]) { _ in
            let simulator = harness.simulator
            var conversations: [Int] = []
            for _ in 0..<20 { conversations.append(try await harness.conversation()) }
            for number in 0..<1000 {
                if number == 200 || number == 600 {
                    await simulator.goDown(abruptly: number == 200)
                }
                _ = try await simulator.control.writeAsClient(
                    "\(number)", conversation: conversations[number % conversations.count])
                if number == 400 || number == 700 { try await simulator.comeBack() }
            }
            // A reply that was under way when the server died may be one whose fate nobody can tell.
            try await wait("all are answered or told of", seconds: 60) {
                let told = harness.notices.all.count { $0.hasPrefix("unknown") }
                return await simulator.control.counters().outgoing + told >= 1000
            }
            var missing = 0
            for (index, id) in conversations.enumerated() {
                let expected = stride(from: index, to: 1000, by: 20).map { "re \($0)" }
                let texts = try await harness.texts(id)
                #expect(texts == expected.filter(texts.contains), "in order and once")
                missing += expected.count - texts.count
            }
            let unknown = harness.notices.all.count { $0.hasPrefix("unknown") }
            let handled = harness.notices.all.count { $0.hasPrefix("ended") }
            #expect(missing == unknown)
            #expect(handled == 1000, "each message once")
        }
        await harness.simulator.stop()
    }

    @Test func aScriptThatFailsIsReportedWithItsLineAndTheOthersGoOn() async throws {
        let harness = try await HostHarness()
        let script = """
            bot.on("message.created", { text = "spin" }, function() while true do end end)
            bot.on("message.created", { text = "eat" }, function()
              local t = {} while true do t[#t + 1] = ("x"):rep(1000000) .. #t end
            end)
            bot.on("message.created", { text = "match" }, function() ("a"):rep(50000):find(".-.-.-.-b") end)
            bot.on("message.created", { text = "hello" }, function(event, session) session:reply("hi") end)
            """
        try await harness.run(script, channels: [harness.operatorChannel()]) { _ in
            let id = try await harness.conversation()
            for text in ["spin", "eat", "match", "hello"] {
                _ = try await harness.simulator.control.writeAsClient(text, conversation: id)
            }
            try await wait("the good handler answers") { try await harness.texts(id) == ["hi"] }
            let failures = harness.notices.all.filter { $0.hasPrefix("failed") }
            try #require(failures.count == 3)
            #expect(failures[0].contains("test.lua:1"))
            #expect(failures[1].contains("memory"))
            #expect(failures[2].contains("test.lua:5"))
        }
        await harness.simulator.stop()
    }
}
