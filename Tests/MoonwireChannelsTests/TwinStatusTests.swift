import Foundation
import Moonwire
import MoonwireChannels
import PlatformSimulator
import Testing

/// What the platform is told that the seat is to be, while the stream comes and goes.
struct TwinStatusTests {
    /// Longer than any test takes: a seat is blind when the test lets the time pass, not when the machine is slow.
    private static let maxBlind = Duration.seconds(600)

    private func channel(_ harness: TwinHarness) -> Engine.ChannelBinding {
        harness.channel { $0.maxBlind = Self.maxBlind }
    }

    /// Cuts the stream, keeps it away, and lets so much time pass that the seat is blind.
    private func blind(_ harness: TwinHarness) async throws {
        harness.simulator.faults.update { $0.centrifuge.connect = .init(.refused) }
        harness.twin.streams(.kill)
        try await wait("the loss is noticed") { harness.count("channel.disconnected") == 1 }
        harness.time.pass(Self.maxBlind)
    }

    @Test func aSeatThatHearsNothingForLongIsPausedUntilTheStreamIsBack() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo, channel(harness)) {
            try await wait("it is online") { await harness.isOnline() }
            try await blind(harness)
            try await wait("the seat is paused") { await !harness.isOnline() }
            harness.simulator.faults.update { $0.centrifuge.connect = .init(.normal) }
            try await wait("the wish is repeated") { await harness.isOnline() }
            try await harness.settle()
            #expect(harness.toldStatuses == ["activate", "pause", "activate"])
        }
        await harness.simulator.stop()
    }

    @Test func aStreamThatHasJustBegunToConnectIsNotAway() async throws {
        let harness = try await TwinHarness {
            $0.faults.requests = [RequestFault(.slow, next: 1, path: "/users/me", method: "GET", milliseconds: 300)]
            $0.faults.centrifuge.connect = .init(.refused, next: 2)
        }
        let channel = harness.channel {
            $0.maxBlind = Self.maxBlind
            // So often it is looked whether the seat is blind: before the stream is there, too.
            $0.poll = .milliseconds(50)
        }
        async let host = harness.run(TwinHarness.echo, channel) {
            try await harness.settle()
            #expect(harness.toldStatuses == ["activate"])
        }
        try await wait("the sign-in takes its time") { harness.simulator.faults.tally["requests.slow"] == 1 }
        harness.time.pass(Self.maxBlind)
        _ = try await host
        await harness.simulator.stop()
    }

    @Test func aWishThatIsStillOnItsWayDoesNotOvertakeThePause() async throws {
        let harness = try await TwinHarness {
            $0.faults.requests = [RequestFault(.slow, next: 1, path: "/users/me/activate", milliseconds: 3000)]
        }
        try await harness.run(TwinHarness.echo, channel(harness)) {
            try await wait("the wish is on its way") {
                harness.simulator.faults.tally["requests.slow"] == 1
            }
            try await blind(harness)
            try await wait("both have arrived") { harness.toldStatuses.count == 2 }
            #expect(harness.toldStatuses == ["activate", "pause"])
            let isOnline = await harness.isOnline()
            #expect(!isOnline)
        }
        await harness.simulator.stop()
    }

    @Test func aWishThatWasRefusedIsNotRepeatedWhileTheSeatIsBlind() async throws {
        let harness = try await TwinHarness {
            $0.faults.requests = [RequestFault(.failed, probability: 1, path: "/users/me/activate")]
        }
        try await harness.run(TwinHarness.echo, channel(harness)) {
            try await wait("the wish is refused") { harness.requests("PATCH", "/users/me/activate") > 0 }
            try await blind(harness)
            try await wait("the seat is paused") { harness.toldStatuses == ["pause"] }
            // From now on it would be granted; so many attempts take longer than it would wait for its next one.
            harness.simulator.faults.update { $0.requests = [] }
            let refused = harness.simulator.faults.tally["streams.refused"] ?? 0
            try await wait("the stream stays away") {
                (harness.simulator.faults.tally["streams.refused"] ?? 0) >= refused + 10
            }
            #expect(harness.toldStatuses == ["pause"])
        }
        await harness.simulator.stop()
    }

    @Test func aPauseThatIsRefusedIsRepeatedAndSaidOnce() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo, channel(harness)) {
            try await wait("it is online") { await harness.isOnline() }
            harness.simulator.faults.update {
                $0.requests = [RequestFault(.failed, next: 2, path: "/users/me/pause")]
            }
            try await blind(harness)
            try await wait("the seat is paused") { await !harness.isOnline() }
            let said = harness.log.text.components(separatedBy: "The stream stays away").count - 1
            #expect(said == 1)
        }
        await harness.simulator.stop()
    }
}
