import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct CentrifugeClosureTests {
    @Test(arguments: [3001, 3005, 3500, 4400, 4501, 5001])
    func aCloseFrameCarriesCodeAndReason(code: Int) async throws {
        try await withSimulator { simulator, browser in
            let (stream, _) = try await TestSeat(browser).stream()
            simulator.twin.streams(.close(code: code, reason: "because"))
            #expect(await stream.next() == .close(code, "because"))
        }
    }

    @Test func someEndsComeWithoutAFrame() async throws {
        try await withSimulator { simulator, browser in
            for action in [StreamAction.close(code: 3000, reason: ""), .kill] {
                let (stream, _) = try await TestSeat(browser).stream()
                simulator.twin.streams(action)
                #expect(await stream.next() == nil)
            }
        }
    }

    @Test func anEndMayComeAsAPushAndAnythingAsAFrame() async throws {
        try await withSimulator { simulator, browser in
            let (stream, _) = try await TestSeat(browser).stream()
            simulator.twin.streams(.push(#"{"disconnect":{"code":3001,"reason":"shutdown"}}"#))
            #expect(
                await stream.next()
                    == .message(["push": ["disconnect": ["code": 3001, "reason": "shutdown"]]]))
            simulator.twin.streams(.raw("{broken"))
            #expect(await stream.webSocket.next() == .text("{broken"))
        }
    }

    @Test func aDeafStreamHearsNothing() async throws {
        try await withSimulator { simulator, browser in
            let (stream, _) = try await TestSeat(browser).stream()
            simulator.twin.streams(.behave(.mute))
            try await simulator.twin.publish("1")
            simulator.twin.streams(.behave(.normal))
            try await simulator.twin.publish("2")
            #expect(try await stream.publication() == ["data": 2, "offset": 2])
        }
    }

    @Test func newConnectionsSufferAsOftenAsTheDialSays() async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            func suffer(_ connect: FaultSettings.Centrifuge.Connect) async throws -> TestStream {
                simulator.faults.update { $0.centrifuge.connect = connect }
                let stream = try await TestStream(browser)
                if stream.webSocket.answer.hasPrefix("HTTP/1.1 101") { try await stream.connect(token: seat.token) }
                return stream
            }
            let refused = try await suffer(.init(.refused, code: 401, next: 1))
            #expect(refused.webSocket.answer.hasPrefix("HTTP/1.1 401"))

            let failed = try await suffer(.init(.error, code: 100, reason: "internal", temporary: true, next: 1))
            let error: JSONValue = ["code": 100, "message": "internal", "temporary": .bool(true)]
            #expect(try await failed.reply() == ["id": 7, "error": error])

            let closed = try await suffer(.init(.close, code: 4501, reason: "unauthorized", next: 1))
            #expect(await closed.next() == .close(4501, "unauthorized"))

            let (_, reply) = try await seat.stream()
            #expect(reply["connect"] != nil)
            #expect(simulator.faults.tally["streams.error"] == 1)
        }
    }

    @Test func afterARefusalNothingMoreIsHeard() async throws {
        try await withSimulator { simulator, browser in
            let stream = try await TestStream(browser)
            try await stream.connect(token: "wrong")
            #expect(try await stream.reply()["error"]?["code"] == 101)
            try await stream.webSocket.send("nonsense")
            simulator.twin.streams(.raw("still there"))
            #expect(await stream.webSocket.next() == .text("still there"))
        }
    }

    @Test func badTokensAreRefusedAsTheDialSays() async throws {
        try await withSimulator { simulator, browser in
            for (code, closes) in [(109, false), (3500, true), (4501, true)] {
                simulator.faults.update { $0.twin.badTokenCode = code }
                let stream = try await TestStream(browser)
                try await stream.connect(token: "wrong")
                if closes {
                    #expect(await stream.next() == .close(code, "unauthorized"))
                } else {
                    #expect(try await stream.reply()["error"]?["code"] == .int(code))
                }
            }
            #expect(simulator.twin.counters.refusedAdmissions == 3)
        }
    }

    @Test func aStreamEndsWithItsToken() async throws {
        // The world's clock stands still, so that no token ends before its stream is open.
        let clock = SetClock()
        try await withSimulator({ $0.clock = { clock.now } }) { simulator, browser in
            let (stream, _) = try await TestSeat(browser, ttl: 1).stream()
            #expect(await stream.closure() == 3005)

            let seat = try await TestSeat(browser)
            let (other, _) = try await seat.stream()
            await simulator.twin.expireTokens(closesStreams: true)
            #expect(await other.closure() == 3005)
            #expect(try await seat.stream().1["error"]?["code"] == 101)
        }
    }

    @Test func stoppingSaysShutdown() async throws {
        let simulator = try await PlatformSimulator.start()
        let (stream, _) = try await TestSeat(Browser(port: simulator.port)).stream()
        async let stopped: Void = simulator.stop()
        #expect(await stream.next() == .close(3001, "shutdown"))
        await stopped
    }

    @Test func aReaderThatIsTooSlowIsLetGo() async throws {
        try await withSimulator({ $0.faults.centrifuge.queueLimit = 1000 }) { simulator, browser in
            let (stream, _) = try await TestSeat(browser).stream()
            simulator.faults.update { $0.centrifuge.holdMilliseconds = 60_000 }
            let text = JSONValue.string(String(repeating: "x", count: 600)).serialized
            for _ in 0..<2 { try await simulator.twin.publish(text) }
            #expect(await stream.closure() == 3008)
        }
    }

    @Test func commandsAreKeptByConnection() async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            _ = try await seat.stream()
            let (second, _) = try await seat.stream()
            _ = try await second.ask("rpc", ["method": "echo"])
            let commands = simulator.twin.commands
            #expect(commands.map(\.connection) == [1, 2, 2])
            #expect(commands.first?.text.contains(seat.token) == true)
        }
    }
}
