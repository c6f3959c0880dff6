import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct TwinEventTests {
    private func withStream(_ body: (PlatformSimulator, TestSeat, TestStream) async throws -> Void) async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            let (stream, _) = try await seat.stream()
            try await body(simulator, seat, stream)
        }
    }

    @Test func whatAClientDoesIsTold() async throws {
        try await withStream { simulator, _, stream in
            let session = try await simulator.twin.held()
            try await simulator.twin.type("Hel", session: session)
            let id = JSONValue.string(session)
            #expect(try await stream.event("typing") == ["sessionId": id, "authorType": "CLIENT", "text": "Hel"])
            try await simulator.twin.setClientOnline(true, session: session)
            #expect(try await stream.event("clientOnline")["sessionId"] == id)
            try await simulator.twin.setClientOnline(false, session: session)
            #expect(try await stream.event("clientOffline")["clientId"]?.string?.isEmpty == false)
            try await simulator.twin.closeAsClient(session)
            #expect(try await stream.event("sessionClosedByClient")["id"] == id)
            #expect(try await simulator.twin.session(session).stage == "closed")
        }
    }

    @Test func theBotGivesASessionToAnOperatorOrToNobody() async throws {
        try await withStream { simulator, seat, stream in
            let session = try await simulator.twin.startSession(TwinSessionStart("Hi", at: .bot)).id
            try await simulator.twin.move(session, to: .operators)
            let switched = try await stream.event("chatSessionSwitchedFromBotToOperator")
            #expect(switched["id"] == .string(session) && switched["operatorId"] == .null)
            #expect(try await stream.event("operatorNotFound")["id"] == .string(session))
            _ = try await seat.chat("PATCH", "/users/me/activate")
            try await simulator.twin.move(session, to: .bot)
            try await simulator.twin.move(session, to: .operators)
            #expect(try await stream.event("chatSessionSwitchedFromBotToOperator")["operatorId"] == "389")
            #expect(try await stream.event("chatSessionAdded")["id"] == .string(session))
            // The bot's own messages are nobody else's business while it has the session.
            #expect(try await simulator.twin.messages(of: session).count == 1)
        }
    }

    @Test func aSessionMayEndWithoutAWord() async throws {
        try await withStream { simulator, _, stream in
            let silent = try await simulator.twin.held()
            let told = try await simulator.twin.held()
            try await simulator.twin.expireSession(silent, announcing: false)
            try await simulator.twin.expireSession(told)
            #expect(try await stream.event("chatSessionDeleted")["id"] == .string(told))
            #expect(try await simulator.twin.session(silent).stage == "closed")
        }
    }

    @Test func thePlatformMakesAnOperatorOffline() async throws {
        try await withStream { simulator, seat, stream in
            _ = try await seat.chat("PATCH", "/users/me/activate")
            try await simulator.twin.logOut()
            #expect(try await stream.event("operatorLoggedOut") == ["userId": 389])
            #expect(await simulator.twin.operators().first?.status == "offline")
            try await simulator.twin.logOut(isNamed: false)
            #expect(try await stream.event("operatorLoggedOut") == [:])
        }
    }

    @Test func payloadsComeBareNestedOrSparse() async throws {
        try await withStream { simulator, _, stream in
            simulator.faults.update { $0.twin.payloads = .nested }
            let session = try await simulator.twin.held("Hi")
            #expect(try await stream.event("chatSessionStarted")["id"] == .string(session))
            #expect(try await stream.event("chatSessionAdded")["session"]?["id"] == .string(session))
            #expect(try await stream.event("chatMessageCreated")["message"]?["body"] == "Hi")
            simulator.faults.update { $0.twin.payloads = .sparse }
            try await simulator.twin.move(session, to: .bot)
            #expect(
                try await stream.event("chatSessionDeleted") == ["sessionId": .string(session), "operatorId": .null])
        }
    }

    @Test func oneEventMayComeThroughTwoChannels() async throws {
        try await withStream { simulator, _, stream in
            simulator.faults.update { $0.twin.eventsThroughBoth = true }
            let session = try await simulator.twin.startSession(TwinSessionStart(at: .help)).id
            var channels: Set<String> = []
            for _ in 0..<2 {
                let push = try await stream.message { $0["push"]?["pub"]?["data"]?["event"] == "chatSessionStarted" }
                #expect(push["push"]?["pub"]?["data"]?["data"]?["id"] == .string(session))
                channels.insert(push["push"]?["channel"]?.string ?? "")
            }
            #expect(channels == ["company:1", TestStream.personal])
        }
    }
}
