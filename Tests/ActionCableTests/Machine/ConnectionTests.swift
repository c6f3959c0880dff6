import Testing

@testable import ActionCable
@testable import WebSocketClient

@Suite struct ConnectionTests {
    @Test func startingConnects() {
        var harness = MachineHarness()
        #expect(harness.machine.start(now: harness.now) == [.connect(1)])
        #expect(harness.machine.start(now: harness.now) == [])
        #expect(harness.machine.nextDeadline == harness.now + .seconds(10))
    }

    @Test func attemptThatTakesTooLongIsDropped() {
        var harness = MachineHarness()
        _ = harness.machine.start(now: harness.now)
        #expect(harness.advance(.milliseconds(9999)) == [])
        #expect(harness.advance(.milliseconds(1)) == [.drop(1)])
        #expect(harness.wait == .milliseconds(750))
    }

    @Test func socketWithoutWelcomeIsDropped() {
        var harness = MachineHarness()
        _ = harness.machine.start(now: harness.now)
        _ = harness.machine.opened(1, now: harness.now)
        #expect(harness.advance(.milliseconds(9999)) == [])
        #expect(harness.advance(.milliseconds(1)) == [.drop(1)])
        #expect(harness.machine.lastFailure?.contains("no welcome") == true)
    }

    @Test func lateOpeningOfADroppedAttemptIsIgnored() {
        var harness = MachineHarness()
        _ = harness.machine.start(now: harness.now)
        _ = harness.advance(.seconds(10))
        #expect(harness.machine.opened(1, now: harness.now) == [])
        #expect(harness.wait != nil)
    }

    @Test func reportsOfAnOlderConnectionAreIgnored() throws {
        var harness = try MachineHarness.live("a")
        _ = harness.lose()
        harness.welcome()
        #expect(harness.machine.connection == 2)
        #expect(harness.machine.ended(1, CableFailure(reason: "old"), now: harness.now) == [])
        let goodbye = CableFrame.disconnect(reason: "old", reconnect: false)
        #expect(harness.machine.received(goodbye, 1, now: harness.now) == [])
        #expect(!harness.machine.isStopped)
    }

    @Test func lossIsToldToEverySubscriptionOnce() throws {
        var harness = try MachineHarness.live("a", "b")
        let gone = CableEvent.disconnected(reason: "gone")
        #expect(harness.lose().events == [gone, gone])
        #expect(harness.lose() == [])
    }

    @Test func reconnectSubscribesAllAgainAndSaysSo() throws {
        var harness = try MachineHarness.live("a", "b")
        _ = harness.lose()
        #expect(harness.welcome().sent == [subscribeFrame("a"), subscribeFrame("b")])
        #expect(harness.receive(.confirm(identifier: "a")).events == [.confirmed(reconnect: true)])
    }

    @Test func secondWelcomeChangesNothing() throws {
        var harness = try MachineHarness.live("a")
        #expect(harness.receive(.welcome) == [])
    }

    @Test func framesBeforeTheWelcomeChangeNothing() throws {
        var harness = MachineHarness()
        _ = try harness.add("a")
        _ = harness.machine.start(now: harness.now)
        _ = harness.machine.opened(1, now: harness.now)
        #expect(harness.receive(.confirm(identifier: "a")) == [])
        #expect(harness.receive(.ping) == [])
    }

    @Test func restartOfTheServerReconnectsSpreadOut() throws {
        for (random, wait) in [(0.0, Duration.milliseconds(500)), (0.9, .milliseconds(5000))] {
            var harness = try MachineHarness.live("a", random: random)
            _ = harness.advanceAlive(.seconds(7))
            let actions = harness.receive(.disconnect(reason: "server_restart", reconnect: true))
            #expect(actions.first == .drop(1))
            #expect(actions.events == [.disconnected(reason: "The server goes away: server_restart.")])
            #expect(harness.wait == wait)
        }
    }

    @Test func disconnectForGoodStopsAndSurfaces() throws {
        var harness = try MachineHarness.live("a", "b")
        let actions = harness.receive(.disconnect(reason: "unauthorized", reconnect: false))
        let stopped = CableEvent.stopped(reason: "The server closed the connection for good: unauthorized.")
        let (a, b) = (SubscriptionID(number: 1), SubscriptionID(number: 2))
        #expect(
            actions == [.drop(1), .deliver(a, stopped), .deliver(b, stopped), .finish(a), .finish(b), .stop])
        #expect(harness.machine.nextDeadline == nil)
        #expect(throws: CableError.stopped) { try harness.add("c") }
    }

    @Test func disconnectForGoodBeforeTheWelcomeStopsToo() {
        var harness = MachineHarness()
        _ = harness.machine.start(now: harness.now)
        _ = harness.machine.opened(1, now: harness.now)
        #expect(harness.receive(.disconnect(reason: "unauthorized", reconnect: false)) == [.drop(1), .stop])
    }

    @Test func reasonOfTheServerIsFitForATerminal() throws {
        var harness = try MachineHarness.live("a")
        let words = "\u{1B}[2J" + String(repeating: "x", count: 500)
        _ = harness.receive(.disconnect(reason: words, reconnect: true))
        let failure = try #require(harness.machine.lastFailure)
        #expect(failure.count < 120)
        #expect(!failure.contains("\u{1B}"))
    }

    @Test func stoppingFromOutsideDropsTheConnectionOnce() throws {
        var harness = try MachineHarness.live("a")
        #expect(harness.machine.stop(reason: "bye").first == .drop(1))
        #expect(harness.machine.stop(reason: "bye") == [])
    }

    @Test func unusableURLStops() {
        var harness = MachineHarness()
        _ = harness.machine.start(now: harness.now)
        let error = WebSocketError(.badURL, "no", retryable: false)
        #expect(harness.lose(CableFailure(error, wallClock: 0)) == [.drop(1), .stop])
    }
}
