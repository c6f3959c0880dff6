import Centrifuge
import Foundation
import Moonwire
import MoonwireChannels
import PlatformSimulator
import Testing
import TwinAPI
import WebSocketClient

/// Tokens that the stream refuses, events that come twice, and a platform that does not let itself be told.
struct TwinStreamTests {
    private static let company = "company:\(TwinDemoWorld.companyID)"

    /// Publishes in the seat's own channel, and then the same in the company's.
    private func publishTwice(_ events: [String], _ harness: TwinHarness) async throws {
        for event in events { try await harness.twin.publish(event) }
        for event in events { try await harness.twin.publish(event, channel: Self.company) }
    }

    /// Waits until nothing but the stream is under way: a request would see the token's end too.
    private func idle(_ harness: TwinHarness) async throws {
        try await wait("the status is told") { harness.requests("PATCH", "/users/me/activate") >= 1 }
        try await harness.settle()
    }

    @Test func aTokenThatEndedWhileTheStreamWasOpenIsRenewedAfterALoss() async throws {
        let harness = try await TwinHarness()
        // The stream has been open for longer than a refusal takes.
        try await harness.run(TwinHarness.echo, harness.channel { $0.refusalTime = .milliseconds(1) }) {
            try await idle(harness)
            await harness.twin.expireTokens()
            harness.twin.streams(.kill)
            try await wait("a new stream is open") { harness.twin.counters.admissions >= 2 }
            try await harness.settle()
            #expect(harness.twin.counters.refusedAdmissions == 1)
            #expect(harness.twin.counters.refreshes == 1 && harness.twin.counters.logins == 1)
        }
        await harness.simulator.stop()
    }

    @Test func aRefusedTokenIsNotUsedAgainHoweverLongItsRenewalTakes() async throws {
        let harness = try await TwinHarness()
        var tokens = TwinTokenPolicy()
        tokens.firstRetry = .milliseconds(50)
        tokens.lastRetry = .milliseconds(100)
        tokens.waitLimit = .milliseconds(60)
        try await harness.run(TwinHarness.echo, harness.channel(tokens: tokens)) {
            try await idle(harness)
            harness.simulator.faults.update {
                $0.requests = [RequestFault(.failed, next: 12, path: "/auth/", method: "POST")]
            }
            await harness.twin.expireTokens()
            harness.twin.streams(.kill)
            try await wait("a new stream is open") { harness.twin.counters.admissions >= 2 }
            try await harness.settle()
            #expect(harness.twin.counters.refusedAdmissions == 1)
        }
        await harness.simulator.stop()
    }

