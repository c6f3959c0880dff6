import Foundation
import Moonwire
import MoonwireChannels
import PlatformSimulator
import Testing

/// What a seat on TWIN24 can be tuned in.
struct TwinOptionTests {
    @Test("T08: a session in help is claimed without a script's word, within the limits")
    func helpIsClaimed() async throws {
        let harness = try await TwinHarness()
        let channel = harness.channel { $0.claims = .init(maxSessions: 1, longestWait: .zero) }
        try await harness.run(TwinHarness.echo, channel) {
            let first = try await harness.twin.startSession(TwinSessionStart("anybody?", at: .help)).id
            try await wait("it is taken and answered") { try await harness.said(first) == ["re anybody?"] }
            let second = try await harness.twin.startSession(TwinSessionStart("me too?", at: .help)).id
            try await harness.settle()
            let value2 = try await harness.said(second)
            #expect(value2.isEmpty, "one session is enough")
            #expect(harness.requests("PUT", "/sessions/\(second)/operators") == 0)
        }
        await harness.simulator.stop()
    }

    @Test("T08: a claim that comes too late is forgotten")
    func lateClaims() async throws {
        let harness = try await TwinHarness {
            $0.faults.requests = [RequestFault(.failed, next: 1, path: "/operators/389", method: "PUT", status: 422)]
        }
        try await harness.run(TwinHarness.echo, harness.channel { $0.claims = .init(longestWait: .zero) }) {
            let id = try await harness.twin.startSession(TwinSessionStart("anybody?", at: .help)).id
            try await wait("it is tried") { harness.requests("PUT", "/sessions/\(id)/operators/389") == 1 }
            try await harness.settle()
            let value3 = try await harness.said(id)
            #expect(value3.isEmpty)
        }
        await harness.simulator.stop()
    }

    @Test("T08: sessions of other chats than the configured ones are left alone")
    func claimsByChat() async throws {
        let harness = try await TwinHarness()
        let elsewhere = harness.channel { $0.claims = .init(chats: ["another-chat"], longestWait: .zero) }
        try await harness.run(TwinHarness.echo, elsewhere) {
            let id = try await harness.twin.startSession(TwinSessionStart("anybody?", at: .help)).id
            try await harness.settle()
            #expect(harness.requests("PUT", "/sessions/\(id)/operators") == 0)
        }
        await harness.simulator.stop()
    }

    private static let poke = """
        bot.on("typing.started", function(event) bot.log.info("a client types") end)
        bot.on("message.created", function(event, session)
          local other = event.message.text:match("poke (.*)")
          if other then bot.channel("night"):session(other):reply("hi") else session:reply("re " .. event.message.text) end
        end)
        """

    @Test func aReplyWaitsWhileTheClientTypes() async throws {
        let harness = try await TwinHarness()
        let channel = harness.channel {
            $0.typingHold = .milliseconds(400)
            $0.longestTypingHold = .seconds(5)
        }
        try await harness.run(Self.poke, channel) {
            let typing = try await harness.session("one")
            let other = try await harness.session("one")
            for id in [typing, other] { try await wait("an answer") { try await harness.said(id) == ["re one"] } }
            let start = ContinuousClock.now
            try await harness.twin.type("I wr", session: typing)
            try await wait("the sign is seen") { harness.log.text.contains("a client types") }
            try await harness.twin.writeAsClient("poke \(typing)", session: other)
            try await wait("the reply") { try await harness.said(typing).last == "hi" }
            #expect(ContinuousClock.now - start >= .milliseconds(400))
            // What was being typed has come: nothing is left to wait for.
            try await harness.twin.type("two", session: typing)
            try await harness.twin.writeAsClient("two", session: typing)
            try await wait("the answer") { try await harness.said(typing).last == "re two" }
        }
        await harness.simulator.stop()
    }

    @Test("T13: a displaced operator comes back after a time where that is wished")
    func displacedAndBack() async throws {
        let harness = try await TwinHarness { $0.faults.twin.loginDisplaces = false }
        try await harness.run(TwinHarness.echo, harness.returningChannel(after: .milliseconds(300))) {
            let id = try await harness.session("one")
            try await wait("the answer") { try await harness.said(id) == ["re one"] }
            try await harness.twin.displace()
            try await wait("the seat is left") { harness.log.text.contains("the seat is taken again later") }
            try await harness.twin.writeAsClient("two", session: id)
            try await wait("it is back and answers") { try await harness.said(id) == ["re one", "re two"] }
            #expect(harness.twin.counters.logins == 2)
        }
        await harness.simulator.stop()
    }

    @Test("T20: a shutdown waits, paused, until the own sessions are over")
    func drained() async throws {
        let harness = try await TwinHarness()
        let binding = harness.channel { $0.drainTimeout = .seconds(60) }
        try await harness.run(TwinHarness.echo, binding) {
            let id = try await harness.session("one")
            try await wait("the answer") { try await harness.said(id) == ["re one"] }
            async let drained: Void = binding.channel.drain()
            try await wait("no new ones come") { harness.requests("PATCH", "/users/me/pause") == 1 }
            try await harness.twin.writeAsClient("two", session: id)
            try await wait("the own ones go on") { try await harness.said(id) == ["re one", "re two"] }
            let start = ContinuousClock.now
            try await harness.twin.closeAsClient(id)
            await drained
            #expect(ContinuousClock.now - start < .seconds(30))
        }
        await harness.simulator.stop()
    }

    @Test func whatClientsWriteIsMarkedAsReadInOwnSessionsOnly() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo, harness.channel { $0.marksRead = true }) {
            _ = try await harness.twin.startSession(TwinSessionStart("anybody?", at: .help))
            let id = try await harness.session("one")
            try await harness.twin.writeAsClient("two", session: id)
            try await wait("the answers") { try await harness.said(id) == ["re one", "re two"] }
            try await wait("the marks") { try await harness.twin.session(id).unread == 0 }
            #expect(harness.requests("PATCH", "/read") == 2)
        }
        await harness.simulator.stop()
    }

    @Test func aSessionIsClosedWithOneOfTheResultsOfItsChat() async throws {
        let harness = try await TwinHarness()
        let script = """
            bot.on("message.created", { text = "go" }, function(event, session)
              local ok, problem = pcall(session.close, session, { result = "nonsense" })
              session:reply(problem.code)
              session:close { result = "solved" }
            end)
            """
        try await harness.run(script) {
            let id = try await harness.session("go")
            try await wait("it is closed") { try await harness.twin.session(id).result == "solved" }
            let value1 = try await harness.said(id)
            #expect(value1 == ["invalid"])
        }
        await harness.simulator.stop()
    }

    @Test("T14: an operator who is offline for a moment goes on where it was")
    func offlineForAMoment() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo, harness.channel { $0.logoutHold = .seconds(60) }) {
            let first = try await harness.session("one")
            try await wait("the answer") { try await harness.said(first) == ["re one"] }
            try await harness.twin.logOut()
            try await wait("it is held open") { harness.log.text.contains("waiting whether it comes back") }
            let streams = harness.twin.counters.streamsOpened
            let second = try await harness.session("hello")
            try await wait("the session shows that it is back") { try await harness.said(second) == ["re hello"] }
            #expect(harness.twin.counters.streamsOpened == streams)
        }
        await harness.simulator.stop()
    }
}
