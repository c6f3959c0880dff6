import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct ControlTests {
    @Test func dialsAreTurnedOverHTTP() async throws {
        try await withSimulator { simulator, browser in
            let turned = try await browser.call(
                "POST", "/simulator/faults",
                [
                    "events": ["dropNext": 2], "requests": .array([["kind": "hangUp", "next": 3, "path": "/x"]]),
                    "limits": ["messagesPerMinute": 0],
                ])
            #expect(turned.status == 200)
            #expect(turned["events"]?["dropNext"] == 2)
            #expect(turned["events"]?["delayMilliseconds"] == 300)
            #expect(simulator.faults.settings.requests == [RequestFault(.hangUp, next: 3, path: "/x")])
            #expect(simulator.faults.settings.limits.messagesPerMinute == 0)
            #expect(try await browser.call("POST", "/simulator/faults", ["evnets": [:]]).status == 422)
            #expect(try await browser.call("POST", "/simulator/faults", ["seed": "x"]).status == 422)
            #expect(try await browser.call("DELETE", "/simulator/faults").status == 200)
            #expect(simulator.faults.settings == FaultSettings())
        }
    }

    @Test func sessionsAreMadeAndWrittenOverHTTP() async throws {
        try await withSimulator { _, browser in
            let session = try await browser.call("POST", "/simulator/sessions", ["name": "Sara"])
            let id = session["conversation_id"]?.castInt ?? 0
            let path = "/simulator/conversations/\(id)"
            _ = try await browser.call("POST", "\(path)/client", ["content": "Hello"])
            _ = try await browser.call("POST", "\(path)/operator", ["content": "Note", "private": .bool(true)])
            _ = try await browser.call("POST", "\(path)/operator", ["content": "Hi"])
            let messages = try await browser.call("GET", "\(path)/messages")["payload"]?.array ?? []
            #expect(messages.map { $0["content"] } == ["Hello", "Note", "Hi"])
            let shown = try await browser.call("GET", path)
            #expect(shown["incoming"] == 1 && shown["outgoing"] == 1 && shown["notes"] == 1)
            let counters = try await browser.call("GET", "/simulator/counters")
            #expect(counters["outgoing"] == 1)
            #expect(try await browser.call("GET", "/simulator/conversations/1").status == 404)
        }
    }

    @Test func waitingEndsWhenTheMessagesAreThere() async throws {
        try await withSimulator { simulator, browser in
            let id = try await simulator.control.openConversation(try await simulator.control.createSession())
            async let waiting = browser.call("GET", "/simulator/wait?count=2&conversation=\(id)&timeout=30")
            for text in ["one", "two"] { try await simulator.control.writeAsOperator(text, conversation: id) }
            #expect(try await waiting["reached"] == .bool(true))
            let late = try await browser.call("GET", "/simulator/wait?count=3&timeout=0.01")
            #expect(late.status == 408)
            #expect(await simulator.control.waitForMessages(2, conversation: id))
        }
    }

    @Test func aLoadIsSpreadOverItsSessions() async throws {
        try await withSimulator { simulator, _ in
            let report = try await simulator.control.bulkWrite(BulkOrder(messages: 1000, sessions: 3, size: 64))
            #expect(report.messages == 1000)
            #expect(await simulator.control.conversations().map(\.incoming) == [334, 333, 333])
            let first = try await simulator.control.messages(of: report.conversations[0])
            #expect(first.first?.content?.hasPrefix("Message 1x") == true)
            #expect(first.allSatisfy { $0.content?.utf8.count == 64 })
        }
    }

    @Test func repeatedRepliesAreCounted() async throws {
        try await withSimulator { simulator, browser in
            let id = try await simulator.control.openConversation(try await simulator.control.createSession())
            for echo in ["a", "a", "b"] {
                _ = try await browser.desk(
                    "POST", "/conversations/\(id)/messages", ["content": "same", "echo_id": .string(echo)])
            }
            let shown = try await simulator.control.conversation(id)
            #expect(shown.duplicateEchoes == 1)
            #expect(shown.duplicateContents == 2)
        }
    }

    @Test func theRequestLogHoldsNoCredential() async throws {
        try await withSimulator { simulator, browser in
            let client = try await TestClient(browser, source: "secret-source")
            let id = try await client.open()
            _ = try await client.call("GET", "/conversations/\(id)/messages?before=5&identifier_hash=abc")
            let paths = simulator.control.requests().map(\.path)
            #expect(paths.last == "/public/api/v1/inboxes/***/contacts/***/conversations/\(id)/messages?before=5")
            #expect(!paths.joined().contains("secret") && !paths.joined().contains(DemoWorld.hooryInboxIdentifier))
            #expect(try await browser.call("DELETE", "/simulator/requests").status == 204)
            #expect(simulator.control.requests().isEmpty)
        }
    }

    @Test func aResetEmptiesTheWorld() async throws {
        try await withSimulator { simulator, browser in
            let client = try await TestClient(browser)
            _ = try await client.open()
            #expect(try await browser.call("POST", "/simulator/reset").status == 204)
            #expect(await simulator.control.conversations().isEmpty)
            #expect(try await client.call("GET").status == 404)
            #expect(try await browser.desk("GET", "/agents").json.array?.count == 3)
        }
    }

    @Test func anOutageEndsByItself() async throws {
        try await withSimulator { _, browser in
            let cable = try await TestCable(browser)
            let answer = try await browser.call("POST", "/simulator/outage", ["seconds": .double(0.05)])
            #expect(answer.status == 204)
            while await cable.next() != nil {}
            var isBack = false
            while !isBack { isBack = (try? await browser.call("GET", "/").status) == 200 }
        }
    }

    @Test func aServiceStopsWhenItsTaskIsCancelled() async throws {
        let simulator = try await PlatformSimulator.start()
        let cable = try await TestCable(Browser(port: simulator.port))
        try await cable.subscribe(TestCable.omar)
        let running = Task { try await simulator.run() }
        running.cancel()
        try await running.value
        _ = try await cable.frame { $0["type"] == "disconnect" }
        await #expect(throws: (any Error).self) { try await Browser(port: simulator.port).call("GET", "/") }
    }

    @Test func twoSimulatorsLiveBesideEachOther() async throws {
        try await withSimulator { first, _ in
            try await withSimulator { second, browser in
                #expect(first.port != second.port)
                _ = try await TestClient(browser).open()
                #expect(await first.control.conversations().isEmpty)
                #expect(await second.control.conversations().count == 1)
            }
        }
    }

    @Test func aTakenPortIsOneClearError() async throws {
        try await withSimulator { simulator, _ in
            var configuration = PlatformSimulator.Configuration()
            configuration.port = simulator.port
            let error = await #expect(throws: SimulatorError.self) { try await PlatformSimulator.start(configuration) }
            #expect(error?.code == .cannotListen)
            #expect(error?.message.contains("127.0.0.1:\(simulator.port)") == true)
        }
    }

    @Test func thePageIsInTheBinary() async throws {
        try await withSimulator { _, browser in
            let page = try await browser.call("GET", "/")
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            for file in ["/page/chat.css", "/page/chat.js"] {
                #expect(page.text.contains(file))
                #expect(try await browser.call("GET", file).body.count > 1000)
            }
        }
    }
}
