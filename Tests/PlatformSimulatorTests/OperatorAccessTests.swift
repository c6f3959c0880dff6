import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct OperatorAccessTests {
    @Test func theBodySaysWhatIsWrongWithTheToken() async throws {
        try await withSimulator { _, browser in
            let none = try await browser.call("GET", "/api/v1/profile")
            #expect(none.status == 401)
            #expect(none.text == #"{"errors":["You need to sign in or sign up before continuing."]}"#)
            let wrong = try await browser.call("GET", "/api/v1/profile", headers: ["api-access-token": "x"])
            #expect(wrong.status == 401)
            #expect(wrong.text == #"{"error":"Invalid Access Token"}"#)
        }
    }

    @Test(arguments: ["api_access_token", "api-access-token", "Api-Access-Token"])
    func bothSpellingsAreTheSameHeader(name: String) async throws {
        try await withSimulator { _, browser in
            let answer = try await browser.call("GET", "/api/v1/profile", headers: [name: DemoWorld.omarAccessToken])
            #expect(answer.status == 200)
            #expect(answer["pubsub_token"]?.string == DemoWorld.omarPubsubToken)
            #expect(answer["accounts"]?.array?.first?["role"] == "administrator")
        }
    }

    @Test func botsAreLetInOnlyWhereTheyBelong() async throws {
        try await withSimulator { simulator, browser in
            let session = try await simulator.control.createSession()
            let id = try await simulator.control.openConversation(session)
            let token = DemoWorld.helperBotAccessToken
            for path in ["/conversations", "/conversations/\(id)/messages", "/agents"] {
                let answer = try await browser.desk("GET", path, token: token)
                #expect(answer.status == 401)
                #expect(answer.text == #"{"error":"Access to this endpoint is not authorized for bots"}"#)
            }
            let sent = try await browser.desk(
                "POST", "/conversations/\(id)/messages", ["content": "beep"], token: token)
            #expect(sent["sender"]?["type"] == "agent_bot")
            #expect(try await browser.desk("GET", "/conversations/\(id)", token: token).status == 200)
        }
    }

    @Test func agentsSeeOnlyTheirInboxes() async throws {
        try await withSimulator { simulator, browser in
            let session = try await simulator.control.createSession()
            let id = try await simulator.control.openConversation(session)
            let token = DemoWorld.laylaAccessToken
            let refused = try await browser.desk("GET", "/conversations/\(id)", token: token)
            #expect(refused.status == 401)
            #expect(refused.text == #"{"error":"You are not authorized to do this action"}"#)
            #expect(try await browser.desk("GET", "/inboxes", token: token)["payload"] == .array([]))
            _ = try await browser.desk("POST", "/conversations/\(id)/assignments", ["assignee_id": 23])
            #expect(try await browser.desk("GET", "/conversations/\(id)", token: token).status == 200)
        }
    }

    @Test func secretsOfInboxesAreForAdministrators() async throws {
        try await withSimulator { _, browser in
            let own = try await browser.desk("GET", "/inboxes/9")
            #expect(own["hmac_token"]?.string == DemoWorld.secureInboxHMACToken)
            #expect(own["inbox_identifier"]?.string == DemoWorld.hooryInboxIdentifier)
            let agents = try await browser.desk("GET", "/inboxes/9", token: DemoWorld.moonwireAccessToken)
            #expect(agents["hmac_token"] == nil)
            #expect(agents["inbox_identifier"]?.string == DemoWorld.hooryInboxIdentifier)
            #expect(try await browser.desk("GET", "/webhooks", token: DemoWorld.moonwireAccessToken).status == 401)
        }
    }

    @Test func whatIsNotThereIs404InTheDesksWords() async throws {
        try await withSimulator { _, browser in
            let answer = try await browser.desk("GET", "/conversations/999")
            #expect(answer.status == 404)
            #expect(answer.text == #"{"error":"Resource could not be found"}"#)
        }
    }

    @Test func availabilityAndTokensAreTheCallersOwn() async throws {
        try await withSimulator { _, browser in
            let headers = ["api-access-token": DemoWorld.omarAccessToken]
            let busy: JSONValue = ["profile": ["account_id": 3, "availability": "busy"]]
            let answer = try await browser.call("POST", "/api/v1/profile/availability", busy, headers: headers)
            #expect(answer["accounts"]?.array?.first?["availability"] == "busy")
            let stay: JSONValue = ["profile": ["account_id": 3, "auto_offline": .bool(false)]]
            let staying = try await browser.call("POST", "/api/v1/profile/auto_offline", stay, headers: headers)
            #expect(staying["accounts"]?.array?.first?["availability_status"] == "busy")
            let missing = try await browser.call("POST", "/api/v1/profile/availability", [:], headers: headers)
            #expect(missing.status == 422)
            #expect(missing["error"] == "param is missing or the value is empty: profile")
            let reset = try await browser.call("POST", "/api/v1/profile/reset_access_token", headers: headers)
            #expect(reset["access_token"]?.string != DemoWorld.omarAccessToken)
            #expect(try await browser.call("GET", "/api/v1/profile", headers: headers).status == 401)
        }
    }
}
