import Testing

@testable import Centrifuge

/// Conformance cases 9 to 19.
@Suite struct ConnectingCases {
    @Test("C09: a final error of connect disconnects for good")
    func c09() {
        var harness = MachineHarness()
        harness.open()
        let actions = harness.receive(#"{"id":1,"error":{"code":101,"message":"unauthorized"}}"#)
        #expect(actions == [.close(1), .stop])
        #expect(harness.events() == ["connecting 0", "disconnected 101"])
        #expect(harness.machine.nextDeadline == nil)
    }

    @Test("C10: a temporary error of connect is told and tried again soon", arguments: [0, 0.5, 0.999])
    func c10(random: Double) throws {
        var harness = MachineHarness(random: random)
        harness.open()
        let actions = harness.receive(
            #"{"id":1,"error":{"code":100,"message":"internal server error","temporary":true}}"#)
        #expect(actions == [.close(1)])
        #expect(harness.events() == ["connecting 0", "failure 100"])
        let wait = try #require(harness.wait)
        #expect(wait >= .milliseconds(500) && wait <= .milliseconds(1000))
        harness.connect()
        #expect(harness.events() == ["connected"])
    }

    @Test("C11: an expired token is replaced before the next attempt")
    func c11() {
        var harness = MachineHarness { settings in
            settings.token = "old"
            settings.hasTokenProvider = true
        }
        #expect(harness.open().sent.first?.contains(#""token":"old""#) == true)
        _ = harness.receive(#"{"id":1,"error":{"code":109,"message":"token expired"}}"#)
        #expect(harness.events() == ["connecting 0", "failure 109"])
        harness.answers = [.token("new")]
        let actions = harness.open()
        #expect(actions.questions.map(\.subject) == [.connectionToken])
        #expect(actions.sent.first?.contains(#""token":"new""#) == true)
    }

    @Test("C12: an expired token that nobody can replace ends the run")
    func c12() {
        var harness = MachineHarness { $0.token = "old" }
        harness.open()
        _ = harness.receive(#"{"id":1,"error":{"code":109,"message":"token expired"}}"#)
        #expect(harness.events() == ["connecting 0", "disconnected 1"])
    }

    @Test("C13: a connect command without an answer for 5 s costs the socket")
    func c13() {
        var harness = MachineHarness()
        harness.open()
        #expect(harness.advance(.milliseconds(4999)) == [])
        #expect(harness.advance(.milliseconds(1)) == [.drop(1)])
        #expect(harness.events() == ["connecting 0", "failure 1"])
        #expect(harness.advance(.seconds(1)) == [.open(2)])
    }

    @Test("C14: a socket that does not open for 5 s is given up")
    func c14() {
        var harness = MachineHarness()
        #expect(harness.machine.start(now: harness.now) == [.open(1)])
        #expect(harness.advance(.milliseconds(4999)) == [])
        #expect(harness.advance(.milliseconds(1)) == [.drop(1)])
        #expect(harness.wait != nil)
    }

    @Test("C15: waits grow to 20 s, and are short again after a connection that lasted", arguments: [0, 0.5, 0.9999])
    func c15(random: Double) throws {
        var harness = MachineHarness(random: random)
        for attempt in 1...8 {
            harness.open()
            _ = harness.close(1006)
            let wait = try #require(harness.wait)
            let longest = min(20_000, 500 + 500 << (attempt - 1))
            #expect(wait >= .milliseconds(500) && wait <= .milliseconds(longest))
            if random == 0.9999, attempt > 1 { #expect(wait > .milliseconds(longest * 9 / 10)) }
        }
        harness.connect()
        _ = harness.advance(.seconds(1))
        _ = harness.close(1006)
        let wait = try #require(harness.wait)
        #expect(wait >= .milliseconds(500) && wait <= .milliseconds(1000))
    }

    @Test("C15: a connection that ends within a second does not make the waits short again")
    func c15Kicked() throws {
        var harness = MachineHarness(random: 0.9999)
        var waits: [Duration] = []
        for _ in 0..<3 {
            harness.connect()
            _ = harness.advance(.milliseconds(999))
            #expect(harness.close(3001).contains(.note(.shortLife)))
            waits.append(try #require(harness.wait))
        }
        #expect(waits[0] < waits[1] && waits[1] < waits[2])
    }

    @Test("C16: disconnecting during a wait ends the run, once")
    func c16() {
        var harness = MachineHarness()
        harness.open()
        _ = harness.close(1006)
        _ = harness.events()
        #expect(harness.machine.stop(now: harness.now) == [.stop])
        #expect(harness.machine.stop(now: harness.now) == [])
        #expect(harness.events() == ["disconnected 0"])
        #expect(harness.advance(.seconds(60)) == [])
    }

    @Test("C17: the data is asked for anew before each attempt")
    func c17() {
        var harness = MachineHarness { $0.hasDataProvider = true }
        harness.answers = [.data(Array(#""T1""#.utf8)), .data(Array(#""T2""#.utf8))]
        #expect(harness.connect().sent == [#"{"id":1,"connect":{"data":"T1"}}"#])
        _ = harness.close(1006)
        #expect(harness.connect().sent == [#"{"id":2,"connect":{"data":"T2"}}"#])
    }

    @Test("C18: reports of an older socket change nothing")
    func c18() {
        var harness = MachineHarness.connected()
        _ = harness.close(1006)
        harness.connect()
        _ = harness.events()
        let now = harness.now
        #expect(harness.machine.connection == 2)
        #expect(harness.machine.opened(1, now: now) == [])
        #expect(harness.machine.ended(1, .closed(code: 3500, reason: ""), now: now) == [])
        #expect(harness.machine.received(.push(.message([])), 1, now: now) == [])
        #expect(harness.events() == [])
        #expect(harness.machine.isConnected)
    }

    @Test("C18: answers to questions of an older attempt change nothing")
    func c18Questions() throws {
        var harness = MachineHarness { $0.hasDataProvider = true }
        let first = try #require(harness.machine.start(now: harness.now).questions.first)
        _ = harness.machine.stop(now: harness.now)
        #expect(harness.machine.answered(first, .data([]), now: harness.now) == [])
        _ = harness.machine.start(now: harness.now)
        #expect(harness.machine.answered(first, .data([]), now: harness.now) == [])
        #expect(harness.machine.phase == .preparing)
    }

    @Test("C19: a refused upgrade is told with its status and tried again")
    func c19() throws {
        var harness = MachineHarness()
        _ = harness.machine.start(now: harness.now)
        let refusal = CentrifugeError(.transport, 2, "No.", retryable: true, httpStatus: 403)
        _ = harness.end(.failed(refusal, retryAfter: nil))
        #expect(
            harness.machine.takeEvents()
                == [.connecting(CentrifugeReason(code: 0, text: "connect called")), .failure(refusal)])
        let wait = try #require(harness.wait)
        #expect(wait >= .milliseconds(500) && wait <= .milliseconds(1000))
    }

    @Test("C19: ten refusals in a row raise an alarm, once, and the waits become the longest")
    func c19Alarm() {
        var harness = MachineHarness(random: 0)
        _ = harness.machine.start(now: harness.now)
        for _ in 0..<15 {
            let refusal = CentrifugeError(.transport, 2, "No.", retryable: true, httpStatus: 401)
            _ = harness.end(.failed(refusal, retryAfter: nil))
            _ = harness.advance(.seconds(20))
        }
        let alarms = harness.machine.takeEvents().filter {
            if case .failure(let error) = $0 { error.code == .refusedRepeatedly } else { false }
        }
        #expect(alarms.count == 1)
        _ = harness.end(
            .failed(CentrifugeError(.transport, 2, "No.", retryable: true, httpStatus: 404), retryAfter: nil))
        #expect(harness.wait == .seconds(20))
    }
}
