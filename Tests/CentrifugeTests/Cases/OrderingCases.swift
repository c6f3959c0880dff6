import Testing

@testable import Centrifuge

/// Conformance cases 43 and 44.
@Suite struct OrderingCases {
    @Test("C43: while a handler works its publications wait in order, and pings are answered")
    func c43() {
        var harness = MachineHarness.connected(
            #"{"ping":25,"pong":true,"subs":{"A":{"recoverable":true,"epoch":"e"}}}"#)
        _ = harness.receive(push("A", 1))
        #expect(harness.events() == ["A/1"])
        // The handler of A/1 is at work.
        _ = harness.receive(push("A", 2) + "\n" + push("A", 3) + "\n" + push("A", 4))
        #expect(harness.receive("{}").sent == ["{}"])
        #expect(harness.events() == ["A/2", "A/3", "A/4"])
    }

    @Test("C44: behind a slow handler memory is bounded, and recovery starts at what has been handled")
    func c44() {
        var harness = MachineHarness.connected(#"{"subs":{"A":{"recoverable":true,"epoch":"e"}}}"#) {
            $0.maxWaitingEvents = 100
        }
        _ = harness.receive(push("A", 1))
        #expect(harness.events() == ["A/1"])
        _ = harness.advance(.seconds(1))

        var actions: [CentrifugeMachine.Action] = []
        for offset in 2...10_000 as ClosedRange<UInt64> { actions += harness.receive(push("A", offset)) }
        #expect(actions == [.note(.consumerBehind), .close(1)])
        #expect(harness.machine.inbox.events.count <= 102)
        #expect(harness.machine.status(now: harness.now).phase == .heldBack)
        // The handler still works: a new connection would only be cut again.
        #expect(harness.advance(.seconds(60)) == [])

        let kept = harness.events()
        #expect(kept == (2...101).map { "A/\($0)" } + ["subscribing A 1", "connecting 1"])
        #expect(harness.machine.nextDeadline == nil)
        #expect(harness.events() == [])
        #expect(harness.open().sent.first?.contains(#""A":{"recover":true,"offset":101,"epoch":"e"}"#) == true)
    }

    @Test("C44: bytes are bounded too, and one large event always passes")
    func c44Bytes() {
        var harness = MachineHarness.connected(#"{"subs":{"A":{"recoverable":true,"epoch":"e"}}}"#) {
            $0.maxWaitingBytes = 1000
        }
        let large = "\"" + String(repeating: "x", count: 2000) + "\""
        #expect(harness.receive(push("A", 1, data: large)) == [])
        #expect(harness.receive(push("A", 2, data: large)).contains(.close(1)))
        #expect(harness.events() == ["A/1", "subscribing A 1", "connecting 1"])
        #expect(harness.offset("A") == 1)
    }

    @Test("What is lost from a channel without history is said to be lost")
    func overflowWithoutHistory() {
        var harness = MachineHarness.connected(#"{"subs":{"B":{}}}"#) { $0.maxWaitingEvents = 3 }
        for _ in 0..<10 { _ = harness.receive(push("B")) }
        #expect(harness.events() == ["B {}", "B {}", "B {}", "subscribing B 1", "connecting 1"])
        #expect(harness.events() == [])
        harness.connect(#"{"subs":{"B":{}}}"#)
        #expect(harness.events() == ["connected", "subscribed B lost"])
    }
}
