import ChatwootAPI
import EventJSON
import Testing

@Suite struct ChatwootEventTests {
    private func event(_ frame: [UInt8]) throws -> ChatwootEvent {
        try #require(try ChatwootEvent(frame: frame, parser: JSONParser()))
    }

    private func event(_ name: String, _ data: String) throws -> ChatwootEvent {
        try event(Examples.frame(name, data))
    }

    @Test func readsAMessage() throws {
        let event = try event(Array(Examples.eventMessage.utf8))
        #expect(event.name == .messageCreated && event.accountID == 3)
        guard case .message(let message) = event.content else { Issue.record("no message"); return }
        #expect(message.id == 9871 && message.content == "Pick one" && message.direction == .outgoing)
        #expect(message.conversationID == 118 && message.inboxID == 9 && message.delivery == .sent)
        #expect(message.createdAt?.secondsSince1970 == 1_777_709_123)
        #expect(message.updatedAt?.secondsSince1970 == 1_777_709_123.411)
        #expect(
            message.contentType == .inputSelect
                && message.choices == [.init("Yes", value: "y"), .init("No", value: "n")])
        #expect(message.echoID == "c-000123" && message.sourceID == nil && message.answer == nil)
        #expect(message.senderType == "User" && message.senderID == 21)
        #expect(message.sender?.kind == .user && message.sender?.availability == .online)
        #expect(
            message.conversation?.assigneeID == 21 && message.conversation?.contactSourceID?.exposed == "bot-7f3c2a9e")
    }

    @Test(arguments: [
        "conversation.created", "conversation.updated", "conversation.status_changed", "assignee.changed",
        "team.changed", "conversation.read",
    ])
    func readsAConversation(name: String) throws {
        let event = try event(name, Examples.eventConversation)
        #expect(event.name.rawValue == name && event.accountID == 3)
        guard case .conversation(let conversation) = event.content else { Issue.record("no conversation"); return }
        #expect(conversation.id == 118 && conversation.status == .open && conversation.labels == ["vip"])
        #expect(conversation.updatedAt?.secondsSince1970 == 1_777_709_123.411)
        #expect(conversation.firstReplyAt?.secondsSince1970 == 1_777_709_123.411)
        #expect(conversation.agentLastSeenAt == nil && conversation.priority == nil && conversation.snoozedUntil == nil)
        #expect(conversation.assignee?.name == "Omar" && conversation.team?.name == "billing")
        #expect(conversation.contact?.kind == .contact && conversation.channel == "Channel::Api")
        #expect(conversation.session?.pubsubToken?.exposed == "Wq8nB2yTzR6kLp4sVd1XhC9m")
        #expect(
            !String(reflecting: conversation).contains("Wq8n") && !String(reflecting: conversation).contains("bot-7f"))
    }

    @Test func readsTyping() throws {
        let data =
            #"{"conversation":\#(Examples.eventConversation),"user":{"id":21,"name":"Omar","type":"user"},"is_private":true,"account_id":3}"#
        let event = try event("conversation.typing_on", data)
        guard case .typing(let typing) = event.content else { Issue.record("no typing"); return }
        #expect(event.name == .typingOn && event.accountID == 3)
        #expect(typing.conversationID == 118 && typing.user?.id == 21 && typing.isPrivate)
    }

    @Test func readsPresence() throws {
        let event = try event(
            "presence.update",
            #"{"account_id":3,"users":{"21":"online","22":"busy","x":"busy","23":5},"contacts":{"512":"online"}}"#)
        guard case .presence(let presence) = event.content else { Issue.record("no presence"); return }
        #expect(presence.users == [21: .online, 22: .busy])
        #expect(presence.contacts == [512: .online])
    }

    @Test func readsAContact() throws {
        let event = try event(
            "contact.updated", #"{"id":512,"name":"Sara","custom_attributes":{"tier":"gold"},"account_id":3}"#)
        guard case .contact(let contact) = event.content else { Issue.record("no contact"); return }
        #expect(contact.id == 512 && contact.customAttributes["tier"] == "gold")
    }

    @Test func tellsWhatChangedAndWhoDidIt() throws {
        let event = try event(
            "message.updated",
            #"{"id":1,"message_type":0,"previous_changes":{"status":["sent","read"],"updated_at":[1,2]},"performer":{"id":21,"name":"Omar"}}"#
        )
        #expect(event.changedFields == ["status", "updated_at"])
        #expect(event.performerID == 21)
    }

    @Test func readsTheAnswerToQuickReplies() throws {
        let event = try event(
            "message.updated",
            #"{"id":1,"message_type":1,"content_type":"input_select","content_attributes":{"items":[{"title":"Track order","value":"track"}],"submitted_values":[{"title":"Track order","value":"track"}]}}"#
        )
        guard case .message(let message) = event.content else { Issue.record("no message"); return }
        #expect(message.answer == .choices([.init("Track order", value: "track")]))
        #expect(message.answer?.text == "track")
    }

    @Test(arguments: [
        ("copilot.message.created", #"{"id":1}"#), ("conversation.unread_count_changed", "{}"),
        ("message.created", "{}"),
        ("message.created", #"{"id":"x","message_type":0}"#), ("message.created", "[]"),
        ("conversation.created", "null"),
        ("conversation.typing_on", "{}"), ("contact.created", "7"),
    ])
    func keepsWhatItDoesNotUnderstand(name: String, data: String) throws {
        let event = try event(name, data)
        guard case .other = event.content else { Issue.record("understood"); return }
        #expect(event.name.rawValue == name)
        #expect(String(decoding: event.redactedPayload, as: UTF8.self) == #"{"event":"\#(name)","data":\#(data)}"#)
    }

    @Test(arguments: [
        #"{"type":"ping","message":1795259987}"#, #"{"type":"welcome"}"#, #"{"identifier":"x","message":{"data":{}}}"#,
        #"{"identifier":"x","message":{"event":"message.created"}}"#, "[]", "1",
    ])
    func aFrameWithoutAnEventIsNone(frame: String) throws {
        #expect(try ChatwootEvent(frame: Array(frame.utf8), parser: JSONParser()) == nil)
    }

    @Test func halfAFrameIsAnError() {
        #expect(throws: JSONError.self) {
            try ChatwootEvent(frame: Array(Examples.eventMessage.utf8.dropLast(9)), parser: JSONParser())
        }
    }

    @Test func readsAWebhook() throws {
        let event = try #require(try ChatwootEvent(webhook: Array(Examples.webhook.utf8), parser: JSONParser()))
        #expect(event.name == .messageCreated && event.accountID == 3)
        guard case .message(let message) = event.content else { Issue.record("no message"); return }
        #expect(message.direction == .incoming && message.conversationID == 118 && message.inboxID == 9)
        #expect(message.createdAt?.secondsSince1970 == 1_777_709_220)
        #expect(message.sender?.kind == nil && message.sender?.email == nil && message.delivery == nil)
        #expect(message.conversation?.status == .pending)
        #expect(!String(decoding: event.redactedPayload, as: UTF8.self).contains("bot-7f3c2a9e"))
    }

    @Test func readsWhatAWebhookSaysAboutChanges() throws {
        let body =
            #"{"event":"conversation_status_changed","id":118,"status":"resolved","changed_attributes":[{"status":{"previous_value":"open","current_value":"resolved"}}]}"#
        let event = try #require(try ChatwootEvent(webhook: Array(body.utf8), parser: JSONParser()))
        #expect(event.name == .conversationStatusChanged && event.changedFields == ["status"])
    }
}
