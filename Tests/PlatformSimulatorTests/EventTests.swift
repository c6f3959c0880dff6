import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct EventTests {
    /// A client with an open conversation, and sockets of both sides.
    private func withBothSides(
        _ body: (PlatformSimulator, Browser, TestClient, Int, _ contact: TestCable, _ desk: TestCable) async throws ->
            Void
    ) async throws {
        try await withSimulator { simulator, browser in
            let client = try await TestClient(browser, ["name": "Sara"])
            let contact = try await TestCable(browser)
            try await contact.subscribe(TestCable.contact(client.token))
            let desk = try await TestCable(browser)
            try await desk.subscribe(TestCable.omar)
            let id = try await client.open()
            try await body(simulator, browser, client, id, contact, desk)
        }
    }

    @Test func aMessageReachesBothSidesAsTheWireHasIt() async throws {
        try await withBothSides { _, browser, client, id, contact, desk in
            let opened = try await contact.event("conversation.created")
            #expect(opened["contact_inbox"]?["pubsub_token"]?.string == client.token)
            #expect(opened["contact_inbox"]?["source_id"] == "bot-1")
            if case .double? = opened["updated_at"] {} else { Issue.record("updated_at is a float here") }

            _ = try await browser.desk(
                "POST", "/conversations/\(id)/messages", ["content": "a < b & c > d", "echo_id": "e-1"])
            for side in [contact, desk] {
                let data = try await side.event("message.created")
                #expect(data["content"] == "a < b & c > d")
                #expect(data["echo_id"] == "e-1")
                #expect(data["account_id"] == 3)
                #expect(data["sender_type"] == "User")
                #expect(data["performer"]?["id"]?.castInt == DemoWorld.omarID)
                #expect(data["updated_at"]?.string?.hasSuffix("Z") == true)
                #expect(data["created_at"]?.castInt != nil)
                #expect(data["conversation"]?["contact_inbox"]?["source_id"] == "bot-1")
                #expect(data["previous_changes"] == nil)
            }
            #expect(try await desk.event("first.reply.created")["content"] == "a < b & c > d")
        }
    }

    @Test func notesAndNoticesStayAtTheDesk() async throws {
        try await withBothSides { _, browser, client, id, contact, desk in
            let path = "/conversations/\(id)"
            _ = try await browser.desk("POST", "\(path)/messages", ["content": "note", "private": .bool(true)])
            _ = try await browser.desk("POST", "\(path)/assignments", ["assignee_id": 21])
            try await client.write("end", in: id)
            let isEnd: (String, JSONValue) -> Bool = { $0 == "message.created" && $1["content"] == "end" }
            let seen = try await contact.events(until: isEnd)
            #expect(seen == ["conversation.created", "conversation.updated", "message.created"])
            let all = try await desk.events(until: isEnd)
            #expect(all.filter { $0 == "message.created" }.count == 3)
            #expect(all.contains("assignee.changed"))
            #expect(all.contains("contact.created") == false)
        }
    }

    @Test func agentsHearOnlyOfTheirInboxes() async throws {
        try await withBothSides { _, browser, client, id, _, desk in
            let layla = try await TestCable(browser)
            let identifier = TestCable.user(DemoWorld.laylaID, DemoWorld.laylaPubsubToken)
            try await layla.subscribe(identifier)
            try await client.write("hello", in: id)
            _ = try await desk.event("message.created")
            _ = try await browser.desk("POST", "/contacts", ["name": "Nora"])
            // Of all this she hears what concerns the whole account.
            #expect(try await layla.events { _, _ in true } == ["contact.created"])
        }
    }

    @Test func typingIsNotToldToTheOneWhoTypes() async throws {
        try await withBothSides { _, browser, client, id, contact, desk in
            _ = try await client.call("POST", "/conversations/\(id)/toggle_typing", ["typing_status": "on"])
            let fromClient = try await desk.event("conversation.typing_on")
            #expect(fromClient["user"]?["type"] == "contact")
            #expect(fromClient["conversation"]?["id"]?.castInt == id)
            _ = try await browser.desk(
                "POST", "/conversations/\(id)/toggle_typing_status",
                ["typing_status": "off", "is_private": .bool(true)])
            let fromDesk = try await contact.event("conversation.typing_off")
            #expect(fromDesk["is_private"] == .bool(true))
            #expect(fromDesk["user"]?["name"] == "Omar")
            try await client.write("end", in: id)
            #expect(try await desk.events { $1["content"] == "end" }.contains("conversation.typing_off") == false)
        }
    }

    @Test func updatesSayWhatChanged() async throws {
        try await withBothSides { simulator, _, client, id, contact, desk in
            let message = try await simulator.control.writeAsOperator(
                "Pick", conversation: id, contentType: "input_select",
                contentAttributes: #"{"items":[{"title":"Yes","value":"y"}]}"#)
            _ = try await client.call("POST", "/conversations/\(id)/update_last_seen")
            #expect(
                try await contact.event("message.updated")["previous_changes"] == ["status": .texts(["sent", "read"])])
            _ = try await desk.event("conversation.read")
            _ = try await client.call(
                "PATCH", "/conversations/\(id)/messages/\(message)",
                ["submitted_values": .array([["title": "Yes", "value": "y"]])])
            let answer = try await contact.event("message.updated")
            #expect(answer["previous_changes"]?.object?.members.map(\.key) == ["content_attributes"])
            #expect(answer["content_attributes"]?["submitted_values"]?.array?.first?["value"] == "y")
        }
    }

    @Test func theLifeCycleIsToldToTheClient() async throws {
        try await withBothSides { _, browser, _, id, contact, desk in
            _ = try await browser.desk("POST", "/conversations/\(id)/assignments", ["team_id": 4])
            #expect(try await contact.event("conversation.updated")["meta"]?["team"] == ["id": 4, "name": "billing"])
            _ = try await browser.desk("POST", "/conversations/\(id)/toggle_status", ["status": "resolved"])
            let resolved = try await contact.event("conversation.status_changed")
            #expect(resolved["status"] == "resolved")
            #expect(resolved["performer"] == nil)
            #expect(try await desk.event("team.changed")["id"]?.castInt == id)
        }
    }
}
