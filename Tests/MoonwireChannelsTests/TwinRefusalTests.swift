import Foundation
import Moonwire
import MoonwireChannels
import PlatformSimulator
import SQLiteJournal
import Testing

/// Effects that the platform refuses, or answers in a way that is easily misunderstood.
struct TwinRefusalTests {
    @Test func aGroupThatGivesTheSessionBackLeavesItToTheBot() async throws {
        let harness = try await TwinHarness()
        let script = """
            bot.on("message.created", { text = "help" }, function(event, session)
              session:transfer { group = "Support" }
              session:reply("owner " .. session.owner)
            end)
            bot.on("message.created", { text = "on" }, function(event, session) session:reply("still here") end)
            """
        try await harness.run(script) {
            let id = try await harness.session("help")
            try await wait("it is the bot's") { try await harness.said(id) == ["owner bot"] }
            try await harness.twin.writeAsClient("on", session: id)
            try await wait("it goes on") { try await harness.said(id) == ["owner bot", "still here"] }
        }
        #expect(!harness.notices.all.contains { $0.hasPrefix("failed") })
        await harness.simulator.stop()
    }

    @Test func aSessionThatFellIntoHelpAndIsTakenAgainHasReturned() async throws {
        let harness = try await TwinHarness()
        let script = """
            bot.on("session.queued", function(event, session) session:take() end)
            bot.on("session.assigned", function(event, session)
              session:reply(session.attrs.returned and "again" or "new")
            end)
            """
        try await harness.run(script) {
            let id = try await harness.session()
            try await wait("it is new") { try await harness.said(id) == ["new"] }
            try await harness.twin.move(id, to: .help)
            try await wait("it has returned") { try await harness.said(id) == ["new", "again"] }
        }
        await harness.simulator.stop()
    }

    @Test func aSessionThatTheFirstAttemptTookIsTakenAlthoughTheSecondIsRefused() async throws {
        let harness = try await TwinHarness {
            $0.faults.requests = [
                RequestFault(.hangUp, next: 1, path: "/operators/389", method: "PUT"),
                RequestFault(.failed, next: 1, path: "/operators/389", method: "PUT", status: 422),
            ]
            $0.faults.events.drop = 1
            $0.faults.events.only = ["chatSessionAdded"]
        }
        let script = """
            bot.on("session.queued", function(event, session)
              session:reply(session:take() and "taken" or "too late")
            end)
            """
        try await harness.run(script) {
            let id = try await harness.twin.startSession(TwinSessionStart("anybody?", at: .help)).id
            try await wait("it is taken") { try await harness.said(id) == ["taken"] }
            #expect(harness.requests("PUT", "/sessions/\(id)/operators/389") == 2)
        }
        await harness.simulator.stop()
    }

    @Test func whatIsAskedBeforeTheSeatKnowsItselfWaits() async throws {
        let harness = try await TwinHarness()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("twin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("journal").path
        let script = """
            bot.on("message.created", function(event, session)
              session:reply("wait")
              bot.sleep("300ms")
              session:refresh()
              bot.log.info("owner " .. session.owner)
              local list = session:messages()
              bot.log.info("said by " .. list[#list].from)
            end)
            """
        var id = ""
        try await harness.run(script, journal: try SQLiteJournal(path: path)) {
            id = try await harness.session("go")
            try await wait("it waits") { try await harness.said(id) == ["wait"] }
        }
        #expect(!harness.log.text.contains("owner"))
        harness.simulator.faults.update {
            $0.requests = [RequestFault(.slow, next: 1, path: "/users/me", method: "GET", milliseconds: 1000)]
        }
        try await harness.run(script, journal: try SQLiteJournal(path: path)) {
            try await wait("the end") { harness.log.text.contains("said by") }
        }
        #expect(harness.log.text.contains("owner bot") && harness.log.text.contains("said by self"))
        await harness.simulator.stop()
    }

    @Test func anEndThatIsRefusedIsNone() async throws {
        let harness = try await TwinHarness {
            $0.faults.requests = [RequestFault(.failed, next: 1, path: "/sessions/", method: "DELETE", status: 403)]
        }
        let script = """
            bot.on("message.created", function(event, session)
              local ok, problem = pcall(session.close, session)
              session:reply(ok and "closed" or problem.code)
              session:close()
            end)
            """
        try await harness.run(script) {
            let id = try await harness.session("bye")
            try await wait("it is told, and the session goes on") {
                try await harness.said(id) == ["unauthorized"]
            }
            try await wait("the next end is one") { try await harness.twin.session(id).stage == "closed" }
        }
        await harness.simulator.stop()
    }

    @Test func theSeatIsLeftAsFarAsThePlatformLets() async throws {
        let harness = try await TwinHarness()
        let channel = harness.channel { $0.onShutdown = .handOver(group: TwinDemoWorld.billingGroupName) }
        var own: [String] = []
        try await harness.run(TwinHarness.echo, channel) {
            for _ in 0..<6 { own.append(try await harness.session("hello")) }
            for id in own { try await wait("an answer") { try await harness.said(id) == ["re hello"] } }
            harness.simulator.faults.update {
                $0.requests =
                    [RequestFault(.failed, next: 1, path: "/users/me/pause", status: 500)]
                    + own.sorted().prefix(3).map {
                        RequestFault(.failed, next: 1, path: "/sessions/\($0)/groupoperators", status: 422)
                    }
            }
        }
        for id in own.sorted().dropFirst(3) {
            let session = try await harness.twin.session(id)
            #expect(session.operatorID == TwinDemoWorld.colleagueID || session.stage == "help", "handed over")
        }
        await harness.simulator.stop()
    }
}
