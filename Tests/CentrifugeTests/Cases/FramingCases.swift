import Testing

@testable import Centrifuge

/// Conformance cases 1 to 8.
@Suite struct FramingCases {
    @Test("C01: the first frame is one connect command with the data and nothing that was not asked for")
    func c01() throws {
        var harness = MachineHarness { $0.hasDataProvider = true }
        harness.answers = [.data(Array(#"{"application":"notifications"}"#.utf8))]
        let actions = harness.open()
        #expect(actions.sent == [#"{"id":1,"connect":{"data":{"application":"notifications"}}}"#])
    }

    @Test("C02: one frame with reply, publication and ping gives connected, subscribed, publication and one pong")
    func c02() {
        var harness = MachineHarness()
        harness.open()
        let frame = [
            #"{"id":1,"connect":{"client":"c","ping":25,"pong":true,"subs":{"A":{}}}}"#, push("A", data: "1"), "{}",
        ].joined(separator: "\n")
        let actions = harness.receive(frame)
        #expect(harness.events() == ["connecting 0", "connected", "subscribed A", "A 1"])
        #expect(actions.sent == ["{}"])
    }

    @Test("C03: a newline at the end of a frame is neither an error nor a ping")
    func c03() {
        var harness = MachineHarness.connected(#"{"ping":25,"pong":true,"subs":{"A":{}}}"#)
        let actions = harness.receive(push("A", data: "1") + "\n")
        #expect(harness.events() == ["A 1"])
        #expect(actions == [])
    }

    @Test("C04: replies in another order than the commands reach their own callers")
    func c04() {
        var harness = MachineHarness.connected()
        let first = harness.call(1, .rpc(method: "a", data: JSONText.null)).ids
        let second = harness.call(2, .rpc(method: "b", data: JSONText.null)).ids
        let actions = harness.receive(
            #"{"id":\#(second[0]),"rpc":{"data":"b"}}"# + "\n" + #"{"id":\#(first[0]),"rpc":{"data":"a"}}"#)
        #expect(
            actions == [
                .complete(CallID(number: 2), .success(.rpc(Array(#""b""#.utf8)))),
                .complete(CallID(number: 1), .success(.rpc(Array(#""a""#.utf8)))),
            ])
    }

    @Test(
        "C05: unknown ids, pushes and fields are ignored",
        arguments: [
            #"{"id":4711,"rpc":{"data":1}}"#, #"{"push":{"channel":"A","novelty":{"x":1}}}"#,
            #"{"push":{"channel":"A"}}"#, #"{"push":{"channel":"A","pub":null}}"#,
            #"{"id":4711,"error":{"code":101}}"#, #"{"push":{"novelty":[1,{"a":"}"}]},"more":{"push":{}}}"#,
        ])
    func c05(text: String) {
        var harness = MachineHarness.connected(#"{"ping":25,"subs":{"A":{}},"novelty":{"a":[1]}}"#)
        let actions = harness.receive(text)
        #expect(harness.events() == [])
        #expect(actions.allSatisfy { $0 == .note(.strayReply) })
        #expect(harness.machine.isConnected)
    }

    @Test(
        "C06: the data of a publication arrives as it was written",
        arguments: [
            "null", #""text with \"quotes\" and \u00e9""#, "12345678901234567890123", "-1.50e+2", "[1, 2 ,{\"a\":[]}]",
            #"{"b":1,"a":{"}":"]"}}"#, "true", "[]", "{}", #""""#, "0",
        ])
    func c06(data: String) throws {
        var harness = MachineHarness.connected(#"{"subs":{"A":{}}}"#)
        for text in [
            #"{"push":{"channel":"A","pub":{"data":\#(data),"offset":5}}}"#,
            #"{"push":{"pub":{"offset":5,"data": \#(data) },"channel":"A"}}"#,
        ] {
            _ = harness.receive(text)
            let event = try #require(harness.machine.takeEvents().first)
            #expect(
                event == .publication(channel: "A", CentrifugePublication(data: Array(data.utf8), offset: 5)))
        }
    }

    @Test("C07: the largest offset decodes without loss")
    func c07() {
        var harness = MachineHarness.connected(
            #"{"subs":{"A":{"recoverable":true,"epoch":"e","offset":18446744073709551614}}}"#)
        // A longer number beside it must not cost it its precision.
        _ = harness.receive(push("A", .max, data: "123456789012345678901234567890"))
        #expect(harness.events() == ["A/18446744073709551615"])
        #expect(harness.offset("A") == .max)
        _ = harness.close(1006)
        #expect(harness.open().sent.first?.contains(#""offset":18446744073709551615"#) == true)
    }

    @Test("C08: input that is not JSON costs the connection, and the fourth time in five minutes the client")
    func c08() {
        var harness = MachineHarness.connected(#"{"subs":{"A":{}}}"#)
        for _ in 0..<3 {
            let actions = harness.receive(push("A", data: "1") + "\nnonsense\n" + push("A", data: "2"))
            #expect(actions.contains(.close(harness.machine.connection)))
            #expect(
                harness.events() == ["A 1", "subscribing A 1", "connecting 2", "failure 2"])
            harness.connect(#"{"subs":{"A":{}}}"#)
            _ = harness.events()
        }
        _ = harness.receive("[1]")
        #expect(harness.events().last == "disconnected 2")
        #expect(harness.machine.isStopped)
    }

    @Test("C08: old mishaps are forgotten after five minutes")
    func c08Later() {
        var harness = MachineHarness.connected()
        for _ in 0..<8 {
            _ = harness.receive("nonsense")
            harness.connect()
            _ = harness.advance(.seconds(101))
        }
        #expect(harness.machine.isConnected)
    }
}