    @Test func theEchoOfAnOwnSignInIsOneThroughHoweverManyChannelsItComes() async throws {
        let harness = try await TwinHarness { $0.faults.twin.loginDisplaces = false }
        try await harness.run(TwinHarness.echo) {
            await harness.twin.revokeRefreshTokens()
            await harness.twin.expireTokens()
            let id = try await harness.session("hello")
            try await wait("the answer, after a sign-in") { try await harness.said(id) == ["re hello"] }
            let streams = harness.twin.counters.streamsOpened
            try await publishTwice([#"{"event":"chatUserExists","data":{"userId":389}}"#], harness)
            try await wait("the stream is open again") { harness.twin.counters.streamsOpened > streams }
            try await harness.settle()
            #expect(harness.twin.counters.logins == 2)
        }
        await harness.simulator.stop()
    }

    @Test func theEchoThatIsRecoveredIsOneToo() async throws {
        let harness = try await TwinHarness { $0.faults.twin.loginDisplaces = false }
        try await harness.run(TwinHarness.echo) {
            harness.simulator.faults.update {
                $0.requests = [RequestFault(.slow, next: 1, path: "/auth/login", method: "POST", milliseconds: 1000)]
            }
            await harness.twin.revokeRefreshTokens()
            await harness.twin.expireTokens(closesStreams: true)
            try await wait("the stream is down") { harness.twin.openStreams == 0 }
            try await harness.twin.publish(#"{"event":"chatUserExists","data":{"userId":389}}"#)
            try await wait("the stream is open again") { harness.twin.counters.recoveries >= 1 }
            try await harness.settle()
            #expect(harness.twin.counters.logins == 2)
            #expect(harness.twin.counters.admissions == 2, "it was opened with what the sign-in gave")
        }
        await harness.simulator.stop()
    }

    @Test func aLogoutThatComesThroughTwoChannelsIsOne() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo, harness.channel { $0.onLogout = .reactivate }) {
            let activations = harness.requests("PATCH", "/users/me/activate")
            try await publishTwice([#"{"event":"operatorLoggedOut","data":{"userId":389}}"#], harness)
            try await wait("it is activated") { harness.requests("PATCH", "/users/me/activate") > activations }
            try await harness.settle()
            #expect(harness.count("operator.logged_out") == 1)
        }
        await harness.simulator.stop()
    }

    @Test func aSessionThatLeftAndCameBackDoesSoOnceThroughTwoChannels() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo) {
            let id = try await harness.session("one")
            try await wait("the answer") { try await harness.said(id) == ["re one"] }
            try await publishTwice(
                [
                    #"{"event":"chatSessionDeleted","data":{"sessionId":"\#(id)"}}"#,
                    #"{"event":"chatSessionAdded","data":{"sessionId":"\#(id)","operatorId":"389"}}"#,
                ], harness)
            try await harness.settle()
            #expect(harness.count("session.lost") == 1)
            // The last one is the session that settles.
            #expect(harness.count("session.assigned") == 3)
            // It may leave again in the same words.
            try await harness.twin.publish(#"{"event":"chatSessionDeleted","data":{"sessionId":"\#(id)"}}"#)
            try await wait("it leaves again") { harness.count("session.lost") == 2 }
        }
        await harness.simulator.stop()
    }

    @Test func aMessageThatIsTooLargeForTheStreamIsLookedUp() async throws {
        let harness = try await TwinHarness()
        let channel = harness.channel {
            $0.stream.socket.maxFrameSize = 32_768
            $0.stream.socket.maxMessageSize = 32_768
        }
        let script = """
            bot.on("message.created", function(event, session)
              session:reply(#event.message.text > 99 and "long" or "re " .. event.message.text)
            end)
            """
        try await harness.run(script, channel) {
            let id = try await harness.session("one")
            try await wait("the answer") { try await harness.said(id) == ["re one"] }
            try await harness.twin.writeAsClient(String(repeating: "x", count: 40_000), session: id)
            try await wait("the long one is answered") { try await harness.said(id) == ["re one", "long"] }
            try await harness.twin.writeAsClient("two", session: id)
            try await wait("it goes on") { try await harness.said(id) == ["re one", "long", "re two"] }
            try await harness.settle()
            #expect(harness.log.text.contains("Raise the channel's 'message_size'"))
        }
        await harness.simulator.stop()
    }

    @Test func aStatusThatTakesLongHoldsNoEventUp() async throws {
        let harness = try await TwinHarness {
            $0.faults.requests = [RequestFault(.slow, next: 1, path: "/users/me/activate", milliseconds: 10_000)]
        }
        try await harness.run(TwinHarness.echo) {
            let id = try await harness.session("hello")
            try await wait("the answer") { try await harness.said(id) == ["re hello"] }
            #expect(harness.requests("PATCH", "/users/me/activate") == 0, "no answer to it yet")
        }
        await harness.simulator.stop()
    }

    @Test func aStatusThatMayNotBeSetIsSaidOnceAndUsesUpNoTokens() async throws {
        let harness = try await TwinHarness {
            $0.faults.requests = [
                RequestFault(.failed, probability: 1, path: "/users/me/activate", status: 403)
            ]
        }
        var tokens = TwinTokenPolicy()
        tokens.minimumAge = .zero
        try await harness.run(TwinHarness.echo, harness.channel(tokens: tokens) { $0.poll = .milliseconds(20) }) {
            try await wait("it is refused") { harness.requests("PATCH", "/users/me/activate") >= 1 }
            let looks = harness.requests("GET", "/sessions")
            try await wait("many ticks") { harness.requests("GET", "/sessions") > looks + 20 }
            try await harness.settle()
            let said =
                harness.log.text.components(separatedBy: "error The operator's status could not be set").count - 1
            #expect(said == 1)
            #expect(harness.twin.counters.refreshes == 1)
        }
        await harness.simulator.stop()
    }
}
