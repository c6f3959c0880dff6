import Testing

@testable import ActionCable

@Suite struct LivenessTests {
    @Test func silenceDegradesAfterSixAndAbortsAfterNineSeconds() throws {
        var harness = try MachineHarness.live("a")
        #expect(harness.advance(.milliseconds(5999)) == [])
        #expect(harness.advance(.milliseconds(1)).events == [.degraded])
        #expect(harness.advance(.milliseconds(2999)) == [])
        let actions = harness.advance(.milliseconds(1))
        #expect(actions.first == .drop(1))
        #expect(actions.events == [.disconnected(reason: "Nothing was heard for 9 s.")])
    }

    @Test func anyFrameKeepsTheConnectionAlive() throws {
        var harness = try MachineHarness.live("a")
        for frame in [CableFrame.ping, .unknown, .data(identifier: "nobody")] {
            #expect(harness.advance(.seconds(5)) == [])
            #expect(harness.receive(frame) == [])
        }
    }

    @Test func frameAfterSilenceRecovers() throws {
        var harness = try MachineHarness.live("a", "b")
        #expect(harness.advance(.seconds(7)).events == [.degraded, .degraded])
        #expect(harness.receive(.ping).events == [.recovered, .recovered])
        #expect(harness.advance(.seconds(6)).events == [.degraded, .degraded])
    }

    @Test func slowConsumerIsNotTakenForASilentServer() throws {
        var harness = try MachineHarness.live("a")
        harness.machine.readerStalled(true, now: harness.now)
        #expect(harness.advance(.seconds(60)) == [])
        harness.machine.readerStalled(false, now: harness.now)
        #expect(harness.advance(.seconds(5)) == [])
        #expect(
            harness.advance(.seconds(4)).events == [.degraded, .disconnected(reason: "Nothing was heard for 9 s.")])
    }

    @Test func processThatStoodStillGivesTheSocketAnotherMoment() throws {
        var harness = try MachineHarness.live("a")
        harness.now += .seconds(30)
        #expect(harness.machine.tick(now: harness.now).events == [.degraded])
        #expect(harness.advance(.milliseconds(999)) == [])
        #expect(harness.receive(.ping).events == [.recovered])
    }

    @Test func processThatStoodStillStillAbortsADeadSocket() throws {
        var harness = try MachineHarness.live("a")
        harness.now += .seconds(30)
        _ = harness.machine.tick(now: harness.now)
        #expect(harness.advance(.seconds(1)).first == .drop(1))
    }

    @Test func freshConnectionIsNotDegraded() throws {
        var harness = try MachineHarness.live("a")
        _ = harness.advance(.seconds(9))
        harness.welcome()
        #expect(!harness.machine.isDegraded)
        #expect(harness.advance(.milliseconds(400)).events == [])
    }
}
