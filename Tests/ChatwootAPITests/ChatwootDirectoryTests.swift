import ChatwootAPI
import CurlHTTP
import EventJSON
import Testing

@Suite struct ChatwootDirectoryTests {
    private let account = "/api/v1/accounts/3"

    @Test func findsContacts() async throws {
        let body =
            #"{"meta":{"count":"31","current_page":1,"has_more":true},"payload":[{"id":512,"name":"Sara","contact_inboxes":[{"source_id":"bot-1","inbox":{"id":9}}]}]}"#
        let transport = ScriptedTransport(body)
        let page = try await operatorAPI(transport).contacts(matching: "+966 5", includingSessions: true)
        #expect(
            transport.requests.first?.line
                == "GET \(account)/contacts/search?q=%2B966%205&page=1&include_contact_inboxes=true")
        #expect(page.hasMore && page.count == 31)
        #expect(page.contacts.first?.sessions.first?.inboxID == 9)
        #expect(page.contacts.first?.sessions.first?.sourceID?.exposed == "bot-1")
    }

    @Test func unwrapsContactsHoweverTheyAreWrapped() async throws {
        let transport = ScriptedTransport(bodies: [
            (200, #"{"payload":{"contact":{"id":1},"contact_inbox":{"source_id":"x"}}}"#),
            (200, #"{"payload":{"id":2}}"#),
            (200, #"{"payload":{"id":3}}"#), (200, #"{"id":4}"#),
        ])
        let api = operatorAPI(transport)
        #expect(try await api.createContact(.init(details: .init(name: "Sara"), inboxID: 9)).id == 1)
        #expect(try await api.contact(2).id == 2)
        #expect(try await api.updateContact(3, .init(isBlocked: true)).id == 3)
        #expect(try await api.contact(4).id == 4)
        #expect(
            transport.requests.map(\.line) == [
                "POST \(account)/contacts", "GET \(account)/contacts/2", "PUT \(account)/contacts/3",
                "GET \(account)/contacts/4",
            ])
        #expect(transport.requests[0].json == ["inbox_id": 9, "name": "Sara"])
        #expect(transport.requests[2].json == ["blocked": true])
    }

    @Test func makesASession() async throws {
        let transport = ScriptedTransport(#"{"source_id":"bot-2","inbox":{"id":9,"channel_type":"Channel::Api"}}"#)
        let session = try await operatorAPI(transport).createSession(contact: 512, inbox: 9, sourceID: "bot-2")
        #expect(session.inboxID == 9 && session.sourceID?.exposed == "bot-2")
        #expect(transport.requests.first?.json == ["inbox_id": 9, "source_id": "bot-2"])
    }

    @Test func listsWithAndWithoutAWrapper() async throws {
        let transport = ScriptedTransport(bodies: [
            (200, #"[{"id":21,"name":"Omar","role":"agent","availability_status":"busy"}]"#),
            (200, #"{"payload":[{"id":21,"name":"Omar"}]}"#),
            (200, #"[{"id":4,"name":"billing","is_member":true}]"#), (200, "[]"),
            (
                200,
                #"{"payload":[{"id":9,"name":"Bot lane","channel_type":"Channel::Api","channel_identifier":"abc","hmac_mandatory":true}]}"#
            ),
            (200, #"{"payload":[{"id":1,"title":"vip"}]}"#), (200, #"[{"id":5,"short_code":"hi","content":"Hello"}]"#),
            (200, #"{"payload":{"webhooks":[{"id":8,"url":"https://x","subscriptions":["message_created"]}]}}"#),
        ])
        let api = operatorAPI(transport)
        #expect(try await api.agents().first?.availability == .busy)
        #expect(try await api.assignableAgents(inboxes: [9, 10]).count == 1)
        #expect(try await api.teams().first?.isMember == true)
        #expect(try await api.members(ofTeam: 4).isEmpty)
        let inbox = try await api.inboxes().first
        #expect(inbox?.identifier?.exposed == "abc" && inbox?.requiresIdentityHash == true)
        #expect(try await api.labels().first?.title == "vip")
        #expect(try await api.cannedResponses(matching: "hi").first?.content == "Hello")
        #expect(try await api.webhooks().first?.subscriptions == ["message_created"])
        #expect(
            transport.requests.map { $0.line.dropFirst(account.count + 5) } == [
                "agents", "assignable_agents?inbox_ids%5B%5D=9&inbox_ids%5B%5D=10", "teams", "teams/4/team_members",
                "inboxes", "labels", "canned_responses?search=hi", "webhooks",
            ])
    }
}
