import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct OperatorContactTests {
    @Test func contactsAreMadeFoundAndChanged() async throws {
        try await withSimulator { _, browser in
            let made = try await browser.desk(
                "POST", "/contacts", ["name": "Nora", "email": "nora@example.org", "inbox_id": 9, "source_id": "s-1"])
            #expect(made["payload"]?["contact_inbox"]?["source_id"] == "s-1")
            let id = made["payload"]?["contact"]?["id"]?.castInt ?? 0
            let found = try await browser.desk("GET", "/contacts/search?q=NORA")
            #expect(found["payload"]?.array?.compactMap { $0["id"]?.castInt } == [id])
            #expect(found["meta"]?["has_more"] == .bool(false))
            let filter: JSONValue = [
                "payload": .array([
                    ["attribute_key": "email", "filter_operator": "contains", "values": .texts(["example.org"])]
                ])
            ]
            #expect(try await browser.desk("POST", "/contacts/filter", filter)["meta"]?["count"] == 1)
            let changed = try await browser.desk("PUT", "/contacts/\(id)", ["name": "Nora B"])
            #expect(changed["payload"]?["name"] == "Nora B")
            #expect(try await browser.desk("GET", "/contacts/\(id)")["payload"]?["email"] == "nora@example.org")
            let session = try await browser.desk("POST", "/contacts/\(id)/contact_inboxes", ["inbox_id": 10])
            #expect(session["inbox"]?["id"] == 10)
            #expect(try await browser.desk("GET", "/contacts/\(id)/conversations")["payload"] == .array([]))
        }
    }

    @Test func addressesAreUnique() async throws {
        try await withSimulator { _, browser in
            _ = try await browser.desk("POST", "/contacts", ["name": "Nora", "email": "nora@example.org"])
            let answer = try await browser.desk("POST", "/contacts", ["name": "Other", "email": "nora@example.org"])
            #expect(answer.status == 422)
            #expect(answer.text == #"{"message":"Email has already been taken","attributes":["email"]}"#)
        }
    }

    @Test func searchNeedsAText() async throws {
        try await withSimulator { _, browser in
            let answer = try await browser.desk("GET", "/contacts/search")
            #expect(answer.status == 422)
        }
    }

    @Test func aDeletedContactTakesItsSessionsAlong() async throws {
        try await withSimulator { _, browser in
            let client = try await TestClient(browser)
            let id = try await client.open()
            let contact = try await client.call("GET")["id"]?.castInt ?? 0
            #expect(
                try await browser.desk("DELETE", "/contacts/\(contact)", token: DemoWorld.moonwireAccessToken).status
                    == 401)
            #expect(try await browser.desk("DELETE", "/contacts/\(contact)").status == 200)
            #expect(try await client.call("GET").status == 404)
            #expect(try await browser.desk("GET", "/conversations/\(id)").status == 404)
        }
    }
}
