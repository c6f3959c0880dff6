import Testing

@testable import Centrifuge

/// Conformance cases 40 to 42.
@Suite struct RefreshCases {
    private func connected() -> MachineHarness {
        var harness = MachineHarness { $0.hasTokenProvider = true }
        harness.answers = [.token("t1")]
        harness.connect(#"{"expires":true,"ttl":60}"#)
        _ = harness.events()
        return harness
    }

    @Test("C40: a token is renewed when it is about to expire, and again after its new life")
    func c40() {
        var harness = connected()
        harness.answers = [.token("t2"), .token("t3")]
        #expect(harness.advance(.milliseconds(59_999)) == [])
        #expect(harness.advance(.milliseconds(1)).sent == [#"{"id":2,"refresh":{"token":"t2"}}"#])
        #expect(harness.receive(#"{"id":2,"refresh":{"client":"c","expires":true,"ttl":120}}"#) == [])
        #expect(harness.advance(.milliseconds(119_999)) == [])
        #expect(harness.advance(.milliseconds(1)).sent == [#"{"id":3,"refresh":{"token":"t3"}}"#])
    }

    @Test("C41: a renewal that failed for now is repeated after 5 to 10 s", arguments: [0, 0.999])
    func c41(random: Double) throws {
        var harness = MachineHarness(random: random) { $0.hasTokenProvider = true }
        harness.answers = [.token("t1"), .token("t2"), .token("t3")]
        harness.connect(#"{"expires":true,"ttl":60}"#)
        _ = harness.advance(.seconds(60))
        _ = harness.events()
        _ = harness.receive(#"{"id":2,"error":{"code":100,"message":"internal server error","temporary":true}}"#)
        #expect(harness.events() == ["failure 6"])
        #expect(harness.advance(.milliseconds(4999)) == [])
        #expect(harness.advance(.milliseconds(5001)).sent == [#"{"id":3,"refresh":{"token":"t3"}}"#])
        #expect(harness.machine.isConnected)
    }

    @Test("C41: a renewal that was refused ends the run")
    func c41Refused() {
        var harness = connected()
        harness.answers = [.token("t2")]
        _ = harness.advance(.seconds(60))
        let actions = harness.receive(#"{"id":2,"error":{"code":103,"message":"permission denied"}}"#)
        #expect(actions == [.close(1), .stop])
        #expect(harness.events() == ["disconnected 103"])
    }

    @Test("C42: an expired connection without a token reconnects with fresh data")
    func c42() {
        var harness = MachineHarness { $0.hasDataProvider = true }
        harness.answers = [.data(Array(#""T1""#.utf8)), .data(Array(#""T2""#.utf8))]
        harness.connect()
        _ = harness.close(3005, "connection expired")
        #expect(harness.connect().sent == [#"{"id":2,"connect":{"data":"T2"}}"#])
        #expect(harness.events() == ["connecting 0", "connected", "connecting 3005", "connected"])
    }

    @Test("Code 3005 asks for a new token before the next attempt")
    func expiredConnection() {
        var harness = connected()
        _ = harness.close(3005, "connection expired")
        harness.answers = [.token("t2")]
        #expect(harness.open().sent.first?.contains(#""token":"t2""#) == true)
    }

    @Test("A provider that fails is asked again; one that has nothing ends the run")
    func failingProvider() throws {
        var harness = connected()
        harness.answers = [.failed("no"), .token("t2")]
        _ = harness.advance(.seconds(60))
        #expect(harness.events() == ["failure 6"])
        #expect(harness.advance(.seconds(10)).sent == [#"{"id":2,"refresh":{"token":"t2"}}"#])

        harness = connected()
        harness.answers = [.unauthorized]
        _ = harness.advance(.seconds(60))
        #expect(harness.events() == ["disconnected 1"])
    }

    @Test("An unanswered renewal is repeated, and a push moves the time")
    func timeoutAndPush() {
        var harness = connected()
        harness.answers = [.token("t2"), .token("t3")]
        _ = harness.receive(#"{"push":{"refresh":{"expires":true,"ttl":300}}}"#)
        #expect(harness.advance(.milliseconds(299_999)) == [])
        #expect(harness.advance(.milliseconds(1)).ids == [2])
        _ = harness.advance(.seconds(5))
        #expect(harness.events() == ["failure 6"])
        #expect(harness.advance(.seconds(10)).ids == [3])
        _ = harness.receive(#"{"id":3,"refresh":{}}"#)
        #expect(harness.machine.nextDeadline == nil)
    }
}
