import Testing

@testable import ActionCable

@Suite struct SubscriptionTests {
    private let first = SubscriptionID(number: 1)

    @Test func subscriptionsWaitForTheWelcome() throws {
        var harness = MachineHarness()
        let (_, early) = try harness.add("a")
        #expect(early == [])
        #expect(harness.welcome().sent == [subscribeFrame("a")])
    }

    @Test func subscriptionOnALiveSocketIsSentAtOnce() throws {
        var harness = try MachineHarness.live()
        #expect(try harness.add("a").1.sent == [subscribeFrame("a")])
        #expect(harness.receive(.confirm(identifier: "a")).events == [.confirmed(reconnect: false)])
    }

    @Test func identifierIsSentVerbatimInsideAString() throws {
        var harness = try MachineHarness.live()
        let identifier = #"{"channel":"RoomChannel","pubsub_token":"T"}"#
        let expected = #"{"command":"subscribe","identifier":"{\"channel\":\"RoomChannel\",\"pubsub_token\":\"T\"}"}"#
        #expect(try harness.add(identifier).1.sent == [expected])
    }

    @Test func sameIdentifierTwiceIsAnError() throws {
        var harness = try MachineHarness.live("a", "b")
        #expect(throws: CableError.duplicateIdentifier) { try harness.add("a") }
        #expect(throws: CableError.duplicateIdentifier) {
            try harness.machine.replaceToken(SubscriptionID(number: 2), "a", now: harness.now)
        }
    }

    @Test func secondConfirmationIsSilent() throws {
        var harness = try MachineHarness.live("a")
        #expect(harness.receive(.confirm(identifier: "a")) == [])
    }

    @Test func confirmationOfAStrangerIsSilent() throws {
        var harness = try MachineHarness.live("a")
        #expect(harness.receive(.confirm(identifier: "z")) == [])
        #expect(harness.receive(.reject(identifier: "z")) == [])
    }

    @Test func unansweredSubscribeIsRepeatedThreeTimes() throws {
        var harness = try MachineHarness.live()
        _ = try harness.add("a")
        var times: [Duration] = []
        let start = harness.now
        while harness.now < start + .milliseconds(4900) {
            if !harness.advance(.milliseconds(100)).sent.isEmpty { times.append(harness.now - start) }
            _ = harness.receive(.ping)
        }
        #expect(times == [.milliseconds(500), .seconds(1), .seconds(2)])
    }

    @Test func rejectionIsFinalUntilTheTokenIsReplaced() throws {
        var harness = try MachineHarness.live()
        let (id, _) = try harness.add("a")
        #expect(harness.receive(.reject(identifier: "a")).events == [.rejected])
        #expect(harness.receive(.reject(identifier: "a")) == [])
        #expect(harness.advanceAlive(.seconds(20)) == [])
        _ = harness.lose()
        #expect(harness.welcome().sent == [])
        #expect(try harness.machine.replaceToken(id, "b", now: harness.now).sent == [subscribeFrame("b")])
    }

    @Test func unsubscribingSendsAndEnds() throws {
        var harness = try MachineHarness.live("a")
        let actions = harness.machine.unsubscribe(first, now: harness.now)
        #expect(actions.sent == [unsubscribeFrame("a")])
        #expect(actions.last == .finish(first))
        #expect(harness.machine.unsubscribe(first, now: harness.now) == [])
        #expect(harness.machine.dataTarget("a") == nil)
    }

    @Test func unsubscribingOfflineSendsNothing() throws {
        var harness = MachineHarness()
        _ = try harness.add("a")
        #expect(harness.machine.unsubscribe(first, now: harness.now) == [.finish(first)])
        #expect(harness.welcome().sent == [])
    }

    @Test func identifierGivenBackIsNotTakenAgainTooSoon() throws {
        var harness = try MachineHarness.live("a")
        _ = harness.machine.unsubscribe(first, now: harness.now)
        #expect(try harness.add("a").1 == [])
        #expect(harness.advance(.milliseconds(299)) == [])
        #expect(harness.advance(.milliseconds(1)).sent == [subscribeFrame("a")])
    }

    @Test func identifierGivenBackOnAnOldConnectionIsFree() throws {
        var harness = try MachineHarness.live("a")
        _ = harness.machine.unsubscribe(first, now: harness.now)
        _ = harness.lose()
        _ = try harness.add("a")
        #expect(harness.welcome().sent == [subscribeFrame("a")])
    }

    @Test func windowBoundsTheSubscribesInFlight() throws {
        var timing = CableTiming()
        timing.subscribeWindow = 2
        var harness = MachineHarness(timing: timing)
        for identifier in ["a", "b", "c", "d"] { _ = try harness.add(identifier) }
        #expect(harness.welcome().sent == [subscribeFrame("a"), subscribeFrame("b")])
        #expect(harness.receive(.confirm(identifier: "b")).sent == [subscribeFrame("c")])
        #expect(harness.receive(.reject(identifier: "a")).sent == [subscribeFrame("d")])
    }

    @Test func wrongTokenMakesRoomInTheWindow() throws {
        var timing = CableTiming()
        timing.subscribeWindow = 1
        timing.resendOffsets = []
        var harness = MachineHarness(timing: timing)
        _ = try harness.add("wrong")
        _ = try harness.add("right")
        harness.welcome()
        #expect(harness.advanceAlive(.seconds(5)).sent == [unsubscribeFrame("wrong"), subscribeFrame("right")])
    }

    @Test func presenceIsPerformedOnlyWhenLive() throws {
        var harness = try MachineHarness.live()
        let (id, _) = try harness.add("a")
        let data = #"{"action":"update_presence"}"#
        #expect(harness.machine.perform(id, data: data) == nil)
        _ = harness.receive(.confirm(identifier: "a"))
        let frame = #"{"command":"message","identifier":"a","data":"{\"action\":\"update_presence\"}"}"#
        #expect([harness.machine.perform(id, data: data)].compactMap(\.self).sent == [frame])
        _ = harness.lose()
        #expect(harness.machine.perform(id, data: data) == nil)
    }
}
