import Foundation
import Moonwire
import MoonwireChannels
import PlatformSimulator
import SQLiteJournal
import Testing

/// What scripts can do to sessions of TWIN24, and what a restart finds.
struct TwinEffectTests {
    @Test func sessionsAreTransferredToOperatorsAndGroupsByName() async throws {
        let harness = try await TwinHarness()
        let script = """
            bot.on("message.created", { text = "billing" }, function(event, session)
              session:transfer { group = "billing" }
            end)
            bot.on("message.created", { text = "colleague" }, function(event, session)
              session:transfer { operator = "colleague@example.org", note = "Angry." }
            end)
            bot.on("message.created", { text = "typo" }, function(event, session)
              local ok, problem = pcall(session.transfer, session, { group = "Biling" })
              session:reply(problem.message)
            end)
            """
        try await harness.run(script) {
            for word in ["billing", "colleague", "typo"] {
                let id = try await harness.session()
                try await harness.twin.writeAsClient(word, session: id)
                if word == "typo" {
                    try await wait("the name is explained") {
                        try await harness.said(id).first?.contains("did you mean 'Billing'?") == true
                    }
                } else {
                    try await wait("\(word) is gone") {
                        harness.requests(
                            "PATCH", "/sessions/\(id)/\(word == "billing" ? "groupoperators/8" : "operators/390")")
                            == 1
                    }
                    try await wait("the loss is told") { harness.count("session.lost") >= 1 }
                }
            }
        }
        await harness.simulator.stop()
    }

    @Test func messagesAreEditedDeletedReadAndListed() async throws {
        let harness = try await TwinHarness()
        let script = """
            bot.on("message.created", { text = "go" }, function(event, session)
              local first = session:reply("frist")
              session:edit(first, "first")
              local second = session:reply("second")
              session:delete(second.id)
              session:mark_read()
              local list = session:messages { limit = 5 }
              session:reply("%d: %s by %s, %s by %s", #list, list[1].text, list[1].from, list[2].text, list[2].from)
              session:reply("before: %s", session:messages { before = first }[1].text)
              session:reply("client: %d", #session.client:messages())
              session.client:ban("rude")
              session.client:unban()
              session:typing()
              session:close()
            end)
            """
        try await harness.run(script) {
            let id = try await harness.session("go")
            try await wait("the session is closed") { try await harness.twin.session(id).stage == "closed" }
            let said = try await harness.said(id)
            #expect(said == ["first", "2: go by client, first by self", "before: go", "client: 4"])
            #expect(harness.twin.counters.readMarks == 1)
            #expect(harness.requests("PATCH", "/ban") == 1 && harness.requests("PATCH", "/unban") == 1)
            try await wait("the end is told") { harness.count("session.closed") == 1 }
            #expect(harness.count("session.lost") == 0)
        }
        #expect(!harness.notices.all.contains { $0.hasPrefix("failed") })
        await harness.simulator.stop()
    }

    @Test func buttonsAreNumberedAndLongTextsAreSplit() async throws {
        let harness = try await TwinHarness()
        let script = """
            bot.on("message.created", { text = "go" }, function(event, session)
              local choice = session:ask("Which?", { choices = { "Red", "Blue" } })
              session:reply("chosen: " .. choice)
              session:reply(("word "):rep(1700))
              local ok, problem = pcall(session.label, session, "x")
              session:reply(problem.code)
            end)
            """
        try await harness.run(script) {
            let id = try await harness.session("go")
            try await wait("the list") { try await harness.said(id) == ["Which?\n1. Red\n2. Blue"] }
            try await harness.twin.writeAsClient("2", session: id)
            try await wait("the end") { try await harness.said(id).last == "unsupported" }
            let said = try await harness.said(id)
            #expect(said.count == 6 && said[1] == "chosen: Blue")
            #expect(said[2...4].allSatisfy { $0.count <= 4000 })
            #expect(said[2...4].joined(separator: " ").split(separator: " ").count == 1700)
        }
        await harness.simulator.stop()
    }

    @Test func inHelpOnlyItsOwnHandlersRunUntilItIsTaken() async throws {
        let harness = try await TwinHarness()
        let script = """
            bot.on("session.queued", function(event, session)
              local ok, problem = pcall(session.reply, session, "hello?")
              bot.log.info("refused: " .. problem.code .. " " .. session.owner)
            end)
            for _, name in ipairs { "session.started", "message.created", "typing.started" } do
              bot.on(name, { from = "any", owner = "any" }, function(event, session) session:reply("no") end)
            end
            """
        try await harness.run(script) {
            let id = try await harness.twin.startSession(TwinSessionStart("anybody?", at: .help)).id
            try await wait("it is refused") { harness.log.text.contains("refused: queued queue") }
            try await harness.twin.writeAsClient("hello?", session: id)
            let said = try await harness.said(id)
            #expect(said.isEmpty)
        }
        await harness.simulator.stop()
    }

