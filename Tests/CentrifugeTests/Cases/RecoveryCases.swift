import Testing

@testable import Centrifuge

/// Conformance cases 30 to 39.
@Suite struct RecoveryCases {
    private static let firstReply = #"{"subs":{"A":{"recoverable":true,"epoch":"e","offset":5},"B":{}}}"#

    /// After the first reply and A/6, A/7.
    private func afterTwo() -> MachineHarness {
        var harness = MachineHarness.connected(Self.firstReply)
        _ = harness.receive(push("A", 6) + "\n" + push("A", 7))
        _ = harness.events()
        return harness
    }

    /// After the reply of case 31.
    private func recovered() -> MachineHarness {
        var harness = afterTwo()
        _ = harness.close(1006)
        _ = harness.events()
        harness.connect(
            #"{"subs":{"A":{"recoverable":true,"epoch":"e","offset":7,"recovered":true,"was_recovering":true,"#
                + #""publications":[{"data":{},"offset":8}]}}}"#)
        return harness
    }

    @Test("C30: the next connect asks for what came after the last publication, of recoverable channels only")
    func c30() {
        var harness = afterTwo()
        _ = harness.close(1006)
        #expect(harness.events() == ["subscribing A 1", "subscribing B 1", "connecting 1"])
        #expect(
            harness.open().sent
                == [#"{"id":2,"connect":{"subs":{"A":{"recover":true,"offset":7,"epoch":"e"}}}}"#])
    }

    @Test("C31: greeting, recovered publications and farewell come in this order")
    func c31() {
        var harness = recovered()
        #expect(
            harness.events() == ["connected", "subscribed A recovering recovered", "A/8", "unsubscribed B 2000"])
        #expect(harness.offset("A") == 8)
    }

    @Test("C32: what was recovered is not delivered twice")
    func c32() {
        var harness = recovered()
        _ = harness.events()
        _ = harness.receive(push("A", 8) + "\n" + push("A", 9))
        #expect(harness.events() == ["A/9"])
        #expect(harness.machine.duplicates == 1)
    }

    @Test("C33: a stream that could not be recovered is said to be lost, and goes on from its new place")
    func c33() throws {
        var harness = afterTwo()
        _ = harness.close(1006)
        _ = harness.events()
        harness.connect(
            #"{"subs":{"A":{"recoverable":true,"epoch":"e2","offset":3,"was_recovering":true},"B":{}}}"#)
        let events = harness.machine.takeEvents()
        #expect(events.map(\.brief) == ["connected", "subscribed A recovering lost", "subscribed B lost"])
        guard case .subscribed(_, let how) = try #require(events.dropFirst().first) else {
            Issue.record("not a subscription")
            return
        }
        #expect(how.position == CentrifugePosition(epoch: "e2", offset: 3))
        _ = harness.receive(push("A", 4))
        #expect(harness.events() == ["A/4"])
        _ = harness.close(1006)
        #expect(harness.open().sent.first?.contains(#"{"recover":true,"offset":4,"epoch":"e2"}"#) == true)
    }

    @Test("C34: the beginning of a stream is asked for without an offset")
    func c34() {
        var harness = MachineHarness.connected(#"{"subs":{"A":{"recoverable":true,"epoch":"e"}}}"#)
        _ = harness.close(1006)
        #expect(harness.open().sent.first?.contains(#""subs":{"A":{"recover":true,"epoch":"e"}}"#) == true)
    }

    @Test("C35: channels come and go by push, and take part in recovery meanwhile")
    func c35() {
        var harness = MachineHarness.connected()
        _ = harness.receive(
            #"{"push":{"channel":"Z","subscribe":{"recoverable":true,"epoch":"e","offset":3}}}"# + "\n"
                + push("Z", 4))
        #expect(harness.events() == ["subscribed Z", "Z/4"])
        var other = harness
        _ = other.close(1006)
        #expect(other.open().sent.first?.contains(#""subs":{"Z":{"recover":true,"offset":4,"epoch":"e"}}"#) == true)

        _ = harness.receive(
            #"{"push":{"channel":"Z","unsubscribe":{"code":2000,"reason":"server unsubscribe"}}}"# + "\n"
                + push("Z", 5))
        #expect(harness.events() == ["unsubscribed Z 2000"])
        _ = harness.close(1006)
        #expect(harness.open().sent == [#"{"id":2,"connect":{}}"#])
    }

    @Test("C36: a publication of a channel that was never subscribed is dropped")
    func c36() {
        var harness = MachineHarness.connected()
        #expect(harness.receive(push("X", 1)) == [])
        #expect(harness.events() == [])
    }

    @Test("C37: a gap is delivered and keeps the connection")
    func c37() {
        var harness = recovered()
        _ = harness.receive(push("A", 9))
        _ = harness.events()
        #expect(harness.receive(push("A", 20)) == [.note(.gap(channel: "A"))])
        #expect(harness.receive(push("A", 30)) == [])
        #expect(harness.events() == ["A/20", "A/30"])
        #expect(harness.offset("A") == 30)
        #expect(harness.machine.isConnected)
    }

    @Test("C38: a gap that the server found is closed by recovery")
    func c38() {
        var harness = afterTwo()
        _ = harness.close(3010, "insufficient state")
        #expect(harness.events().last == "connecting 3010")
        #expect(harness.open().sent.first?.contains(#""recover":true,"offset":7"#) == true)
    }

    @Test("C39: a state that became invalid takes tokens and positions with it")
    func c39() {
        var harness = MachineHarness { settings in
            settings.hasTokenProvider = true
            settings.hasDataProvider = true
        }
        harness.answers = [.token("t1"), .data(Array("1".utf8))]
        harness.connect(Self.firstReply)
        _ = harness.close(3014, "state invalidated")
        _ = harness.events()
        harness.answers = [.token("t2"), .data(Array("2".utf8))]
        let actions = harness.connect(#"{"subs":{"A":{"recoverable":true,"epoch":"e","offset":5},"B":{}}}"#)
        #expect(actions.sent == [#"{"id":2,"connect":{"token":"t2","data":2}}"#])
        #expect(harness.events() == ["connected", "subscribed A lost", "subscribed B lost"])
        _ = harness.close(1006)
        harness.answers = [.data(Array("3".utf8))]
        #expect(harness.open().sent.first?.contains(#""recover":true,"offset":5"#) == true)
    }

    @Test("A server that names its top instead of the offset asked for still gets its publications delivered")
    func topInsteadOfOffset() {
        var harness = afterTwo()
        _ = harness.close(1006)
        _ = harness.events()
        harness.connect(
            #"{"subs":{"A":{"recoverable":true,"epoch":"e","offset":9,"recovered":true,"was_recovering":true,"#
                + #""publications":[{"offset":8},{"offset":9}]},"B":{}}}"#)
        #expect(
            harness.events()
                == ["connected", "subscribed A recovering recovered", "subscribed B lost", "A/8", "A/9"])
        #expect(harness.offset("A") == 9)
    }

    @Test("A client that is made anew continues where another one stopped")
    func givenPositions() {
        var harness = MachineHarness { $0.positions = ["A": CentrifugePosition(epoch: "e", offset: 41)] }
        #expect(harness.open().sent.first?.contains(#""A":{"recover":true,"offset":41,"epoch":"e"}"#) == true)
    }
}
