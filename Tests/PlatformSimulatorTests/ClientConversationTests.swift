import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct ClientConversationTests {
    @Test func aConversationShowsWhatTheClientMaySee() async throws {
        try await withSimulator { simulator, browser in
            let client = try await TestClient(browser)
            let made = try await client.call("POST", "/conversations", ["custom_attributes": ["from": "app"]])
            #expect(made.status == 200)
            #expect(
                made.json.object?.members.map(\.key).sorted() == [
                    "agent_last_seen_at", "contact", "contact_last_seen_at", "id", "inbox_id", "messages", "status",
                    "uuid",
                ])
            let id = made["id"]?.castInt ?? 0
            try await simulator.control.writeAsOperator("seen", conversation: id)
            try await simulator.control.writeAsOperator("secret", conversation: id, isPrivate: true)
            _ = try await browser.desk("POST", "/conversations/\(id)/assignments", ["assignee_id": 21])
            let shown = try await client.call("GET", "/conversations/\(id)")
            #expect(shown["messages"]?.array?.map { $0["content"] } == ["seen"])
        }
    }

    @Test func conversationsOfOthersAreNotFound() async throws {
        try await withSimulator { _, browser in
            let conversation = try await TestClient(browser, source: "one").open()
            let other = try await TestClient(browser, source: "two")
            #expect(try await other.call("GET", "/conversations/\(conversation)").status == 404)
            #expect(try await other.write("hello", in: conversation).status == 404)
        }
    }

    @Test func aLockedInboxKeepsOneConversation() async throws {
        try await withSimulator { _, browser in
            let client = try await TestClient(browser, inbox: DemoWorld.singleInboxIdentifier)
            let first = try await client.open()
            _ = try await client.call("POST", "/conversations/\(first)/toggle_status")
            let again = try await client.call("POST", "/conversations")
            #expect(again["id"]?.castInt == first)
            #expect(again["status"] == "resolved")
        }
    }

    @Test func togglingOnlyEverResolvesAndWritingReopens() async throws {
        try await withSimulator { _, browser in
            let client = try await TestClient(browser)
            let id = try await client.open()
            #expect(try await client.call("POST", "/conversations/\(id)/toggle_status")["status"] == "resolved")
            #expect(try await client.call("POST", "/conversations/\(id)/toggle_status")["status"] == "resolved")
            try await client.write("one more thing", in: id)
            #expect(try await client.call("GET", "/conversations/\(id)")["status"] == "open")
        }
    }

    @Test func aBotsInboxOpensAndReopensPending() async throws {
        try await withSimulator { simulator, browser in
            var change = InboxChange()
            change.agentBotID = DemoWorld.helperBotID
            try await simulator.control.configureInbox(DemoWorld.hooryInboxID, change)
            let client = try await TestClient(browser)
            let id = try await client.open()
            #expect(try await client.call("GET", "/conversations/\(id)")["status"] == "pending")
            _ = try await client.call("POST", "/conversations/\(id)/toggle_status")
            try await client.write("again", in: id)
            #expect(try await client.call("GET", "/conversations/\(id)")["status"] == "pending")
        }
    }

    @Test func aBlockedContactStaysResolved() async throws {
        try await withSimulator { _, browser in
            let client = try await TestClient(browser)
            let id = try await client.open()
            #expect(try await browser.desk("POST", "/conversations/\(id)/mute").body.isEmpty)
            #expect(try await client.write("hello?", in: id).status == 200)
            #expect(try await client.call("GET", "/conversations/\(id)")["status"] == "resolved")
            let fresh = try await client.call("POST", "/conversations")
            #expect(fresh["status"] == "resolved")
        }
    }

    @Test(arguments: ["toggle_typing", "update_last_seen"])
    func someAnswersAreEmpty(action: String) async throws {
        try await withSimulator { _, browser in
            let client = try await TestClient(browser)
            let id = try await client.open()
            let answer = try await client.call("POST", "/conversations/\(id)/\(action)", ["typing_status": "maybe"])
            #expect(answer.status == 200)
            #expect(answer.body.isEmpty)
        }
    }
}