    @Test func aHumanWhoWritesInTheSessionSilencesTheBot() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo) {
            let id = try await harness.session("one")
            try await wait("the bot answers") { try await harness.said(id) == ["re one"] }
            try await harness.twin.writeAsOperator("I am here", session: id)
            try await harness.twin.writeAsClient("two", session: id)
            try await harness.settle()
            let said = try await harness.said(id)
            #expect(said == ["re one", "I am here"])
        }
        await harness.simulator.stop()
    }

    @Test func aRestartFindsWhatWasWrittenAndWhatWasLostMeanwhile() async throws {
        let harness = try await TwinHarness()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("twin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("journal").path
        var kept = ""
        var lost = ""
        try await harness.run(TwinHarness.echo, journal: try SQLiteJournal(path: path)) {
            kept = try await harness.session("one")
            lost = try await harness.session("one")
            for id in [kept, lost] { try await wait("an answer") { try await harness.said(id) == ["re one"] } }
        }
        try await harness.twin.writeAsClient("two", session: kept)
        try await harness.twin.writeAsClient("three", session: kept)
        try await harness.twin.move(lost, to: .operator(TwinDemoWorld.colleagueID))
        let before = harness.count("channel.connected")
        try await harness.run(TwinHarness.echo, journal: try SQLiteJournal(path: path)) {
            try await wait("connected again") { harness.count("channel.connected") > before }
            try await wait("the missed are answered") {
                try await harness.said(kept) == ["re one", "re two", "re three"]
            }
            try await wait("the loss is told") { harness.count("session.lost") == 1 }
            #expect(harness.count("session.assigned") == 2, "none of them came anew")
        }
        await harness.simulator.stop()
    }

    @Test func readingAndPresenceAndEditsAreEvents() async throws {
        let harness = try await TwinHarness()
        let script = """
            for _, name in ipairs { "message.read", "message.updated", "client.online", "client.offline",
              "typing.started", "session.closed" } do
              bot.on(name, { from = "any", owner = "any" }, function(event, session)
                bot.log.info("saw " .. event.name .. " " .. event.native)
              end)
            end
            """ + "\n" + TwinHarness.echo
        try await harness.run(script) {
            let id = try await harness.session("one")
            try await wait("the answer") { try await harness.said(id) == ["re one"] }
            let answer = try #require(try await harness.twin.messages(of: id).last)
            try await harness.twin.readAsClient(answer.id)
            try await harness.twin.setClientOnline(false, session: id)
            try await harness.twin.setClientOnline(true, session: id)
            try await harness.twin.type("I wr", session: id)
            try await harness.twin.publish(
                #"{"event":"chatMessageEdited","data":{"id":"m1","sessionId":"\#(id)","authorId":"390","authorType":"OPERATOR","body":"better","createdAt":"2026-01-01T00:00:00Z"}}"#
            )
            try await harness.twin.closeAsClient(id)
            for line in [
                "saw message.read chatMessageRead", "saw client.offline clientOffline",
                "saw client.online clientOnline",
                "saw typing.started typing", "saw message.updated chatMessageEdited",
                "saw session.closed sessionClosedByClient",
            ] {
                try await wait(line) { harness.log.text.contains(line) }
            }
        }
        await harness.simulator.stop()
    }

    @Test func whatTheStreamSwallowedIsFoundByThePoll() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo, harness.channel { $0.poll = .milliseconds(300) }) {
            let id = try await harness.session()
            harness.simulator.faults.update { $0.events.drop = 1 }
            try await harness.twin.writeAsClient("lost", session: id)
            try await wait("the poll finds it") { try await harness.said(id) == ["re lost"] }
        }
        await harness.simulator.stop()
    }

    @Test func aSessionWhoseHistoryCannotBeReadIsOpenedLater() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo, harness.channel { $0.poll = .milliseconds(300) }) {
            harness.simulator.faults.update {
                $0.requests = [RequestFault(.failed, next: 3, path: "/messages", method: "GET", status: 500)]
            }
            let id = try await harness.session("hello")
            try await wait("it is answered all the same") { try await harness.said(id) == ["re hello"] }
        }
        await harness.simulator.stop()
    }

    @Test func sparseAndNestedPayloadsAreUnderstood() async throws {
        for payloads in [FaultSettings.Twin.Payloads.sparse, .nested] {
            let harness = try await TwinHarness {
                $0.faults.twin.payloads = payloads
                $0.faults.twin.eventsThroughBoth = true
            }
            try await harness.run(TwinHarness.echo) {
                let id = try await harness.session("one")
                try await wait("the answer") { try await harness.said(id) == ["re one"] }
                try await harness.twin.move(id, to: .bot)
                try await wait("the loss") { harness.count("session.lost") == 1 }
                try await harness.twin.move(id, to: .operator(TwinDemoWorld.operatorID))
                try await wait("the return") { harness.count("session.assigned") == 2 }
                try await harness.twin.writeAsClient("two", session: id)
                try await wait("the second answer") { try await harness.said(id) == ["re one", "re two"] }
            }
            await harness.simulator.stop()
        }
    }
}
