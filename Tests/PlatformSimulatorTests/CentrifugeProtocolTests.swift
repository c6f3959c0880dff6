import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct CentrifugeProtocolTests {
    @Test func theSubprotocolIsChosenWhereOffered() async throws {
        try await withSimulator { _, browser in
            for (path, offer, chosen) in [
                (TestStream.path, "centrifuge-json", true), ("/connection/websocket?x=1", "other", false),
                ("/any/connection/websocket", nil as String?, false),
            ] {
                var headers: [String: String] = [:]
                headers["Sec-WebSocket-Protocol"] = offer
                let stream = try await TestStream(browser, path: path, headers: headers)
                #expect(stream.webSocket.answer.hasPrefix("HTTP/1.1 101"))
                #expect(stream.webSocket.answer.contains("centrifuge-json") == chosen)
                await stream.webSocket.socket.close()
            }
        }
    }

    @Test func pagesOfOtherHostsAreRefused() async throws {
        try await withSimulator { _, browser in
            let foreign = try await TestStream(browser, headers: ["Origin": "http://elsewhere"])
            #expect(foreign.webSocket.answer.hasPrefix("HTTP/1.1 403"))
            let own = try await TestStream(browser, headers: ["Origin": "http://127.0.0.1"])
            #expect(own.webSocket.answer.hasPrefix("HTTP/1.1 101"))
            #expect(try await browser.call("GET", TestStream.path).status == 400)
        }
    }

    @Test func theReplyToConnectNamesTheServersSubscriptions() async throws {
        try await withSimulator { _, browser in
            let (_, reply) = try await TestSeat(browser).stream()
            #expect(reply["id"] == 7)
            let connect = try #require(reply["connect"])
            #expect(connect["client"]?.string?.count == 36)
            #expect(connect["ping"] == 25 && connect["pong"] == .bool(true))
            // The application checks the token: nothing expires for the client, and what is zero is left out.
            #expect(connect["expires"] == nil && connect["ttl"] == nil && connect["data"] == nil)
            let subs = connect["subs"]?.object?.members.map(\.key)
            #expect(subs == [TestStream.personal, "company:1"])
            let own = connect["subs"]?[TestStream.personal]
            #expect(own?["recoverable"] == .bool(true) && own?["epoch"]?.string?.count == 4)
            #expect(own?["offset"] == nil && own?["was_recovering"] == nil)
        }
    }

    @Test(arguments: [
        (#"{"id":1,"subscribe":{"channel":"public:a"}}"#, 3501), ("{}", 3501), ("", 3501), ("{", 3501), ("[]", 3501),
        (#"{"connect":{}}"#, 3501),
    ])
    func nothingIsHeardBeforeConnect(text: String, code: Int) async throws {
        try await withSimulator { _, browser in
            let stream = try await TestStream(browser)
            try await stream.webSocket.send(text)
            #expect(await stream.next() == .close(code, "bad request"))
        }
    }

    @Test(arguments: [
        (#"{"id":2,"connect":{}}"#, 3501), ("{}", 3501), (#"{"id":2,"ping":{}}"#, 3501), (#"{"id":2}"#, 3501),
        ("{\"id\":2,\"rpc\":{\"method\":\"echo\"}}\n\n{\"id\":3,\"rpc\":{\"method\":\"echo\"}}", 3501),
        (#"{"send":{"data":1}}"#, 3508),
        (String(repeating: " ", count: 65_537), 1009),
    ])
    func whatBreaksTheProtocolEndsTheConnection(text: String, code: Int) async throws {
        try await withSimulator { simulator, browser in
            let (stream, _) = try await TestSeat(browser).stream()
            try await stream.webSocket.send(text)
            #expect(await stream.closure() == code)
            // The rest of the closing is the client's turn.
            try await stream.webSocket.send("\u{3}\u{E8}", opcode: 8)
            #expect(await stream.next() == nil)
            #expect(await simulator.twin.wait { $0.openStreams == 0 })
        }
    }

    @Test func aFrameHoldsManyCommandsAndMayEndWithANewline() async throws {
        try await withSimulator { _, browser in
            let seat = try await TestSeat(browser)
            let stream = try await TestStream(browser)
            let connect: JSONValue = [
                "id": 1,
                "connect": ["data": ["application": "notifications", "settings": ["token": .string(seat.token)]]],
            ]
            let subscribe = #"{"id":2,"subscribe":{"channel":"public:a"}}"#
            try await stream.webSocket.send("\(connect.serialized)\n\(subscribe)\n")
            #expect(try await stream.reply()["connect"] != nil)
            #expect(try await stream.reply()["subscribe"]?["epoch"]?.string?.count == 4)
        }
    }

    @Test func slowCallsAreOvertaken() async throws {
        try await withSimulator { _, browser in
            let (stream, _) = try await TestSeat(browser).stream()
            try await stream.send(["id": 20, "rpc": ["method": "wait", "data": ["milliseconds": 2000]]])
            try await stream.send(["id": 21, "rpc": ["method": "echo", "data": [:]]])
            #expect(try await stream.reply() == ["id": 21, "rpc": ["data": [:]]])
            #expect(try await stream.reply()["id"] == 20)
        }
    }

    @Test func errorsHaveTheirCodes() async throws {
        try await withSimulator { _, browser in
            let (stream, _) = try await TestSeat(browser).stream()
            _ = try await stream.ask("subscribe", ["channel": "public:a"])
            for (name, body, code) in [
                ("subscribe", ["channel": "public:a"] as JSONValue, 105), ("subscribe", ["channel": "private"], 103),
                ("subscribe", ["channel": .string(TestStream.personal)], 105), ("subscribe", ["channel": ""], 107),
                ("publish", ["channel": "company:1", "data": 1], 103), ("rpc", ["method": "no"], 104),
                ("history", ["channel": .string("public:" + String(repeating: "x", count: 255))], 107),
                ("sub_refresh", ["channel": "public:a", "token": ""], 108), ("refresh", ["token": ""], 108),
                ("history", ["channel": "public:a", "since": ["offset": 1, "epoch": "else"]], 112),
            ] {
                let answer = try await stream.ask(name, body)
                #expect(answer["error"]?["code"] == .int(code), "\(name)")
            }
        }
    }

    @Test func aClientsChannelHasHistoryPresenceAndJoins() async throws {
        try await withSimulator { _, browser in
            let (first, reply) = try await TestSeat(browser).stream()
            let (second, _) = try await TestSeat.colleague(browser).stream()
            _ = try await first.ask("subscribe", ["channel": "public:a", "join_leave": .bool(true)])
            _ = try await second.ask("subscribe", ["channel": "public:a"])
            let join = try await first.message { $0["push"]?["join"] != nil }
            #expect(join["push"]?["join"]?["info"]?["user"] == "390")
            _ = try await second.ask("publish", ["channel": "public:a", "data": "hi"])
            let publication = try await first.publication()
            #expect(publication["data"] == "hi" && publication["offset"] == 1)
            #expect(publication["info"]?["user"] == "390")
            let stats = try await first.ask("presence_stats", ["channel": "public:a"])
            #expect(stats["presence_stats"] == ["num_clients": 2, "num_users": 2])
            let presence = try await first.ask("presence", ["channel": "public:a"])["presence"]?["presence"]
            let client = try #require(reply["connect"]?["client"]?.string)
            #expect(presence?[client]?["user"] == "389")
            let history = try await first.ask("history", ["channel": "public:a", "limit": 5])["history"]
            #expect(history?["offset"] == 1 && history?["publications"]?.array?.count == 1)
            #expect(try await second.ask("unsubscribe", ["channel": "public:a"])["unsubscribe"] == [:])
            let leave = try await first.message { $0["push"]?["leave"] != nil }
            #expect(leave["push"]?["leave"]?["info"]?["user"] == "390")
        }
    }

    @Test func aTokenOfTheConnectionIsRefreshedByTheClient() async throws {
        // The world's clock stands still, so that no token ends before it is shown.
        let clock = SetClock()
        try await withSimulator({
            $0.clock = { clock.now }
            $0.faults.centrifuge.graceMilliseconds = 0
        }) { _, browser in
            let seat = try await TestSeat(browser, ttl: 3600)
            let stream = try await TestStream(browser)
            try await stream.send(["id": 1, "connect": ["token": .string(seat.token)]])
            let reply = try await stream.reply()["connect"]
            #expect(reply?["expires"] == .bool(true) && reply?["ttl"] == 3600)
            let colleague = try await TestSeat.colleague(browser)
            let foreign = try await stream.ask("refresh", ["token": .string(colleague.token)])
            #expect(foreign["error"]?["code"] == 103)
            // Who does not renew again in this second is let go.
            let fresh = try await TestSeat(browser, ttl: 1)
            let refreshed = try await stream.ask("refresh", ["token": .string(fresh.token)])
            #expect(refreshed["refresh"]?["expires"] == .bool(true) && refreshed["refresh"]?["ttl"] == 1)
            #expect(await stream.closure() == 3005)
        }
    }
}
