import Testing

@testable import ActionCable

/// The silent wrong token: nothing is answered, and the identifier stays taken.
@Suite struct TokenTests {
    private let id = SubscriptionID(number: 1)

    private func suspect() throws -> (MachineHarness, [CableMachine.Action]) {
        var harness = try MachineHarness.live()
        _ = try harness.add("a")
        let actions = harness.advanceAlive(.seconds(5))
        return (harness, actions)
    }

    @Test func silenceForFiveSecondsMakesTheTokenSuspect() throws {
        let (_, actions) = try suspect()
        #expect(actions.events == [.tokenSuspect(round: 1)])
        #expect(actions.sent.last == unsubscribeFrame("a"))
    }

    @Test func newTokenIsSubscribedNotBeforeThreeHundredMilliseconds() throws {
        var (harness, _) = try suspect()
        #expect(try harness.machine.replaceToken(id, "b", now: harness.now) == [])
        #expect(harness.advance(.milliseconds(299)) == [])
        #expect(harness.advance(.milliseconds(1)).sent == [subscribeFrame("b")])
        #expect(harness.receive(.confirm(identifier: "b")).events == [.confirmed(reconnect: false)])
    }

    @Test func tokenReadLaterIsSubscribedAtOnce() throws {
        var (harness, _) = try suspect()
        _ = harness.advanceAlive(.seconds(3))
        #expect(try harness.machine.replaceToken(id, "b", now: harness.now).sent == [subscribeFrame("b")])
    }

    @Test func sameTokenReadAgainIsSubscribedAgain() throws {
        var (harness, _) = try suspect()
        _ = try harness.machine.replaceToken(id, "a", now: harness.now)
        #expect(harness.advance(.milliseconds(300)).sent == [subscribeFrame("a")])
    }

    @Test func withoutAnAnswerTheSameTokenIsTriedAgain() throws {
        var (harness, _) = try suspect()
        #expect(harness.advanceAlive(.milliseconds(9900)).sent == [])
        #expect(harness.advanceAlive(.milliseconds(100)).sent == [subscribeFrame("a")])
    }

    @Test func twoSilentRoundsFailAndKeepTheSocket() throws {
        var harness = try MachineHarness.live("other")
        let (id, _) = try harness.add("a")
        _ = harness.advanceAlive(.seconds(5))
        _ = try harness.machine.replaceToken(id, "b", now: harness.now)
        let actions = harness.advanceAlive(.seconds(6))
        #expect(actions.events(id) == [.authFailed])
        #expect(harness.machine.connection == 1)
        #expect(harness.machine.dataTarget("other")?.isLive == true)
        #expect(harness.advanceAlive(.seconds(60)) == [])
    }

    @Test func confirmationAfterTheFailureStillCounts() throws {
        var (harness, _) = try suspect()
        _ = harness.advanceAlive(.seconds(15))
        #expect(harness.machine.subscriptions[id]?.state == .authFailed)
        #expect(harness.receive(.confirm(identifier: "a")).events == [.confirmed(reconnect: false)])
    }

    @Test func newTokenAfterTheFailureBeginsAnew() throws {
        var (harness, _) = try suspect()
        _ = harness.advanceAlive(.seconds(15))
        #expect(try harness.machine.replaceToken(id, "b", now: harness.now).sent == [unsubscribeFrame("a")])
        #expect(harness.advanceAlive(.seconds(6)).events == [.tokenSuspect(round: 1)])
    }

    @Test func nextConnectionTriesOnceMore() throws {
        var (harness, _) = try suspect()
        _ = harness.advanceAlive(.seconds(15))
        _ = harness.lose()
        #expect(harness.welcome().sent == [subscribeFrame("a")])
    }

    @Test func lateConfirmationClearsTheSuspicion() throws {
        var (harness, _) = try suspect()
        // The subscribe was only slow; it may have overtaken the unsubscribe, so a round is needed all the same.
        #expect(harness.receive(.confirm(identifier: "a")) == [])
        _ = try harness.machine.replaceToken(id, "a", now: harness.now)
        #expect(harness.advanceAlive(.seconds(6)).events == [.tokenSuspect(round: 1)])
    }

    @Test func dataWithoutConfirmationProvesTheToken() throws {
        var harness = try MachineHarness.live()
        _ = try harness.add("a")
        #expect(harness.machine.dataTarget("a")?.isLive == false)
        #expect(harness.advanceAlive(.seconds(5)).events == [.confirmed(reconnect: false)])
    }

    @Test func rotatedTokenOfALiveSubscriptionIsExchanged() throws {
        var harness = try MachineHarness.live("a")
        #expect(try harness.machine.replaceToken(id, "b", now: harness.now).sent == [unsubscribeFrame("a")])
        #expect(harness.machine.dataTarget("a") == nil)
        #expect(harness.advance(.milliseconds(300)).sent == [subscribeFrame("b")])
        #expect(harness.receive(.confirm(identifier: "b")).events == [.confirmed(reconnect: true)])
    }

    @Test func sameTokenForALiveSubscriptionChangesNothing() throws {
        var harness = try MachineHarness.live("a")
        #expect(try harness.machine.replaceToken(id, "a", now: harness.now) == [])
        #expect(harness.machine.dataTarget("a")?.isLive == true)
    }

    @Test func newTokenWhileSubscribingStaysInTheRound() throws {
        var (harness, _) = try suspect()
        _ = harness.advanceAlive(.seconds(11))
        _ = try harness.machine.replaceToken(id, "b", now: harness.now)
        #expect(harness.advanceAlive(.seconds(6)).events == [.authFailed])
    }

    @Test func tokenReplacedWhileOfflineIsUsedNext() throws {
        var harness = try MachineHarness.live("a")
        _ = harness.lose()
        #expect(try harness.machine.replaceToken(id, "b", now: harness.now) == [])
        #expect(harness.welcome().sent == [subscribeFrame("b")])
    }
}
