import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct CableProtocolTests {
    @Test func theProtocolIsChosenWhereOfferedAndWelcomesAnyway() async throws {
        try await withSimulator { _, browser in
            for (offer, chosen) in [
                ("actioncable-v1-json, actioncable-unsupported", true), ("other", false), (nil as String?, false),
            ] {
                let cable = try await TestCable(browser, protocols: offer)
                #expect(cable.answer.hasPrefix("HTTP/1.1 101"))
                #expect(cable.answer.lowercased().contains("sec-websocket-protocol: actioncable-v1-json") == chosen)
                #expect(!cable.answer.lowercased().contains("sec-websocket-extensions"))
                #expect(await cable.next() == .text(["type": "welcome"]))
                await cable.socket.close()
            }
        }
    }

    @Test func withoutAnUpgradeThereIsNoPage() async throws {
        try await withSimulator { _, browser in
            let answer = try await browser.call("GET", "/cable")
            #expect(answer.status == 404)
            #expect(answer.text == "Page not found")
        }
    }

    @Test func otherUpgradesAreAnsweredAsPlainRequests() async throws {
        try await withSimulator { _, browser in
            let socket = try await RawSocket(port: browser.port)
            let head = """
                GET /api/v1/profile HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, HTTP2-Settings\r\n\
                Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\napi-access-token: \(DemoWorld.omarAccessToken)\r\n\r\n
                """
            try await socket.send(Array(head.utf8))
            let answer = try #require(await socket.readHead())
            #expect(answer.hasPrefix("HTTP/1.1 200"))
            // The decoder reads no second request after this one, and the answer says so.
            #expect(answer.lowercased().contains("connection: close"))
            #expect(await socket.readToEnd().isEmpty == false)
        }
    }

    @Test func pingsComeByTheClock() async throws {
        try await withSimulator({ $0.pingInterval = .milliseconds(20) }) { _, browser in
            let cable = try await TestCable(browser)
            let first = try await cable.frame { $0["type"] == "ping" }
            #expect((first["message"]?.castInt ?? 0) > 1_700_000_000)
            _ = try await cable.frame { $0["type"] == "ping" }
        }
    }

    @Test func theIdentifierComesBackVerbatim() async throws {
        try await withSimulator { _, browser in
            let client = try await TestClient(browser)
            let cable = try await TestCable(browser)
            let odd = #"{"pubsub_token": "\#(client.token)" , "channel":"RoomChannel"}"#
            try await cable.subscribe(odd)
            let id = try await client.open()
            try await client.write("hi", in: id)
            let frame = try await cable.frame { $0["message"]?["event"] == "message.created" }
            #expect(frame["identifier"]?.string == odd)
            #expect(frame["type"] == nil)
        }
    }

    @Test func aWrongTokenIsSilentAndKeepsItsIdentifier() async throws {
        // Tokens follow the seed: what one simulator gives out, its twin will give out.
        var token = ""
        try await withSimulator { _, browser in token = try await TestClient(browser).token }
        try await withSimulator { simulator, browser in
            let cable = try await TestCable(browser)
            let identifier = TestCable.contact(token)
            try await cable.command("subscribe", identifier)
            while simulator.control.refusedSubscriptions == 0 { await Task.yield() }
            #expect(try await TestClient(browser).token == token)

            try await cable.command("subscribe", identifier)
            try await cable.subscribe(TestCable.omar)
            #expect(simulator.control.subscriptions == 1)
            #expect(simulator.control.refusedSubscriptions == 1)

            try await cable.command("unsubscribe", identifier)
            try await cable.subscribe(identifier)
            #expect(simulator.control.subscriptions == 2)
        }
    }

    @Test(arguments: [
        TestCable.user(DemoWorld.omarID, DemoWorld.moonwirePubsubToken), TestCable.contact(DemoWorld.omarPubsubToken),
        #"{"channel":"RoomChannel","pubsub_token":"omarPubsubTokenForDocs01","account_id":4,"user_id":21}"#,
    ])
    func tokensOpenOnlyWhatIsTheirs(identifier: String) async throws {
        try await withSimulator { simulator, browser in
            let cable = try await TestCable(browser)
            try await cable.command("subscribe", identifier)
            while simulator.control.refusedSubscriptions == 0 { await Task.yield() }
            #expect(simulator.control.subscriptions == 0)
        }
    }

    @Test func aSecondSubscribeIsIgnored() async throws {
        try await withSimulator { simulator, browser in
            let cable = try await TestCable(browser)
            try await cable.subscribe(TestCable.omar)
            try await cable.command("subscribe", TestCable.omar)
            let other = TestCable.user(DemoWorld.moonwireID, DemoWorld.moonwirePubsubToken)
            try await cable.command("subscribe", other)
            // The next confirmation is that of the other one.
            let next = try await cable.frame { $0["type"] == "confirm_subscription" }
            #expect(next["identifier"]?.string == other)
            #expect(simulator.control.subscriptions == 2)
        }
    }

    @Test func nonsenseIsDroppedAndTheConnectionLives() async throws {
        try await withSimulator { _, browser in
            let cable = try await TestCable(browser)
            #expect(await cable.next() == .text(["type": "welcome"]))
            for text in [
                "{", "[]", "{}", #"{"command":"dance","identifier":"x"}"#,
                #"{"command":"subscribe","identifier":"{\"channel\":\"Other\"}"}"#,
                #"{"command":"message","identifier":"x","data":"{\"action\":\"update_presence\"}"}"#,
            ] {
                try await cable.send(text)
            }
            try await cable.send("bytes", opcode: 2)
            try await cable.send("", opcode: 9)
            #expect(await cable.next() == .pong)
        }
    }

    @Test func presenceIsAnsweredToTheOneWhoAsks() async throws {
        try await withSimulator { _, browser in
            let client = try await TestClient(browser)
            let desk = try await TestCable(browser)
            try await desk.subscribe(TestCable.omar)
            try await desk.command("message", TestCable.omar, data: ["action": "update_presence"])
            #expect(try await desk.event("presence.update")["users"] == ["21": "online"])

            let cable = try await TestCable(browser)
            let identifier = TestCable.contact(client.token)
            try await cable.subscribe(identifier)
            try await cable.command("message", identifier, data: ["action": "unknown"])
            try await cable.command("message", identifier, data: ["action": "update_presence"])
            let seen = try await cable.event("presence.update")
            #expect(seen["account_id"] == 3)
            #expect(seen["contacts"] == nil)

            try await desk.command("message", TestCable.omar, data: ["action": "update_presence"])
            #expect(try await desk.event("presence.update")["contacts"] == ["512": "online"])
        }
    }

    @Test func stoppingSaysGoodbyeAndClosesWith1000() async throws {
        let simulator = try await PlatformSimulator.start()
        let cable = try await TestCable(Browser(port: simulator.port))
        try await cable.subscribe(TestCable.omar)
        await simulator.stop()
        let goodbye = try await cable.frame { $0["type"] == "disconnect" }
        #expect(goodbye == ["type": "disconnect", "reason": "server_restart", "reconnect": .bool(true)])
        #expect(await cable.next() == .close(1000))
        #expect(await cable.next() == nil)
    }

    @Test func theClosingHandshakeIsAnswered() async throws {
        try await withSimulator { simulator, browser in
            let cable = try await TestCable(browser)
            try await cable.subscribe(TestCable.omar)
            try await cable.send("\u{3}", opcode: 8)
            #expect(await cable.next() == .close(1005))
            #expect(await cable.next() == nil)
            while simulator.control.openSockets > 0 { await Task.yield() }
            #expect(simulator.control.subscriptions == 0)
        }
    }
}
