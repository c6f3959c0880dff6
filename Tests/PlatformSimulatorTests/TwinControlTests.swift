import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct TwinControlTests {
    private static let base = "/simulator/twin"

    @Test func aClientIsPlayedOverHTTP() async throws {
        try await withSimulator { simulator, browser in
            func post(_ path: String, _ body: JSONValue = [:]) async throws -> TestAnswer {
                try await browser.call("POST", Self.base + path, body)
            }
            let started = try await post("/sessions", ["text": "Hello", "at": "389", "client_name": "Omar"])
            let id = started["id"]?.string ?? ""
            let session = "/sessions/\(id)"
            #expect(started["operatorID"] == 389)
            for (act, body) in [
                ("client", ["text": "More"] as JSONValue), ("bot", ["text": "Menu"]),
                ("operator", ["text": "Me", "operator": 389]),
            ] {
                #expect(try await post("\(session)/\(act)", body)["id"]?.string?.count == 36)
            }
            for act in ["typing", "online", "offline"] { #expect(try await post("\(session)/\(act)").status == 204) }
            let messages = try await browser.call("GET", "\(Self.base)\(session)/messages")["payload"]?.array ?? []
            #expect(messages.map { $0["body"] } == ["Hello", "More", "Menu", "Me"])
            #expect(try await post("\(session)/move", ["at": "help"]).status == 204)
            #expect(try await simulator.twin.session(id).stage == "help")
            #expect(try await post("\(session)/close").status == 204)
            #expect(try await post("\(session)/client", ["text": "late"]).status == 422)
            #expect(try await post("/sessions/nowhere/client", ["text": "x"]).status == 404)
            #expect(try await post("\(session)/dance").status == 404)
            #expect(try await post("/sessions", ["at": "nobody"]).status == 400)
            #expect(try await browser.call("GET", "\(Self.base)/counters")["sessions"] == 1)
            #expect(try await browser.call("GET", "\(Self.base)/wait?count=1&timeout=1").status == 200)
            #expect(try await browser.call("GET", "\(Self.base)/wait?count=2&timeout=0.01").status == 408)
            #expect(try await post("/reset").status == 204)
            #expect(await simulator.twin.sessions().isEmpty)
        }
    }

    @Test func accountsAndStreamsAreHandledOverHTTP() async throws {
        try await withSimulator { simulator, browser in
            func post(_ path: String, _ body: JSONValue = [:]) async throws -> Int {
                try await browser.call("POST", Self.base + path, body).status
            }
            let seat = try await TestSeat(browser)
            let (stream, _) = try await seat.stream()
            #expect(try await post("/operators/389/displace") == 204)
            _ = try await stream.event("chatUserExists")
            #expect(try await post("/publish", ["data": ["event": "new", "data": 1]]) == 204)
            #expect(try await stream.event("new") == 1)
            #expect(try await post("/streams", ["action": "push", "push": ["message": ["data": 2]]]) == 200)
            #expect(await stream.next() == .message(["push": ["message": ["data": 2]]]))
            #expect(try await post("/history", ["change": "restart"]) == 204)
            #expect(try await post("/history", ["change": "odd"]) == 400)
            #expect(try await post("/streams", ["action": "odd"]) == 400)
            #expect(try await post("/operators/389/expire_tokens", ["closes_streams": .bool(true)]) == 204)
            #expect(await stream.closure() == 3005)
            #expect(try await seat.chat("GET", "/users/me").status == 401)
            #expect(try await post("/operators/389/block") == 204)
            let shown = try await browser.call("GET", "\(Self.base)/operators")["payload"]?.array?.first
            #expect(shown?["isBlocked"] == .bool(true))
        }
    }

    @Test func dialsOfTheStreamAreTurnedOverHTTP() async throws {
        try await withSimulator { simulator, browser in
            let turned = try await browser.call(
                "POST", "/simulator/faults",
                ["centrifuge": ["connect": ["mode": "close", "code": 3500]], "twin": ["payloads": "sparse"]])
            #expect(turned.status == 200)
            #expect(simulator.faults.settings.centrifuge.connect.mode == .close)
            #expect(simulator.faults.settings.centrifuge.pingMilliseconds == 25_000)
            #expect(simulator.faults.settings.twin.payloads == .sparse)
            #expect(try await browser.call("POST", "/simulator/faults", ["twin": ["payloads": "odd"]]).status == 422)
        }
    }

    @Test func aLoadReachesTheStreamInOrder() async throws {
        try await withSimulator({ $0.faults.centrifuge.queueLimit = 0 }) { simulator, browser in
            let (stream, _) = try await TestSeat(browser).stream()
            async let report = simulator.twin.bulkWrite(BulkOrder(messages: 2000, sessions: 7, size: 100))
            for number in 1...2000 {
                let body = try await stream.event("chatMessageCreated")["body"]?.string ?? ""
                #expect(body.hasPrefix("Message \(number)") && body.utf8.count == 100)
            }
            #expect(try await report.sessions.count == 7)
            #expect(simulator.twin.counters.clientMessages == 2000)
        }
    }

    @Test func anOutageKeepsTheWorld() async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            let (stream, _) = try await seat.stream()
            let session = try await simulator.twin.held("Hi")
            await simulator.goDown(abruptly: true)
            while await stream.next() != nil {}
            try await simulator.comeBack()
            #expect(try await seat.write("Hello", in: session).status == 200)
            #expect(await simulator.twin.wait { $0.openStreams == 0 })
        }
    }
}
