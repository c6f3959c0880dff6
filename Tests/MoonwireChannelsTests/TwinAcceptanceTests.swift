import Foundation
import Moonwire
import MoonwireChannels
import PlatformSimulator
import Testing

/// The acceptance cases of the operator's interface that belong to the channel, by their numbers.
struct TwinAcceptanceTests {
    @Test("T07: a session of nobody is not answered and an own one is opened once")
    func aSessionOfNobodyIsNotAnsweredAndAnOwnOneIsOpenedOnce() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo) {
            let foreign = try await harness.twin.startSession(TwinSessionStart("anybody?", at: .help)).id
            // Its operator id is text in the session and a number in the list of operators; two events tell of it.
            let own = try await harness.session("hello")
            try await wait("the own session is answered") { try await harness.said(own) == ["re hello"] }
            try await harness.settle()
            let said = try await harness.said(foreign)
            #expect(said.isEmpty)
            #expect(harness.count("session.assigned") == 2, "one for each own session")
            #expect(harness.count("session.started") == 2)
        }
        await harness.simulator.stop()
    }

    private static let night = """
        bot.on("session.queued", function(event, session)
          if session:take() then session:reply("taken") else bot.log.info("too late") end
        end)
        """

    @Test("T08: a session in help is taken")
    func aSessionInHelpIsTaken() async throws {
        let harness = try await TwinHarness()
        try await harness.run(Self.night + "\n" + TwinHarness.echo) {
            let id = try await harness.twin.startSession(TwinSessionStart("anybody?", at: .help)).id
            try await wait("it is taken, and what was asked is answered") {
                try await harness.said(id) == ["taken", "re anybody?"]
            }
            #expect(harness.requests("PUT", "/sessions/\(id)/operators/389") == 1)
        }
        await harness.simulator.stop()
    }

    @Test("T08: a session that somebody else took is forgotten")
    func aSessionThatSomebodyElseTookIsForgotten() async throws {
        let harness = try await TwinHarness {
            $0.faults.requests = [RequestFault(.failed, next: 1, path: "/operators/389", method: "PUT", status: 422)]
        }
        try await harness.run(Self.night + "\n" + TwinHarness.echo) {
            let id = try await harness.twin.startSession(TwinSessionStart("anybody?", at: .help)).id
            try await wait("it is tried") { harness.requests("PUT", "/sessions/\(id)/operators/389") == 1 }
            try await harness.settle()
            let said = try await harness.said(id)
            #expect(said.isEmpty)
            #expect(harness.count("session.queued") == 1, "two events tell of it")
            #expect(!harness.notices.all.contains { $0.hasPrefix("failed") })
        }
        await harness.simulator.stop()
    }

    @Test(
        "T09: a message is answered once and the echo of the answer never",
        arguments: [FaultSettings.Delivery.afterAnswer, .beforeAnswer])
    func aMessageIsAnsweredOnceAndTheEchoOfTheAnswerNever(delivery: FaultSettings.Delivery) async throws {
        let harness = try await TwinHarness {
            $0.faults.delivery = delivery
            $0.faults.events.duplicate = 1
        }
        try await harness.run(TwinHarness.echo) {
            let id = try await harness.session()
            for number in 0..<10 { try await harness.twin.writeAsClient("\(number)", session: id) }
            try await wait("all are answered") { try await harness.said(id).count >= 10 }
            try await harness.settle()
            let said = try await harness.said(id)
            #expect(said == (0..<10).map { "re \($0)" })
        }
        await harness.simulator.stop()
    }

    private static let three = """
        bot.on("message.created", { text = "go" }, function(event, session)
          session:reply("/bot")
          session:reply("two")
          session:reply("three")
        end)
        bot.on("session.assigned", function(event, session)
          if session.attrs.returned then session:reply("welcome back") end
        end)
        """

    @Test(
        "T10, T11: what is queued is not sent into a session that left and its return is a new run",
        arguments: [FaultSettings.Delivery.afterAnswer, .beforeAnswer])
    func whatIsQueuedIsNotSentIntoASessionThatLeftAndItsReturnIsANewRun(
        delivery: FaultSettings.Delivery
    ) async throws {
        let harness = try await TwinHarness { $0.faults.delivery = delivery }
        try await harness.run(Self.three) {
            let id = try await harness.session()
            try await harness.twin.writeAsClient("go", session: id)
            try await wait("the session is lost") { harness.count("session.lost") == 1 }
            try await wait("the run ends") { harness.notices.all.contains { $0.hasPrefix("failed") } }
            let said = try await harness.said(id)
            #expect(said == ["/bot"])
            #expect(harness.requests("POST", "/sessions/\(id)/operators/messages") <= 2)
            try await harness.twin.move(id, to: .operator(TwinDemoWorld.operatorID))
            try await wait("a new run") { try await harness.said(id) == ["/bot", "welcome back"] }
        }
        await harness.simulator.stop()
    }

    @Test("T10: a wait ends when its session is transferred")
    func aWaitEndsWhenItsSessionIsTransferred() async throws {
        let harness = try await TwinHarness()
        let script = """
            bot.on("message.created", { text = "go" }, function(event, session)
              local answer, reason = session:ask("Which?")
              bot.log.info("ended by " .. tostring(reason))
            end)
            """
        try await harness.run(script) {
            let id = try await harness.session()
            try await harness.twin.writeAsClient("go", session: id)
            try await wait("the question") { try await harness.said(id) == ["Which?"] }
            try await harness.twin.move(id, to: .operator(TwinDemoWorld.colleagueID))
            try await wait("the wait ends") { harness.log.text.contains("ended by transferred") }
        }
        await harness.simulator.stop()
    }

    @Test("T15: strange events are told and nothing breaks")
    func strangeEventsAreToldAndNothingBreaks() async throws {
        let harness = try await TwinHarness()
        let script =
            TwinHarness.echo + """

                bot.on("twin24:somethingNew", function(event) bot.log.info("raw " .. event.raw.data.x) end)
                """
        try await harness.run(script) {
            for text in [
                #"{"event":"somethingNew","data":{"x":"kept"}}"#, #"{"event":"chatMessageCreated"}"#,
                #"{"event":"chatSessionAdded","data":"nobody-knows"}"#, #"{"event":"typing","data":7}"#, "[]", "\"x\"",
                #"{"event":"chatSessionDeleted","data":{"session_id":12.0}}"#,
            ] {
                try await harness.twin.publish(text)
            }
            try await wait("the unknown one is told") { harness.log.text.contains("raw kept") }
            try await harness.settle()
        }
        await harness.simulator.stop()
    }

    @Test("T16: what the stream lost is found and answered once and the status is repeated")
    func whatTheStreamLostIsFoundAndAnsweredOnceAndTheStatusIsRepeated() async throws {
        let harness = try await TwinHarness { $0.faults.centrifuge.recoverable = false }
        try await harness.run(TwinHarness.echo) {
            let id = try await harness.session()
            try await harness.twin.writeAsClient("one", session: id)
            try await wait("the first answer") { try await harness.said(id) == ["re one"] }
            let activations = harness.requests("PATCH", "/users/me/activate")
            harness.simulator.faults.update { $0.centrifuge.connect = .init(.refused, next: 3) }
            harness.twin.streams(.kill)
            try await harness.twin.writeAsClient("two", session: id)
            try await wait("the missed message is answered") { try await harness.said(id) == ["re one", "re two"] }
            try await wait("a gap is told") { harness.count("channel.gap") == 1 }
            try await harness.settle()
            let said = try await harness.said(id)
            #expect(said == ["re one", "re two"])
            #expect(harness.requests("PATCH", "/users/me/activate") > activations)
        }
        await harness.simulator.stop()
    }

    @Test("T17: a message that is on the server is not sent again")
    func aMessageThatIsOnTheServerIsNotSentAgain() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo, harness.channel(policy: Self.repeating)) {
            let id = try await harness.session()
            harness.simulator.faults.update {
                $0.requests = [RequestFault(.hangUp, next: 1, path: "/operators/messages", method: "POST")]
            }
            try await harness.twin.writeAsClient("one", session: id)
            try await wait("it is written") { try await harness.said(id) == ["re one"] }
            try await harness.twin.writeAsClient("two", session: id)
            try await wait("the next is written") { try await harness.said(id).count >= 2 }
            let said = try await harness.said(id)
            #expect(said == ["re one", "re two"])
            #expect(!harness.notices.all.contains { $0.hasPrefix("unknown") })
        }
        await harness.simulator.stop()
    }

    /// Even with the leave to repeat.
    private static let repeating = DeliveryPolicy(
        backOff: BackOff(first: .milliseconds(20), limit: .milliseconds(200)), inDoubt: .repeat,
        requestLimit: .milliseconds(300))

    @Test("T18: a file goes up and is named and one too large leaves the text")
    func aFileGoesUpAndIsNamedAndOneTooLargeLeavesTheText() async throws {
        let harness = try await TwinHarness { $0.faults.twin.largestFile = 100 }
        let script = """
            bot.on("message.created", function(event, session)
              local size = tonumber(event.message.text)
              local ok, problem = pcall(session.attach, session,
                { data = ("x"):rep(size), name = "note.txt", caption = "here" })
              if not ok then session:reply("no file: " .. problem.code) end
            end)
            """
        try await harness.run(script) {
            let id = try await harness.session()
            try await harness.twin.writeAsClient("10", session: id)
            try await wait("the file is there") {
                try await harness.twin.messages(of: id).contains { $0.attachments == ["note.txt"] && $0.body == "here" }
            }
            try await harness.twin.writeAsClient("5000", session: id)
            try await wait("the text is said") { try await harness.said(id).last == "no file: invalid" }
            let said = try await harness.said(id)
            #expect(said == ["here", "no file: invalid"])
        }
        await harness.simulator.stop()
    }

    @Test("T20: a paused seat answers its own and leaves them as configured")
    func aPausedSeatAnswersItsOwnAndLeavesThemAsConfigured() async throws {
        let harness = try await TwinHarness()
        let channel = harness.channel {
            $0.status = .paused
            $0.onShutdown = .handOver(group: TwinDemoWorld.billingGroupName)
        }
        var own: [String] = []
        try await harness.run(Self.night + "\n" + TwinHarness.echo, channel) {
            for _ in 0..<2 { own.append(try await harness.session()) }
            let help = try await harness.twin.startSession(TwinSessionStart("anybody?", at: .help)).id
            for id in own { try await harness.twin.writeAsClient("hello", session: id) }
            for id in own {
                try await wait("an own session is answered") { try await harness.said(id) == ["re hello"] }
            }
            let said = try await harness.said(help)
            #expect(said.isEmpty)
            #expect(harness.count("session.queued") == 0)
        }
        for id in own {
            let session = try await harness.twin.session(id)
            #expect(session.operatorID != TwinDemoWorld.operatorID, "handed over")
            #expect(session.stage != "closed")
        }
        await harness.simulator.stop()
    }

    @Test("T21: a name is one part of the path")
    func aNameIsOnePartOfThePath() async throws {
        let harness = try await TwinHarness()
        let script = #"""
            bot.on("message.created", function(event, session) session:rename("Заказ 7/8 + «?»") end)
            """#
        try await harness.run(script) {
            let id = try await harness.session("go")
            try await wait("it is renamed") { try await harness.twin.session(id).name == "Заказ 7/8 + «?»" }
        }
        await harness.simulator.stop()
    }

    @Test("T22: more than ten own sessions are found")
    func moreThanTenOwnSessionsAreFound() async throws {
        let harness = try await TwinHarness()
        var sessions: [String] = []
        for number in 0..<25 { sessions.append(try await harness.session("early \(number)")) }
        try await harness.run(TwinHarness.echo, harness.channel { $0.startsWithUnread = true }) {
            for (number, id) in sessions.enumerated() {
                try await wait("session \(number) is answered") { try await harness.said(id) == ["re early \(number)"] }
            }
        }
        await harness.simulator.stop()
    }
}
