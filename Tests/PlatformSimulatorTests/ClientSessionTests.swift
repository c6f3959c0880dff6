import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct ClientSessionTests {
    private let inbox = "/public/api/v1/inboxes/\(DemoWorld.hooryInboxIdentifier)"
    private let secure = "/public/api/v1/inboxes/\(DemoWorld.secureInboxIdentifier)"
    /// The hash of `user-42` under the secure inbox's token.
    private let hash: JSONValue = "cb629c6c67beefd24dbb211be8efa84a34de73985da19a033bc00b046f98202b"

    @Test func anInboxSaysWhetherItValidatesIdentities() async throws {
        try await withSimulator { _, browser in
            let answer = try await browser.call("GET", inbox)
            #expect(answer.status == 200)
            #expect(answer["identity_validation_enabled"] == .bool(false))
            #expect(answer["working_hours"]?.array?.count == 7)
            #expect(try await browser.call("GET", secure)["identity_validation_enabled"] == .bool(true))
        }
    }

    @Test func creatingASessionTwiceGivesTheSameToken() async throws {
        try await withSimulator { _, browser in
            let first = try await browser.call("POST", "\(inbox)/contacts", ["source_id": "bot-1", "name": "Sara"])
            #expect(first.status == 200)
            #expect(
                first.json.object?.members.map(\.key).sorted() == [
                    "email", "id", "name", "phone_number", "pubsub_token", "source_id",
                ])
            let again = try await browser.call("POST", "\(inbox)/contacts", ["source_id": "bot-1", "name": "Other"])
            #expect(again.json == first.json)
            let other = try await browser.call("POST", "\(inbox)/contacts", ["source_id": "bot-2"])
            #expect(other["pubsub_token"] != first["pubsub_token"])
            #expect(other["name"]?.string?.isEmpty == false)
        }
    }

    @Test func aKnownAddressGetsANewSessionOfTheSameContact() async throws {
        try await withSimulator { _, browser in
            let first = try await browser.call(
                "POST", "\(inbox)/contacts", ["email": "Sara@example.org", "name": "Sara"])
            let second = try await browser.call(
                "POST", "\(inbox)/contacts", ["email": "sara@example.org", "name": "X"])
            #expect(first["id"] == second["id"])
            #expect(second["name"] == "Sara")
            #expect(first["source_id"] != second["source_id"])
        }
    }

    @Test(arguments: [
        (["email": "nobody"] as JSONValue, "email"), (["phone_number": "0500000001"] as JSONValue, "phone_number"),
    ])
    func addressesAreValidated(parameters: JSONValue, attribute: String) async throws {
        try await withSimulator { _, browser in
            let answer = try await browser.call("POST", "\(inbox)/contacts", parameters)
            #expect(answer.status == 422)
            #expect(answer["attributes"] == .texts([attribute]))
            #expect(answer["message"]?.string?.isEmpty == false)
        }
    }

    @Test func theRecordOfAnUpdateHoldsNoCredential() async throws {
        try await withSimulator { _, browser in
            let client = try await TestClient(browser)
            _ = try await client.call("PATCH", "", ["custom_attributes": ["tier": "gold", "old": "1"]])
            let answer = try await client.call(
                "PUT", "", ["phone_number": "+966500000001", "custom_attributes": ["old": "2", "tier": ""]])
            #expect(answer.status == 200)
            #expect(answer["pubsub_token"] == nil && answer["source_id"] == nil)
            #expect(answer["phone_number"] == "+966500000001")
            #expect(answer["custom_attributes"]?["tier"] == "gold")
            #expect(answer["custom_attributes"]?["old"] == "2")
            #expect(answer["created_at"]?.string?.hasSuffix("Z") == true)
        }
    }

    @Test func anUpdateToAKnownAddressMergesContacts() async throws {
        try await withSimulator { _, browser in
            let first = try await TestClient(browser, source: "one", ["email": "sara@example.org"])
            let second = try await TestClient(browser, source: "two")
            let conversation = try await second.open()
            let absorbing = try await first.call("GET")["id"]
            #expect(try await second.call("PATCH", "", ["email": "sara@example.org"])["id"] == absorbing)
            let after = try await second.call("GET")
            #expect(after["id"] == absorbing)
            #expect(after["pubsub_token"]?.string == second.token)
            #expect(try await second.call("GET", "/conversations/\(conversation)")["contact"]?["id"] == absorbing)
        }
    }

    @Test func aSecureInboxAnswersWrongIdentitiesWith500() async throws {
        try await withSimulator { _, browser in
            let wrong: [JSONValue] = [
                [:], ["identifier": "user-42"], ["identifier": "user-43", "identifier_hash": hash],
            ]
            for parameters in wrong {
                let answer = try await browser.call("POST", "\(secure)/contacts", parameters)
                #expect(answer.status == 500)
                #expect(answer.text == #"{"status":500,"error":"Internal Server Error"}"#)
            }
            let right: JSONValue = ["source_id": "s", "identifier": "user-42", "identifier_hash": hash]
            #expect(try await browser.call("POST", "\(secure)/contacts", right).status == 200)
            #expect(try await browser.call("GET", "\(secure)/contacts/s").status == 500)
        }
    }

    @Test func aVerifiedSessionSeesAllConversationsOfItsContact() async throws {
        try await withSimulator { _, browser in
            let identity: JSONObject = ["identifier": "user-42", "identifier_hash": hash]
            let phone = try await TestClient(browser, source: "phone", inbox: DemoWorld.secureInboxIdentifier, identity)
            let laptop = try await TestClient(
                browser, source: "laptop", inbox: DemoWorld.secureInboxIdentifier, identity)
            _ = try await phone.open()
            #expect(try await laptop.call("GET", "/conversations").json == .array([]))
            let query = "?identifier=user-42&identifier_hash=\(hash.string ?? "")"
            #expect(try await laptop.call("GET", query).status == 200)
            #expect(try await laptop.call("GET", "/conversations").json.array?.count == 1)
        }
    }

    @Test(arguments: ["/public/api/v1/inboxes/nope", "/public/api/v1/inboxes/nope/contacts/x", "/nowhere"])
    func whatIsNotThereIs404InJSON(path: String) async throws {
        try await withSimulator { _, browser in
            let answer = try await browser.call("GET", path)
            #expect(answer.status == 404)
            #expect(answer.text == #"{"status":404,"error":"Not Found"}"#)
        }
    }

    @Test func sourceIDsWithADotAreNoRoute() async throws {
        try await withSimulator { _, browser in
            _ = try await browser.call("POST", "\(inbox)/contacts", ["source_id": "a.b"])
            #expect(try await browser.call("GET", "\(inbox)/contacts/a.b").status == 404)
        }
    }
}
