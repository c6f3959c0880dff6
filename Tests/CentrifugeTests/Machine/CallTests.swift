import Testing

@testable import Centrifuge

@Suite struct CallTests {
    @Test func callsWaitForTheConnectionAndGoOutInOrder() {
        var harness = MachineHarness()
        _ = harness.machine.start(now: harness.now)
        #expect(harness.call(1, .presence(channel: "A")) == [])
        #expect(harness.call(2, .send(data: JSONText.null)) == [])
        _ = harness.machine.opened(1, now: harness.now)
        let actions = harness.receive(#"{"id":1,"connect":{}}"#)
        #expect(actions.sent == [#"{"id":2,"presence":{"channel":"A"}}"#, #"{"send":{"data":null}}"#])
        #expect(actions.result(2) == .success(.none))
    }

    @Test func waitingEndsAfterItsTime() {
        var harness = MachineHarness()
        harness.open()
        _ = harness.close(1006)
        _ = harness.call(1, .presence(channel: "A"))
        #expect(harness.advance(.milliseconds(4999)).result(1) == nil)
        #expect(harness.advance(.milliseconds(1)).failure(1)?.number == 1)
    }

    @Test func withoutARunCallsFailAtOnce() {
        var harness = MachineHarness()
        #expect(harness.call(1, .presence(channel: "A")).failure(1)?.number == 3)
        harness.connect()
        _ = harness.call(2, .presence(channel: "A"))
        #expect(harness.close(3500).failure(2)?.number == 3)
        #expect(harness.call(3, .presence(channel: "A")).failure(3)?.number == 3)
    }

    @Test func timeoutsComeInTheOrderOfTheCalls() {
        var harness = MachineHarness.connected()
        _ = harness.call(1, .presence(channel: "A"))
        _ = harness.advance(.seconds(2))
        let second = harness.call(2, .presence(channel: "B"))
        _ = harness.advance(.seconds(2))
        _ = harness.call(3, .presence(channel: "C"))
        _ = harness.receive(#"{"id":\#(second.ids.first ?? 0),"presence":{}}"#)
        #expect(harness.advance(.seconds(1)).failure(1)?.number == 1)
        #expect(harness.advance(.milliseconds(3999)) == [])
        #expect(harness.advance(.milliseconds(1)).failure(3)?.number == 1)
        #expect(harness.machine.isConnected)
    }

    @Test func commandsAreWrittenAsTheProtocolWantsThem() {
        var harness = MachineHarness.connected()
        let since = CentrifugePosition(epoch: "e", offset: 3)
        let sent = [
            harness.call(1, .publish(channel: "n", data: Array("[1]".utf8))),
            harness.call(2, .history(channel: "n", limit: -1, since: since, reverse: true)),
            harness.call(3, .history(channel: "n", limit: 0, since: nil, reverse: false)),
            harness.call(4, .presenceStats(channel: "n")),
            harness.call(5, .rpc(method: "", data: JSONText.null)),
        ].flatMap(\.sent)
        #expect(
            sent == [
                #"{"id":2,"publish":{"channel":"n","data":[1]}}"#,
                #"{"id":3,"history":{"channel":"n","limit":-1,"since":{"offset":3,"epoch":"e"},"reverse":true}}"#,
                #"{"id":4,"history":{"channel":"n"}}"#,
                #"{"id":5,"presence_stats":{"channel":"n"}}"#,
                #"{"id":6,"rpc":{"data":null}}"#,
            ])
    }

    @Test func peerOfVersion1EndsTheRunWithAHint() throws {
        var harness = MachineHarness()
        harness.open()
        _ = harness.receive(#"{"id":1,"result":{"client":"x"}}"#)
        let last = try #require(harness.machine.takeEvents().last)
        guard case .disconnected(let reason) = last else {
            Issue.record("not \(last)")
            return
        }
        #expect(reason.code == 2 && reason.text.contains("cf_protocol_version=v2"))
    }

    @Test func wordsOfTheServerAreFitForATerminal() throws {
        var harness = MachineHarness.connected()
        _ = harness.close(3001, "\u{1B}[2J\u{9B}" + String(repeating: "x", count: 500))
        let failure = try #require(harness.machine.lastFailure)
        #expect(failure.text.count <= 200 && !failure.text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" })
    }

    @Test func retryAfterIsObeyedWithinReason() {
        for (asked, waited) in [(Duration.seconds(60), Duration.seconds(60)), (.seconds(9999), .seconds(300))] {
            var harness = MachineHarness(random: 0)
            _ = harness.machine.start(now: harness.now)
            let error = CentrifugeError(.transport, 2, "No.", retryable: true, httpStatus: 429)
            _ = harness.end(.failed(error, retryAfter: asked))
            #expect(harness.wait == waited)
        }
    }

    @Test(arguments: zip(0...8, [1000, 1500, 2500, 4500, 8500, 16_500, 20_000, 20_000, 20_000]))
    func backOffIsTheReferenceClients(step: Int, longest: Int) {
        let backOff = BackOff(shortest: .milliseconds(500), longest: .seconds(20))
        #expect(backOff.delay(step: step, random: 0) == .milliseconds(500))
        #expect(backOff.delay(step: step, random: 1.nextDown) == .milliseconds(longest))
        #expect(backOff.delay(step: 1_000_000, random: 1.nextDown) == .seconds(20))
    }

    @Test func commandIDsGoOnOverConnectionsAndAreTakenBackByAnswers() {
        var pending = PendingCommands()
        let first = pending.add(.connect, deadline: .seconds(1))
        let second = pending.add(.refresh, deadline: .seconds(2))
        #expect(pending.nextDeadline == .seconds(1))
        #expect(pending.remove(first)?.purpose == .connect)
        #expect(pending.remove(first) == nil)
        #expect(pending.nextDeadline == .seconds(2))
        #expect(pending.removeAll().count == 1)
        #expect(pending.remove(second) == nil)
        #expect(pending.nextDeadline == nil)
        #expect(pending.add(.connect, deadline: .seconds(3)) == 3)
        #expect(pending.nextDeadline == .seconds(3))
    }
}
