import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct FaultTests {
    private func withListener(
        _ body: (PlatformSimulator, Browser, Int, TestCable) async throws -> Void
    ) async throws {
        try await withSimulator { simulator, browser in
            let id = try await simulator.control.openConversation(try await simulator.control.createSession())
            let cable = try await TestCable(browser)
            try await cable.subscribe(TestCable.omar)
            try await body(simulator, browser, id, cable)
        }
    }

    /// The contents of messages as they arrive, up to and with the last one.
    private func contents(_ cable: TestCable, until last: String) async throws -> [String] {
        var seen: [String] = []
        _ = try await cable.frame { frame in
            guard frame["message"]?["event"] == "message.created" else { return false }
            seen.append(frame["message"]?["data"]?["content"]?.string ?? "")
            return seen.last == last
        }
        return seen
    }

    @Test(arguments: [
        ("drop", ["two", "three"]), ("duplicate", ["one", "one", "two", "three"]),
        ("reorder", ["two", "one", "three"]),
    ])
    func theNextEventSuffers(fault: String, arriving: [String]) async throws {
        try await withListener { simulator, _, id, cable in
            simulator.faults.update { dials in
                dials.events.only = ["message.created"]
                switch fault {
                case "drop": dials.events.dropNext = 1
                case "duplicate": dials.events.duplicateNext = 1
                default: dials.events.reorderNext = 1
                }
            }
            for text in ["one", "two", "three"] { try await simulator.control.writeAsClient(text, conversation: id) }
            #expect(try await contents(cable, until: "three") == arriving)
            #expect(simulator.faults.tally.values.reduce(0, +) == 1)
        }
    }

    @Test func aDelayedEventComesLater() async throws {
        try await withListener { simulator, _, id, cable in
            simulator.faults.update { dials in
                dials.events.only = ["message.created"]
                dials.events.delayNext = 1
                dials.events.delayMilliseconds = 100
            }
            for text in ["one", "two"] { try await simulator.control.writeAsClient(text, conversation: id) }
            #expect(try await contents(cable, until: "one") == ["two", "one"])
        }
    }

    @Test func chanceFollowsItsSeed() async throws {
        var runs: [[String]] = []
        for _ in 0..<2 {
            try await withListener { simulator, _, id, cable in
                simulator.faults.update { dials in
                    dials.seed = 7
                    dials.events.drop = 0.5
                    dials.events.only = ["message.created"]
                }
                for number in 1...30 { try await simulator.control.writeAsClient("\(number)", conversation: id) }
                simulator.faults.clear()
                try await simulator.control.writeAsClient("end", conversation: id)
                runs.append(try await contents(cable, until: "end"))
            }
        }
        #expect(runs[0] == runs[1])
        #expect((5...26).contains(runs[0].count))
    }

    @Test func requestsFailAsOftenAsTheDialSays() async throws {
        try await withListener { simulator, browser, id, _ in
            let path = "/conversations/\(id)/messages"
            simulator.faults.update { dials in
                dials.requests = [
                    RequestFault(.throttled, next: 1, path: "/messages"),
                    RequestFault(.failed, next: 1, path: "/messages", status: 502),
                    RequestFault(.slow, next: 1, path: "/messages", milliseconds: 30),
                ]
            }
            #expect(try await browser.desk("GET", "/agents").status == 200)
            let throttled = try await browser.desk("POST", path, ["content": "x"])
            #expect(throttled.status == 429)
            #expect(throttled.text == "Retry later\n")
            #expect(throttled.headers["retry-after"] == nil)
            #expect(throttled.headers["content-type"] == "text/plain")
            let failed = try await browser.desk("POST", path, ["content": "x"])
            #expect(failed.status == 502)
            #expect(failed.text.hasPrefix("<html>"))
            let start = ContinuousClock.now
            #expect(try await browser.desk("POST", path, ["content": "x"]).status == 200)
            #expect(ContinuousClock.now - start >= .milliseconds(30))
            #expect(try await simulator.control.messages(of: id).count == 1)
        }
    }

    @Test func hangingUpLeavesTheMessageBehind() async throws {
        try await withListener { simulator, browser, id, cable in
            let path = "/conversations/\(id)/messages"
            simulator.faults.update { dials in
                dials.requests = [
                    RequestFault(.hangUp, next: 1, method: "POST"), RequestFault(.refused, next: 1, method: "POST"),
                ]
            }
            for _ in 0..<2 {
                await #expect(throws: Browser.ClosedWithoutAnswer.self) {
                    try await browser.desk("POST", path, ["content": "lost?", "echo_id": "e"])
                }
            }
            let event = try await cable.event("message.created")
            #expect(event["echo_id"] == "e")
            let messages = try await simulator.control.messages(of: id)
            #expect(messages.map(\.content) == ["lost?"])
            #expect(simulator.control.requests(containing: "/messages").map(\.status) == [0, 0])
        }
    }

    @Test func tooManyRequestsOfAnAddressAreThrottled() async throws {
        try await withSimulator({ $0.faults.limits.requestsPerMinute = 2 }) { _, browser in
            var statuses: [Int] = []
            // The window follows the clock: of six in a row at least one is over the limit.
            for _ in 0..<6 { statuses.append(try await browser.call("GET", "/api/v1/profile").status) }
            #expect(statuses.contains(429))
            #expect(statuses.filter { $0 == 401 }.count >= 2)
        }
    }

    @Test func upgradesAreRefusedWithTheStatusOfTheDial() async throws {
        try await withSimulator { simulator, browser in
            simulator.faults.update { dials in
                dials.sockets.mode = .refused
                dials.sockets.status = 502
                dials.sockets.next = 1
            }
            let refused = try await TestCable(browser)
            #expect(refused.answer.hasPrefix("HTTP/1.1 502"))
            let next = try await TestCable(browser)
            #expect(next.answer.hasPrefix("HTTP/1.1 101"))
        }
    }

    @Test func aMuteSocketPingsButHearsNothing() async throws {
        try await withSimulator({ $0.pingInterval = .milliseconds(20) }) { simulator, browser in
            simulator.faults.update { $0.sockets.mode = .mute }
            let cable = try await TestCable(browser)
            try await cable.subscribe(TestCable.omar)
            let id = try await simulator.control.openConversation(try await simulator.control.createSession())
            try await simulator.control.writeAsClient("lost", conversation: id)
            _ = try await cable.frame { $0["type"] == "ping" }
            simulator.control.sockets(.behave(.normal))
            try await simulator.control.writeAsClient("heard", conversation: id)
            #expect(try await contents(cable, until: "heard") == ["heard"])
        }
    }

    @Test func aDeafSocketConfirmsAndFallsSilent() async throws {
        try await withSimulator({ $0.pingInterval = .milliseconds(10) }) { simulator, browser in
            simulator.faults.update { $0.sockets.mode = .deaf }
            let deaf = try await TestCable(browser)
            try await deaf.subscribe(TestCable.omar)
            simulator.faults.update { $0.sockets.mode = .normal }
            let well = try await TestCable(browser)
            for _ in 0..<3 { _ = try await well.frame { $0["type"] == "ping" } }
            // Had a ping been sent, it would come before the pong.
            try await deaf.send("", opcode: 9)
            #expect(await deaf.next() == .pong)
        }
    }

    @Test func halfAFrameIsFollowedByTheEnd() async throws {
        try await withListener { simulator, _, _, cable in
            simulator.control.sockets(.halfFrame(thenCut: true))
            let head = try #require(await cable.socket.read(2))
            let rest = await cable.socket.readToEnd()
            #expect(head[0] == 0x81)
            #expect(rest.count == Int(head[1]) / 2)
        }
    }

    @Test(arguments: [true, false])
    func goodbyesSayWhetherToComeBack(reconnect: Bool) async throws {
        try await withListener { simulator, _, _, cable in
            simulator.control.sockets(.disconnect(reason: "remote", reconnect: reconnect))
            let frame = try await cable.frame { $0["type"] == "disconnect" }
            #expect(frame["reason"] == "remote")
            #expect(frame["reconnect"] == .bool(reconnect))
            #expect(await cable.next() == .close(1000))
        }
    }

    @Test(arguments: [true, false])
    func anOutageKeepsThePortAndTheWorld(abruptly: Bool) async throws {
        try await withListener { simulator, browser, id, cable in
            try await simulator.control.writeAsClient("before", conversation: id)
            await simulator.goDown(abruptly: abruptly)
            while await cable.next() != nil {}
            await #expect(throws: (any Error).self) { try await browser.call("GET", "/") }
            try await simulator.comeBack()
            #expect(simulator.port == browser.port)
            #expect(try await browser.desk("GET", "/conversations/\(id)")["status"] == "open")
        }
    }

    @Test func eventsLeaveBeforeOrAfterTheAnswer() async throws {
        try await withListener { simulator, browser, id, cable in
            simulator.faults.update { dials in
                dials.delivery = .beforeAnswer
                dials.requests = [RequestFault(.hangUp, next: 1)]
            }
            _ = try? await browser.desk("POST", "/conversations/\(id)/messages", ["content": "early"])
            #expect(try await contents(cable, until: "early") == ["early"])
            simulator.faults.update { $0.delivery = .mixed }
            _ = try await browser.desk("POST", "/conversations/\(id)/messages", ["content": "some time"])
            #expect(try await contents(cable, until: "some time") == ["some time"])
        }
    }
}
