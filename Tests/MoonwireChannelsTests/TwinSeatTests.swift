import Foundation
import Moonwire
import MoonwireChannels
import PlatformSimulator
import Testing

/// What ends a seat, or only seems to: the acceptance cases 6 and 12 to 14.
struct TwinSeatTests {
    @Test("T06: after a renewal a new stream carries the new token")
    func afterARenewalANewStreamCarriesTheNewToken() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo) {
            await harness.twin.expireTokens(closesStreams: true)
            try await wait("a new stream is open") { harness.twin.counters.admissions >= 2 }
            try await harness.settle()
            let tokens = harness.twin.commands.filter { $0.text.contains("\"connect\"") }.map(\.text)
            #expect(tokens.count >= 2 && tokens.first != tokens.last)
            #expect(harness.twin.counters.logins == 1)
        }
        await harness.simulator.stop()
    }

    /// The requests and connects so far.
    private func traffic(_ harness: TwinHarness) -> Int {
        harness.simulator.control.requests().count + harness.twin.counters.streamsOpened
    }

    @Test("T12: a blocked operator asks for nothing any more")
    func aBlockedOperatorAsksForNothingAnyMore() async throws {
        let harness = try await TwinHarness()
        var before = 0
        let ended = try await harness.run(TwinHarness.echo, endsByItself: true) {
            let id = try await harness.session()
            try await harness.twin.block()
            try await wait("it is told") { harness.notices.all.contains { $0.contains("blocked this operator") } }
            before = traffic(harness)
            await #expect(throws: (any Error).self) {
                _ = try await harness.twin.writeAsClient("still there?", session: id + "x")
            }
            _ = try? await harness.twin.writeAsClient("still there?", session: id)
        }
        // The host has ended by now: nothing can come any more.
        #expect(traffic(harness) == before)
        #expect(harness.twin.openStreams == 0)
        #expect("\(try #require(ended))".contains("blocked this operator"))
        #expect(harness.twin.counters.logins == 1)
        await harness.simulator.stop()
    }

    @Test("T13: a displaced operator stops at once and does not fight")
    func aDisplacedOperatorStopsAtOnceAndDoesNotFight() async throws {
        let harness = try await TwinHarness { $0.faults.twin.loginDisplaces = false }
        let script = """
            bot.on("message.created", function(event, session)
              for i = 1, 50 do
                session:reply("part %d", i)
                bot.sleep("20ms")
              end
            end)
            bot.on("operator.displaced", function(event) bot.log.error("alarm for " .. event.id) end)
            """
        var (id, said, before) = ("", 0, 0)
        let ended = try await harness.run(script, endsByItself: true) {
            id = try await harness.session("go")
            try await wait("it is talking") { try await harness.said(id).count >= 3 }
            try await harness.twin.displace()
            try await wait("it is told") { harness.notices.all.contains { $0.contains("somebody else signed in") } }
            said = try await harness.said(id).count
            before = traffic(harness)
        }
        let saidLater = try await harness.said(id).count
        #expect(saidLater == said && said < 50)
        #expect(traffic(harness) == before)
        #expect(harness.twin.openStreams == 0)
        #expect(harness.requests("DELETE", "/sessions") == 0)
        #expect("\(try #require(ended))".contains("somebody else signed in"))
        #expect(harness.twin.counters.logins == 1)
        #expect(harness.log.text.contains("alarm for 389"))
        await harness.simulator.stop()
    }

    @Test("T13: an own sign in that ends the stream is followed by one reconnect")
    func anOwnSignInThatEndsTheStreamIsFollowedByOneReconnect() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo) {
            let streams = harness.twin.counters.streamsOpened
            await harness.twin.revokeRefreshTokens()
            await harness.twin.expireTokens()
            // The next request is refused, and only a sign-in helps: it throws out the own stream.
            let id = try await harness.session("hello")
            try await wait("the stream is open again") { harness.twin.counters.streamsOpened > streams }
            try await wait("the answer") { try await harness.said(id) == ["re hello"] }
            try await harness.settle()
            #expect(harness.twin.counters.logins == 2)
            #expect(harness.twin.counters.displacements >= 1)
            #expect(!harness.notices.all.contains { $0.hasPrefix("channel night") })
            // The second time within an hour is somebody else.
            try await harness.twin.displace()
            try await wait("it is told") { harness.notices.all.contains { $0.contains("somebody else signed in") } }
        }
        await harness.simulator.stop()
    }

    @Test("T14: a logout of another is ignored and one of nobody is mine")
    func aLogoutOfAnotherIsIgnoredAndOneOfNobodyIsMine() async throws {
        let harness = try await TwinHarness()
        let ended = try await harness.run(TwinHarness.echo, endsByItself: true) {
            try await harness.twin.publish(#"{"event":"operatorLoggedOut","data":{"userId":390}}"#)
            try await harness.settle()
            try await harness.twin.publish(#"{"event":"operatorLoggedOut","data":{}}"#)
            try await wait("it is told") { harness.notices.all.contains { $0.contains("made this operator offline") } }
            #expect(harness.twin.openStreams == 0)
        }
        #expect("\(try #require(ended))".contains("made this operator offline"))
        await harness.simulator.stop()
    }

    @Test func aSeatThatIsToComeBackIsActivatedOnce() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo, harness.channel { $0.onLogout = .reactivate }) {
            try await harness.twin.logOut()
            try await wait("it is online again") {
                await harness.twin.operators().contains { $0.id == TwinDemoWorld.operatorID && $0.status == "online" }
            }
            try await harness.settle()
            try await harness.twin.logOut()
            try await wait("it does not fight") {
                harness.notices.all.contains { $0.contains("made this operator offline") }
            }
        }
        await harness.simulator.stop()
    }
}
