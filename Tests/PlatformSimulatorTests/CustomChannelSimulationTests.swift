import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct CustomChannelSimulationTests {
    private static let base = "/simulator/custom"
    private static let bearer = ["Authorization": "Bearer \(CustomDemoWorld.token)"]

    private func post(_ event: JSONObject, contact: String = "u1") -> JSONValue {
        [
            "channelId": .string(CustomDemoWorld.channelID), "contactId": .string(contact),
            "events": .array([.object(event)]), "contact": ["firstName": "Lucía"],
        ]
    }

    private let message: JSONObject = [
        "type": "message", "mId": "in_1", "timestamp": .int(1_795_251_600_123),
        "message": ["type": "text", "text": "hola"],
    ]

    @Test func aPostIsShownOnceHoweverOftenItComes() async throws {
        try await withSimulator { simulator, browser in
            for _ in 1...2 {
                let answer = try await browser.call(
                    "POST", CustomDemoWorld.webhookPath, post(message), headers: Self.bearer)
                #expect(answer.status == 200)
            }
            let shown = await simulator.custom.messages(of: "u1")
            #expect(shown.map(\.text) == ["hola"])
            #expect(await simulator.custom.posts().map(\.status) == [200, 200])
            #expect(await simulator.custom.world.contact("u1")?["firstName"] == "Lucía")
        }
    }

    @Test func whatThePlatformCannotUseIsRefused() async throws {
        try await withSimulator { simulator, browser in
            func status(_ body: JSONValue, token: String = CustomDemoWorld.token) async throws -> Int {
                try await browser.call(
                    "POST", CustomDemoWorld.webhookPath, body, headers: ["Authorization": "Bearer \(token)"]
                ).status
            }
            let status1 = try await status(post(message), token: "other")
            #expect(status1 == 401)
            let status2 = try await status(["channelId": "other"])
            #expect(status2 == 404)
            var event = message
            event["timestamp"] = .int(1_795_251_600)
            let status3 = try await status(post(event))
            #expect(status3 == 400)
            event = message
            event["type"] = "mensaje"
            let status4 = try await status(post(event))
            #expect(status4 == 400)
            let status5 = try await status(post(message, contact: String(repeating: "a", count: 51)))
            #expect(status5 == 400)
            #expect(await simulator.custom.messages(of: "u1").isEmpty)
        }
    }

    @Test func faultsComeByContactAndCount() async throws {
        try await withSimulator { simulator, browser in
            let fault: JSONValue = ["status": 429, "retry_after": 7, "contact": "u2"]
            let status6 = try await browser.call("POST", "\(Self.base)/faults", fault).status
            #expect(status6 == 204)
            let other = try await browser.call(
                "POST", CustomDemoWorld.webhookPath, post(message), headers: Self.bearer)
            #expect(other.status == 200)
            let throttled = try await browser.call(
                "POST", CustomDemoWorld.webhookPath, post(message, contact: "u2"), headers: Self.bearer)
            #expect(throttled.status == 429)
            #expect(throttled.headers["retry-after"] == "7")
            let again = try await browser.call(
                "POST", CustomDemoWorld.webhookPath, post(message, contact: "u2"), headers: Self.bearer)
            #expect(again.status == 200)
        }
    }

    @Test func anAgentIsPlayedOverHTTP() async throws {
        try await withSimulator { simulator, browser in
            // Nothing of the custom channel answers there, which an agent sees as a failure.
            let status7 = try await browser.call("POST", "\(Self.base)/base", ["url": .string(simulator.url)]).status
            #expect(status7 == 204)
            let answer = try await browser.call("POST", "\(Self.base)/contacts/u1/messages", ["text": "hola"])
            #expect(answer["status"] == 404)
            let shown = try await browser.call("GET", "\(Self.base)/contacts/u1/messages")["payload"]?.array ?? []
            #expect(shown.map { $0["status"] } == ["failed"])
            let status8 = try await browser.call("POST", "\(Self.base)/reset").status
            #expect(status8 == 204)
            #expect(await simulator.custom.messages(of: "u1").isEmpty)
        }
    }
}
