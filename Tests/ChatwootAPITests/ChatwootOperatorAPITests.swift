import ChatwootAPI
import CurlHTTP
import EventJSON
import Testing

@Suite struct ChatwootOperatorAPITests {
    private let account = "/api/v1/accounts/3"

    @Test func sendsTheTokenInTheDashedHeaderOnly() async throws {
        let transport = ScriptedTransport(Examples.profile)
        let profile = try await operatorAPI(transport).profile()
        let request = try #require(transport.requests.first)
        #expect(request.line == "GET /api/v1/profile")
        #expect(request.header("api-access-token") == "tokenSecret")
        #expect(request.header("api_access_token") == nil)
        #expect(profile.id == 21 && profile.pubsubToken?.exposed == "h2Jk")
        #expect(profile.accounts.first?.availability == .online)
        #expect(!String(reflecting: profile).contains("h2Jk"))
    }

    @Test func setsAvailability() async throws {
        let transport = ScriptedTransport(Examples.profile)
        let api = operatorAPI(transport)
        _ = try await api.setAvailability(.busy)
        _ = try await api.setGoesOfflineByItself(false)
        #expect(
            transport.requests.map(\.line) == [
                "POST /api/v1/profile/availability", "POST /api/v1/profile/auto_offline",
            ])
        #expect(
            transport.requests.map(\.json) == [
                ["profile": ["account_id": 3, "availability": "busy"]],
                ["profile": ["account_id": 3, "auto_offline": false]],
            ])
    }

    @Test func listsConversationsOfEveryStatusUnlessAsked() async throws {
        let body =
            #"{"data":{"meta":{"mine_count":1,"assigned_count":2,"unassigned_count":3,"all_count":5},"payload":[\#(Examples.eventConversation)]}}"#
        let transport = ScriptedTransport(body)
        let api = operatorAPI(transport)
        let page = try await api.conversations()
        _ = try await api.conversations(
            .init(status: .pending, assignee: .me, inboxID: 9, labels: ["vip", "a b"], order: .createdAscending),
            page: 2)
        #expect(page.conversations.map(\.id) == [118] && page.counts.unassigned == 3)
        #expect(
            transport.requests.map(\.line) == [
                "GET \(account)/conversations?status=all&assignee_type=all&page=1",
                "GET \(account)/conversations?status=pending&assignee_type=me&inbox_id=9&labels%5B%5D=vip&labels%5B%5D=a%20b&sort_by=created_at_asc&page=2",
            ])
    }

    @Test func filtersConversations() async throws {
        let transport = ScriptedTransport(#"{"meta":{"all_count":1},"payload":[\#(Examples.eventConversation)]}"#)
        let page = try await operatorAPI(transport).conversations(where: [
            .init("status", .equalTo, ["pending"]), .init("inbox_id", .equalTo, [9]),
        ])
        #expect(page.conversations.count == 1 && page.counts.all == 1)
        #expect(transport.requests.first?.line == "POST \(account)/conversations/filter?page=1")
        #expect(
            transport.requests.first?.json == [
                "payload": [
                    [
                        "attribute_key": "status", "filter_operator": "equal_to", "values": ["pending"],
                        "query_operator": "AND",
                    ],
                    ["attribute_key": "inbox_id", "filter_operator": "equal_to", "values": [9], "query_operator": nil],
                ]
            ])
    }

    @Test func beginsAConversation() async throws {
        let transport = ScriptedTransport(Examples.eventConversation)
        var draft = ChatwootConversationDraft(inboxID: 9, contactID: 512, status: .open, content: "Hello")
        draft.customAttributes = ["order": 7]
        _ = try await operatorAPI(transport).createConversation(draft)
        #expect(
            transport.requests.first?.json == [
                "inbox_id": 9, "contact_id": 512, "status": "open", "custom_attributes": ["order": 7],
                "message": ["content": "Hello"],
            ])
    }

    @Test func readsMessagesAroundIds() async throws {
        let transport = ScriptedTransport(
            #"{"meta":{},"payload":[\#(Examples.fullMessage),\#(Examples.clientMessage)]}"#)
        let api = operatorAPI(transport)
        let page = try await api.messages(118, after: 9000)
        _ = try await api.messages(118)
        _ = try await api.messages(118, after: 1, before: 9)
        #expect(page.messages.map(\.id) == [9871, 9872])
        let path = "GET \(account)/conversations/118/messages"
        #expect(transport.requests.map(\.line) == ["\(path)?after=9000", path, "\(path)?after=1&before=9"])
    }

    @Test func readsAllMessagesAfterAnId() async throws {
        func page(_ ids: ClosedRange<Int>) -> (Int, String) {
            (200, #"{"payload":[\#(ids.map { #"{"id":\#($0),"message_type":0}"# }.joined(separator: ","))]}"#)
        }
        let transport = ScriptedTransport(bodies: [page(11...110), page(111...115)])
        let messages = try await operatorAPI(transport).messages(118, allAfter: 10)
        #expect(messages.map(\.id) == Array(11...115))
        #expect(transport.requests.map { $0.line.suffix(9) } == [".ages?after=10".suffix(9), "after=110".suffix(9)])
    }

    @Test func writesQuickReplies() async throws {
        let transport = ScriptedTransport(Examples.fullMessage)
        var draft = ChatwootMessageDraft.choices(
            "How can we help?", [.init("Track order", value: "track"), .init("Agent")])
        draft.echoID = "op-78"
        let message = try await operatorAPI(transport).sendMessage(118, draft)
        #expect(transport.requests.first?.line == "POST \(account)/conversations/118/messages")
        #expect(
            transport.requests.first?.json == [
                "content": "How can we help?", "content_type": "input_select", "echo_id": "op-78",
                "content_attributes": [
                    "items": [["title": "Track order", "value": "track"], ["title": "Agent", "value": "Agent"]]
                ],
            ])
        #expect(message.echoID == "op-77" && message.delivery == .sent)
    }

    @Test func writesNotesRepliesAndForOthers() async throws {
        let transport = ScriptedTransport(Examples.fullMessage)
        let api = operatorAPI(transport)
        _ = try await api.sendMessage(118, .note("careful"))
        var bot = ChatwootMessageDraft(content: "hi", direction: .incoming, inReplyTo: 9871)
        bot.agentBotID = 2
        _ = try await api.sendMessage(118, bot)
        #expect(
            transport.requests.map(\.json) == [
                ["content": "careful", "private": true],
                [
                    "content": "hi", "message_type": "incoming", "content_attributes": ["in_reply_to": 9871],
                    "sender_type": "AgentBot", "sender_id": 2,
                ],
            ])
    }

    @Test func sendsFilesWithAttributesAsJSONText() async throws {
        let transport = ScriptedTransport(Examples.fullMessage)
        let draft = ChatwootMessageDraft(
            content: "See", inReplyTo: 1, attachments: [.init(filename: "x.pdf", bytes: [])])
        _ = try await operatorAPI(transport).sendMessage(118, draft)
        #expect(
            transport.requests.first?.parts == [
                "content=See", "message_type=outgoing", "private=false", #"content_attributes={"in_reply_to":1}"#,
                "attachments[]=x.pdf:application/pdf",
            ])
    }

    @Test func changesMessages() async throws {
        let transport = ScriptedTransport(Examples.fullMessage)
        let api = operatorAPI(transport)
        _ = try await api.setDelivery(118, message: 7, .failed, externalError: "no route")
        _ = try await api.deleteMessage(118, message: 7)
        _ = try await api.retryMessage(118, message: 7)
        let path = "\(account)/conversations/118/messages/7"
        #expect(transport.requests.map(\.line) == ["PATCH \(path)", "DELETE \(path)", "POST \(path)/retry"])
        #expect(transport.requests.first?.json == ["status": "failed", "external_error": "no route"])
    }

    @Test func assignmentTellsWhenThePlatformDoesNotKnowTheOther() async throws {
        let transport = ScriptedTransport(bodies: [
            (200, #"{"id":21,"name":"Omar"}"#), (200, "null"), (200, #"{"id":4,"name":"billing"}"#), (200, "null"),
            (200, #"{"id":2}"#),
        ])
        let api = operatorAPI(transport)
        #expect(try await api.assign(118, to: 21)?.name == "Omar")
        #expect(try await api.assign(118, to: nil) == nil)
        #expect(try await api.assign(118, toTeam: 4)?.name == "billing")
        #expect(try await api.assign(118, toTeam: nil) == nil)
        #expect(try await api.assign(118, toBot: 2))
        #expect(
            transport.requests.map(\.json) == [
                ["assignee_id": 21], ["assignee_id": nil], ["team_id": 4], ["team_id": 0],
                ["assignee_type": "AgentBot", "assignee_id": 2],
            ])
    }

    @Test func setsStatus() async throws {
        let transport = ScriptedTransport(
            #"{"meta":{},"payload":{"success":true,"conversation_id":118,"current_status":"snoozed","snoozed_until":1777710000}}"#
        )
        let status = try await operatorAPI(transport).setStatus(
            118, .snoozed, snoozedUntil: .init(secondsSince1970: 1_777_710_000))
        #expect(status == .snoozed)
        #expect(transport.requests.first?.json == ["status": "snoozed", "snoozed_until": 1_777_710_000])
    }

    @Test func actsWithoutAnAnswerToRead() async throws {
        let transport = ScriptedTransport("")
        let api = operatorAPI(transport)
        try await api.setPriority(118, .high)
        try await api.setPriority(118, nil)
        try await api.setTyping(118, true, isPrivate: true)
        try await api.markRead(118)
        try await api.markUnread(118)
        try await api.mute(118)
        try await api.unmute(118)
        #expect(
            transport.requests.map { $0.line.split(separator: "/").last } == [
                "toggle_priority", "toggle_priority", "toggle_typing_status", "update_last_seen", "unread", "mute",
                "unmute",
            ])
        #expect(
            transport.requests.prefix(3).map(\.json) == [
                ["priority": "high"], ["priority": nil], ["typing_status": "on", "is_private": true],
            ])
    }

    @Test func changesLabelsWithoutLosingOthers() async throws {
        let transport = ScriptedTransport(bodies: [
            (200, #"{"payload":["vip","old"]}"#), (200, #"{"payload":["vip","new"]}"#),
        ])
        let labels = try await operatorAPI(transport).changeLabels(118, adding: ["new", "vip"], removing: ["old"])
        #expect(labels == ["vip", "new"])
        #expect(transport.requests.last?.json == ["labels": ["vip", "new"]])
    }

    @Test func labelsThatAreThereAlreadyAreNotWritten() async throws {
        let transport = ScriptedTransport(#"{"payload":["vip"]}"#)
        #expect(try await operatorAPI(transport).changeLabels(118, adding: ["vip"]) == ["vip"])
        #expect(transport.requests.count == 1)
    }

    @Test func changesCustomAttributesWithoutLosingOthers() async throws {
        let conversation = #"{"id":118,"status":"open","custom_attributes":{"a":1,"b":2}}"#
        let transport = ScriptedTransport(bodies: [(200, conversation), (200, #"{"custom_attributes":{"a":1,"c":3}}"#)])
        let attributes = try await operatorAPI(transport).changeCustomAttributes(118, ["b": nil, "c": 3])
        #expect(attributes["c"] == 3)
        #expect(transport.requests.last?.json == ["custom_attributes": ["a": 1, "c": 3]])
    }
}
