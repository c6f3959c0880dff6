import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct CentrifugeRecoveryTests {
    /// The operator's own channel in a reply to connect.
    private func own(_ reply: JSONValue) -> JSONValue { reply["connect"]?["subs"]?[TestStream.personal] ?? .null }

    /// A seat with a session, and the position of its channel after one message was seen.
    private func withSession(
        _ body: (PlatformSimulator, TestSeat, String, TestStream, String) async throws -> Void
    ) async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            let (stream, reply) = try await seat.stream()
            let session = try await simulator.twin.held()
            _ = try await stream.event("chatSessionAdded")
            try await body(simulator, seat, session, stream, own(reply)["epoch"]?.string ?? "")
        }
    }

    @Test func whatWasMissedComesWithTheReply() async throws {
        try await withSession { simulator, seat, session, stream, epoch in
            simulator.twin.streams(.kill)
            #expect(await stream.next() == nil)
            for text in ["one", "two"] { try await simulator.twin.writeAsClient(text, session: session) }
            let (back, reply) = try await seat.stream(subs: TestStream.since(1, epoch))
            let result = own(reply)
            #expect(result["recovered"] == .bool(true) && result["was_recovering"] == .bool(true))
            // The position asked for: the publications advance it.
            #expect(result["offset"] == 1)
            let missed = result["publications"]?.array ?? []
            #expect(missed.map { $0["offset"] } == [2, 3])
            #expect(missed.map { $0["data"]?["data"]?["body"] } == ["one", "two"])
            try await simulator.twin.writeAsClient("three", session: session)
            #expect(try await back.publication()["offset"] == 4)
            #expect(simulator.twin.counters.recoveries == 1)
        }
    }

    @Test(arguments: [HistoryChange.lose, .restart])
    func whatIsLostIsNotRecovered(change: HistoryChange) async throws {
        try await withSession { simulator, seat, session, _, epoch in
            simulator.twin.streams(.kill)
            try await simulator.twin.writeAsClient("one", session: session)
            simulator.twin.history(change)
            let (back, reply) = try await seat.stream(subs: TestStream.since(1, epoch))
            let result = own(reply)
            #expect(result["recovered"] == nil && result["was_recovering"] == .bool(true))
            #expect(result["publications"] == nil)
            var top = 2
            if case .restart = change { top = 0 }
            #expect((result["offset"]?.castInt ?? 0) == top && (result["epoch"]?.string == epoch) == (top == 2))
            try await simulator.twin.writeAsClient("two", session: session)
            #expect(try await back.publication()["offset"] == .int(top + 1))
        }
    }

    @Test func recoveryFailsAsOftenAsTheDialSays() async throws {
        try await withSession { simulator, seat, _, _, epoch in
            simulator.faults.update { $0.centrifuge.unrecoveredNext = 1 }
            let (_, first) = try await seat.stream(subs: TestStream.since(1, epoch))
            #expect(own(first)["recovered"] == nil)
            let (_, second) = try await seat.stream(subs: TestStream.since(1, epoch))
            #expect(own(second)["recovered"] == .bool(true))
        }
    }

    @Test func channelsWithoutHistoryCarryNoPositions() async throws {
        try await withSession { simulator, seat, session, _, epoch in
            simulator.faults.update { $0.centrifuge.recoverable = false }
            let (stream, reply) = try await seat.stream(subs: TestStream.since(1, epoch))
            #expect(own(reply) == [:])
            try await simulator.twin.writeAsClient("one", session: session)
            let publication = try await stream.publication()
            #expect(publication["offset"] == nil && publication["data"] != nil)
        }
    }

    @Test func aGapThatTheServerFindsEndsTheConnection() async throws {
        try await withSession { simulator, seat, session, stream, epoch in
            simulator.faults.update { $0.centrifuge.insufficientNext = 1 }
            try await simulator.twin.writeAsClient("one", session: session)
            #expect(await stream.next() == .close(3010, "insufficient state"))
            let (_, reply) = try await seat.stream(subs: TestStream.since(1, epoch))
            #expect(own(reply)["publications"]?.array?.count == 1)
        }
    }

    @Test func aClientsSubscriptionIsToldOfAGap() async throws {
        try await withSession { simulator, _, _, stream, _ in
            _ = try await stream.ask("subscribe", ["channel": "public:a"])
            simulator.faults.update { $0.centrifuge.insufficientNext = 1 }
            try await simulator.twin.publish("1", channel: "public:a")
            let push = try await stream.message { $0["push"]?["unsubscribe"] != nil }
            #expect(push["push"]?["unsubscribe"]?["code"] == 2500)
            try await simulator.twin.publish("2", channel: "public:a")
            try await simulator.twin.publish(#"{"event":"after"}"#)
            #expect(try await stream.publication()["data"]?["event"] == "after")
        }
    }

    @Test func publicationsAreLostRepeatedAndOvertaken() async throws {
        try await withSession { simulator, _, session, stream, _ in
            simulator.faults.update {
                $0.events.dropNext = 1
                $0.events.duplicateNext = 1
                $0.events.reorderNext = 1
            }
            for text in ["lost", "twice", "late", "early"] {
                try await simulator.twin.writeAsClient(text, session: session)
            }
            var offsets: [Int] = []
            for _ in 0..<4 { offsets.append(try await stream.publication()["offset"]?.castInt ?? 0) }
            #expect(offsets == [3, 3, 5, 4])
        }
    }

    @Test func offsetsMaySkip() async throws {
        try await withSession { simulator, _, session, stream, _ in
            simulator.twin.history(.skip(10), channel: TestStream.personal)
            try await simulator.twin.writeAsClient("one", session: session)
            #expect(try await stream.publication()["offset"] == 12)
        }
    }

    @Test func framesFillUpAsTheDialsSay() async throws {
        try await withSession { simulator, _, session, stream, _ in
            simulator.faults.update { $0.centrifuge.holdMilliseconds = 1000 }
            for text in ["one", "two", "three"] { try await simulator.twin.writeAsClient(text, session: session) }
            guard case .text(let text) = await stream.webSocket.next() else { throw Browser.ClosedWithoutAnswer() }
            #expect(text.split(separator: "\n").count == 3)

            simulator.faults.update { $0.centrifuge.messagesPerFrame = 1 }
            for text in ["four", "five"] { try await simulator.twin.writeAsClient(text, session: session) }
            for _ in 0..<2 {
                guard case .text(let text) = await stream.webSocket.next() else { throw Browser.ClosedWithoutAnswer() }
                #expect(!text.contains("\n"))
            }
        }
    }

    @Test func channelsComeAndGoWhileConnected() async throws {
        try await withSession { simulator, _, _, stream, _ in
            try await simulator.twin.publish("1", channel: "late")
            simulator.twin.streams(.subscribe(channel: "late"))
            let push = try await stream.message { $0["push"]?["subscribe"] != nil }
            #expect(push["push"]?["channel"] == "late" && push["push"]?["subscribe"]?["offset"] == 1)
            try await simulator.twin.publish("2", channel: "late")
            #expect(try await stream.publication() == ["data": 2, "offset": 2])
            simulator.twin.streams(.unsubscribe(channel: "late"))
            let end = try await stream.message { $0["push"]?["unsubscribe"] != nil }
            #expect(end["push"]?["unsubscribe"]?["code"] == 2000)
        }
    }
}
