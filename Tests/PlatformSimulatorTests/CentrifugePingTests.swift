import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct CentrifugePingTests {
    private func withPings(
        _ change: (inout FaultSettings.Centrifuge) -> Void = { _ in },
        _ body: (TestStream, JSONValue) async throws -> Void
    ) async throws {
        try await withSimulator({
            $0.faults.centrifuge.pingMilliseconds = 20
            change(&$0.faults.centrifuge)
        }) { _, browser in
            let (stream, reply) = try await TestSeat(browser).stream()
            try await body(stream, reply["connect"] ?? .null)
        }
    }

    @Test func aPingIsAnEmptyObjectAndWantsOnePong() async throws {
        try await withSimulator({ $0.faults.centrifuge.pingMilliseconds = 20 }) { simulator, browser in
            let (stream, reply) = try await TestSeat(browser).stream()
            #expect(reply["connect"]?["ping"] == 1 && reply["connect"]?["pong"] == .bool(true))
            for _ in 0..<3 {
                _ = try await stream.message { $0 == [:] }
                try await stream.webSocket.send("{}")
            }
            // No more pings: what was sent before the answer is all that there is to answer.
            simulator.faults.update { $0.centrifuge.withholdsPings = true }
            try await stream.send(["id": 9, "rpc": ["method": "echo"]])
            while case .message(let item)? = await stream.next(), item == [:] { try await stream.webSocket.send("{}") }
            try await stream.send(["id": 10, "rpc": ["method": "echo"]])
            #expect(try await stream.reply()["id"] == 10)
            try await stream.webSocket.send("{}")
            #expect(await stream.closure() == 3501)
        }
    }

    @Test func aPongThatDoesNotComeEndsTheConnection() async throws {
        try await withPings({ $0.pongWaitMilliseconds = 10 }) { stream, _ in
            #expect(await stream.closure() == 3012)
        }
    }

    @Test func withoutPongsNothingIsExpected() async throws {
        try await withPings({
            $0.wantsPong = false
            $0.pongWaitMilliseconds = 1
        }) { stream, reply in
            #expect(reply["pong"] == nil)
            for _ in 0..<3 { _ = try await stream.message { $0 == [:] } }
        }
    }

    @Test func pingsMayBeAnnouncedAndWithheld() async throws {
        try await withPings({ $0.withholdsPings = true }) { stream, reply in
            #expect(reply["ping"] == 1)
            try await stream.send(["id": 30, "rpc": ["method": "wait", "data": ["milliseconds": 100]]])
            #expect(await stream.next() == .message(["id": 30, "rpc": ["data": ["milliseconds": 100]]]))
        }
    }

    @Test func whoDoesNotConnectInTimeIsStale() async throws {
        try await withSimulator({ $0.faults.centrifuge.connectWaitMilliseconds = 20 }) { _, browser in
            let stream = try await TestStream(browser)
            #expect(await stream.next() == .close(3502, "stale"))
        }
    }
}
