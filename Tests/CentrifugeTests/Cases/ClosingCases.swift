import Testing

@testable import Centrifuge

/// Conformance cases 20 to 25.
@Suite struct ClosingCases {
    @Test("C20: these codes reconnect", arguments: [3001, 3005, 3012, 3499, 4000, 4400, 5001])
    func c20(code: UInt32) {
        var harness = MachineHarness.connected()
        _ = harness.close(code, "words")
        #expect(harness.events() == ["connecting \(code)"])
        harness.connect()
        #expect(harness.events() == ["connected"])
    }

    @Test(
        "C21: these codes are final, with and without a reason",
        arguments: [3500, 3501, 3999, 4500, 4999], ["", "words"])
    func c21(code: UInt32, reason: String) {
        var harness = MachineHarness.connected()
        #expect(harness.close(code, reason) == [.stop])
        #expect(harness.events() == ["disconnected \(code)"])
        #expect(harness.machine.nextDeadline == nil)
    }

    @Test("C22: an end without a code of the protocol reconnects", arguments: [1000, 1001, 1005, 1006, 1011, 2999])
    func c22(code: UInt32) {
        var harness = MachineHarness.connected()
        _ = harness.close(code)
        #expect(harness.events() == ["connecting 1"])
        #expect(harness.wait != nil)
    }

    @Test("C23: a message that was too large for the server ends the run")
    func c23() {
        var harness = MachineHarness.connected()
        _ = harness.close(1009)
        #expect(harness.events() == ["disconnected 3"])
    }

    @Test("A message above our own limit is a gap, which no recovery may bring again")
    func ownLimit() {
        var harness = MachineHarness.connected(#"{"subs":{"A":{"recoverable":true,"epoch":"e","offset":5}}}"#)
        _ = harness.end(.tooLarge(CentrifugeError(.tooLarge, 3, "Too large.", retryable: true)))
        #expect(harness.events() == ["subscribing A 1", "connecting 1", "failure 3"])
        let sent = harness.connect(#"{"subs":{"A":{"recoverable":true,"epoch":"e","offset":6}}}"#).sent
        #expect(sent == [#"{"id":2,"connect":{}}"#])
        #expect(harness.events() == ["connected", "subscribed A lost"])
        // The next interruption is one like any other.
        _ = harness.close(1006)
        #expect(harness.open().sent.first?.contains(#""recover":true,"offset":6"#) == true)
    }

    @Test("C24: a pushed disconnect is obeyed like a close code, and the client closes the socket")
    func c24() {
        var harness = MachineHarness.connected()
        #expect(harness.receive(#"{"push":{"disconnect":{"code":4501,"reason":"x"}}}"#) == [.close(1), .stop])
        #expect(harness.events() == ["disconnected 4501"])

        harness = MachineHarness.connected()
        #expect(
            harness.receive(#"{"push":{"disconnect":{"code":3001,"reason":"shutdown"}}}"#).contains(.close(1)))
        #expect(harness.events() == ["connecting 3001"])
        harness.connect()
        #expect(harness.events() == ["connected"])
    }

    @Test("C25: an outstanding call fails with error 11, once")
    func c25() {
        var harness = MachineHarness.connected()
        _ = harness.call(1, .rpc(method: "m", data: JSONText.null))
        #expect(harness.close(1006).failure(1)?.number == 11)
        #expect(harness.connect().result(1) == nil)
        #expect(harness.advance(.seconds(30)).result(1) == nil)
    }

    @Test("Reasons of version 1 decide below 3500, and only there")
    func legacyReasons() {
        let stay = #"{"reason":"bye","reconnect":false}"#
        #expect(Farewell(code: 3001, reason: stay).reconnects == false)
        #expect(Farewell(code: 3001, reason: stay).reason.text == "bye")
        #expect(Farewell(code: 1000, reason: stay).reconnects == false)
        #expect(Farewell(code: 3500, reason: #"{"reason":"bye","reconnect":true}"#).reconnects == false)
        #expect(Farewell(code: 4400, reason: stay).reconnects)
        #expect(Farewell(code: 3001, reason: #"{"reason":"bye"}"#).reconnects)
    }
}
