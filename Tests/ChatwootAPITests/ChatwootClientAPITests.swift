import ChatwootAPI
import CurlHTTP
import EventJSON
import Testing

@Suite struct ChatwootClientAPITests {
    private let base = "/public/api/v1/inboxes/inboxSecret"

    @Test func showsAnInbox() async throws {
        let transport = ScriptedTransport(Examples.inbox)
        let inbox = try await clientAPI(transport).inbox()
        #expect(transport.requests.map(\.line) == ["GET \(base)"])
        #expect(transport.requests.first?.header("accept") == "application/json")
        #expect(inbox.name == "Bot lane")
        #expect(inbox.workingHours.first?.opensAt == 540)
        #expect(inbox.workingHours.first?.closesAt == 1050)
        #expect(inbox.requiresIdentityHash == false)
        #expect(!String(describing: inbox).contains("kT3vQ9"))
    }

    @Test func makesAContactWithAllThatIsKnown() async throws {
        let transport = ScriptedTransport(Examples.session)
        let session = try await clientAPI(transport).createContact(
            sourceID: "bot-7f3c2a9e",
            details: .init(name: "Sara", phoneNumber: "+966500000001", customAttributes: ["tier": "gold"]),
            identifier: "user-42")
        #expect(transport.requests.map(\.line) == ["POST \(base)/contacts"])
        #expect(
            transport.requests.first?.json == [
                "source_id": "bot-7f3c2a9e", "identifier": "user-42", "name": "Sara",
                "phone_number": "+966500000001", "custom_attributes": ["tier": "gold"],
            ])
        #expect(session.sourceID.exposed == "bot-7f3c2a9e")
        #expect(session.pubsubToken?.exposed == "Wq8nB2yTzR6kLp4sVd1XhC9m")
        #expect(!String(reflecting: session).contains("Wq8n"))
    }

    @Test func verifiesAnIdentityInASecondCall() async throws {
        let transport = ScriptedTransport(bodies: [(200, Examples.session), (200, Examples.session)])
        let identity = ChatwootIdentity(identifier: "user-42", hmacToken: "hmacTokenForDocsOnly0001")
        _ = try await clientAPI(transport).verifiedContact(sourceID: "bot-7f3c2a9e", identity: identity)
        let hash = "cb629c6c67beefd24dbb211be8efa84a34de73985da19a033bc00b046f98202b"
        #expect(transport.requests.first?.json?["identifier_hash"] == .string(hash))
        #expect(
            transport.requests.last?.line
                == "GET \(base)/contacts/bot-7f3c2a9e?identifier=user-42&identifier_hash=\(hash)")
        #expect(transport.requests.last?.displayPath == "/public/api/v1/inboxes/***/contacts/***")
    }

    @Test func changesAContact() async throws {
        let transport = ScriptedTransport(Examples.contactRecord)
        let contact = try await clientAPI(transport).updateContact("s", details: .init(email: "sara@example.org"))
        #expect(transport.requests.map(\.line) == ["PATCH \(base)/contacts/s"])
        #expect(transport.requests.first?.json == ["email": "sara@example.org"])
        #expect(contact.identifier == "user-42" && contact.customAttributes["tier"] == "gold")
        #expect(contact.createdAt?.secondsSince1970 == 1_777_709_469.12)
    }

    @Test func encodesPathsThatTheServerWouldMisread() async throws {
        let transport = ScriptedTransport(Examples.session)
        _ = try await clientAPI(transport).contact("a.b/c ü")
        #expect(transport.requests.first?.line == "GET \(base)/contacts/a%2Eb%2Fc%20%C3%BC")
    }

    @Test func listsConversationsWithoutNoticesThatLeak() async throws {
        let transport = ScriptedTransport("[\(Examples.clientConversation)]")
        let conversations = try await clientAPI(transport).conversations("s")
        #expect(transport.requests.map(\.line) == ["GET \(base)/contacts/s/conversations"])
        #expect(conversations.first?.messages.map(\.id) == [9871])
        #expect(conversations.first?.contact?.identifier == "user-42")
        #expect(conversations.first?.agentLastSeenAt == nil)
        #expect(conversations.first?.contactLastSeenAt?.secondsSince1970 == 1_777_709_000)
    }

    @Test func readsKnownConversationsWhereListingCrashes() async throws {
        let crash = #"{"status":500,"error":"Internal Server Error"}"#
        let transport = ScriptedTransport(bodies: [(500, crash), (200, Examples.clientConversation)])
        let api = clientAPI(transport)
        #expect(try await api.conversations("s", known: [118]).map(\.id) == [118])
        #expect(api.capabilities.supports(.verifiedListing) == false)
        #expect(try await api.conversations("s", known: [118]).map(\.id) == [118])
        #expect(
            transport.requests.map(\.line) == [
                "GET \(base)/contacts/s/conversations", "GET \(base)/contacts/s/conversations/118",
                "GET \(base)/contacts/s/conversations/118",
            ])
    }

    @Test func findsAConversationInTheListingOfAnOldRelease() async throws {
        let transport = ScriptedTransport(bodies: [(404, "{}"), (200, "[\(Examples.clientConversation)]")])
        let api = clientAPI(transport)
        #expect(try await api.conversation("s", 118).id == 118)
        #expect(api.capabilities.supports(.clientConversation) == false)
        #expect(try await api.conversation("s", 118).id == 118)
        #expect(transport.requests.count == 3)
        #expect(await chatwootError { _ = try await api.resolve("s", 118) }?.code == .unsupported)
    }

    @Test func actsOnAConversation() async throws {
        let transport = ScriptedTransport(bodies: [
            (200, Examples.clientConversation), (200, Examples.clientConversation), (200, ""), (200, ""), (200, ""),
        ])
        let api = clientAPI(transport)
        _ = try await api.createConversation("s", customAttributes: ["order": 7])
        _ = try await api.resolve("s", 118)
        try await api.setTyping("s", 118, true)
        try await api.setTyping("s", 118, false)
        try await api.markRead("s", 118)
        let path = "\(base)/contacts/s/conversations"
        #expect(
            transport.requests.map(\.line) == [
                "POST \(path)", "POST \(path)/118/toggle_status", "POST \(path)/118/toggle_typing",
                "POST \(path)/118/toggle_typing", "POST \(path)/118/update_last_seen",
            ])
        #expect(transport.requests[0].json == ["custom_attributes": ["order": 7]])
        #expect(transport.requests[2].json == ["typing_status": "on"])
        #expect(transport.requests[3].json == ["typing_status": "off"])
    }

    @Test func pagesThroughMessages() async throws {
        let transport = ScriptedTransport("[\(Examples.clientMessage),\(Examples.activityMessage)]")
        let page = try await clientAPI(transport).messages("s", 118, before: 9900)
        #expect(transport.requests.first?.line == "GET \(base)/contacts/s/conversations/118/messages?before=9900")
        #expect(page.messages.map(\.id) == [9871])
        #expect(page.smallestID == 9870 && page.largestID == 9871 && !page.isFull)
    }

    @Test func writesAMessage() async throws {
        let transport = ScriptedTransport(Examples.clientMessage)
        let message = try await clientAPI(transport).sendMessage("s", 118, content: "Hi \"there\"\n", echoID: "c-1")
        #expect(transport.requests.first?.json == ["content": "Hi \"there\"\n", "echo_id": "c-1"])
        #expect(message.id == 9871)
    }

    @Test func sendsFilesAsMultipart() async throws {
        let transport = ScriptedTransport(Examples.clientMessage)
        _ = try await clientAPI(transport).sendMessage(
            "s", 118, content: "See", echoID: "c-2",
            attachments: [.init(filename: "a.png", bytes: [1]), .init(path: "/tmp/voice note.ogg")])
        #expect(
            transport.requests.first?.parts == [
                "content=See", "echo_id=c-2", "attachments[]=a.png:image/png",
                "attachments[]=voice note.ogg:audio/ogg",
            ])
    }

    @Test func submitsAnswersInTheShapeOfTheirKind() async throws {
        let transport = ScriptedTransport(Examples.clientMessage)
        let api = clientAPI(transport)
        let path = "PATCH \(base)/contacts/s/conversations/118/messages/9871"
        for answer: ChatwootSubmission in [
            .choice(.init("Track order", value: "track")), .form(["email": "a@b.c", "size": "s"]),
            .survey(rating: 5, feedback: "great"), .raw(["x": 1]),
        ] { _ = try await api.submit("s", 118, message: 9871, answer) }
        #expect(transport.requests.allSatisfy { $0.line == path })
        #expect(
            transport.requests.map(\.json) == [
                ["submitted_values": [["title": "Track order", "value": "track"]]],
                ["submitted_values": [["name": "email", "value": "a@b.c"], ["name": "size", "value": "s"]]],
                ["submitted_values": ["csat_survey_response": ["rating": 5, "feedback_message": "great"]]],
                ["submitted_values": ["x": 1]],
            ])
    }

    @Test func answersASurvey() async throws {
        let body =
            #"{"id":9880,"csat_survey_response":{"rating":5,"feedback_message":"great"},"display_type":"emoji","content":"Rate","inbox_name":"Bot lane","locale":"en","conversation_id":77,"created_at":"2026-05-02T08:11:09.120Z"}"#
        let transport = ScriptedTransport(body)
        let api = clientAPI(transport)
        #expect(try await api.survey(conversationUUID: "0d6a-7c").rating == 5)
        let survey = try await api.answerSurvey(conversationUUID: "0d6a-7c", rating: 5, feedback: "great")
        #expect(survey.messageID == 9880 && survey.feedback == "great")
        #expect(
            transport.requests.map(\.line) == [
                "GET /public/api/v1/csat_survey/0d6a-7c", "PUT /public/api/v1/csat_survey/0d6a-7c",
            ])
        #expect(
            transport.requests.last?.json == [
                "message": ["submitted_values": ["csat_survey_response": ["rating": 5, "feedback_message": "great"]]]
            ])
    }

    @Test func probesWhatIsNotKnownYet() async throws {
        let transport = ScriptedTransport(bodies: [(200, Examples.inbox), (404, "{}"), (200, "")])
        let api = clientAPI(transport)
        try await api.probe("s", conversation: 118)
        #expect(api.capabilities.supports(.inboxDetails) == true)
        #expect(api.capabilities.supports(.clientConversation) == false)
        #expect(api.capabilities.supports(.clientTyping) == true)
        #expect(api.capabilities.supports(.verifiedListing) == false)
        try await api.probe("s", conversation: 118)
        #expect(transport.requests.count == 3)
    }
}
