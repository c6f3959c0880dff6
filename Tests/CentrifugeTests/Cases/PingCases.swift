import Testing

@testable import Centrifuge

/// Conformance cases 26 to 29.
@Suite struct PingCases {
    @Test("C26: each ping is answered with exactly one pong", arguments: ["{}", #"{"id":0}"#])
    func c26(ping: String) {
        var harness = MachineHarness.connected(#"{"ping":25,"pong":true}"#)
        #expect(harness.receive(ping) == [.send(Array("{}".utf8))])
        #expect(harness.advance(.seconds(20)) == [])
        #expect(harness.receive(ping + "\n" + ping).sent == ["{}", "{}"])
    }

    @Test("C27: without the server's wish no pong is sent")
    func c27() {
        var harness = MachineHarness.connected(#"{"ping":25}"#)
        #expect(harness.receive("{}") == [])
    }

    @Test("C28: 35 s of silence cost the connection")
    func c28() {
        var harness = MachineHarness.connected(#"{"ping":25,"pong":true}"#)
        #expect(harness.advance(.milliseconds(34_999)) == [])
        #expect(harness.advance(.milliseconds(1)) == [.drop(1)])
        #expect(harness.events() == ["connecting 2"])
        #expect(harness.advance(.seconds(1)) == [.open(2)])
    }

    @Test("C28: publications are as good as pings")
    func c28Publications() {
        var harness = MachineHarness.connected(#"{"ping":25,"subs":{"A":{}}}"#)
        for _ in 0..<20 {
            #expect(harness.advance(.seconds(20)) == [])
            _ = harness.receive(push("A"))
        }
        #expect(harness.machine.isConnected)
    }

    @Test("C29: a server that sends no pings may be silent for ever")
    func c29() {
        var harness = MachineHarness.connected()
        #expect(harness.advance(.seconds(600)) == [])
        #expect(harness.machine.isConnected)
        #expect(harness.machine.nextDeadline == nil)
    }

    @Test("A process that stood still gives the reader a moment before it blames the server")
    func lateTimer() {
        var harness = MachineHarness.connected(#"{"ping":25}"#)
        harness.now += .seconds(3600)
        #expect(harness.machine.tick(now: harness.now) == [])
        #expect(harness.advance(.milliseconds(999)) == [])
        #expect(harness.advance(.milliseconds(1)).contains(.drop(1)))
    }
}
