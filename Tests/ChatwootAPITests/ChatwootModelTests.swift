import ChatwootAPI
import EventJSON
import Testing

@Suite struct ChatwootModelTests {
    private func message(_ json: String) async throws -> ChatwootMessage {
        try await operatorAPI(ScriptedTransport(json)).deleteMessage(1, message: 1)
    }

    private func conversation(_ json: String) async throws -> ChatwootConversation {
        try await operatorAPI(ScriptedTransport(json)).conversation(1)
    }

    @Test func aMessageNeedsOnlyItsIdAndItsDirection() async throws {
        let message = try await message(#"{"id":1,"message_type":0}"#)
        #expect(message.content == nil && message.contentType == .text && message.attachments.isEmpty)
        #expect(message.sender == nil && !message.isPrivate && message.choices.isEmpty)
    }

    @Test func unknownWordsAreKept() async throws {
        let message = try await message(
            #"{"id":1,"message_type":9,"content_type":"hologram","status":"queued","sender":{"id":5,"type":"hoory_assistant"}}"#
        )
        #expect(message.direction.rawValue == 9 && message.contentType.rawValue == "hologram")
        #expect(message.delivery?.rawValue == "queued" && message.sender?.kind?.rawValue == "hoory_assistant")
    }

    @Test func valuesOfWrongTypesAreAsIfTheyWereMissing() async throws {
        let message = try await message(
            #"{"id":"7","message_type":"outgoing","content":5,"content_attributes":"x","attachments":{},"sender":[],"created_at":"soon","private":"no","conversation":3}"#
        )
        #expect(message.id == 7 && message.direction == .outgoing && message.content == nil)
        #expect(message.contentAttributes.isEmpty && message.attachments.isEmpty && message.sender == nil)
        #expect(message.createdAt == nil && !message.isPrivate && message.conversation == nil)
    }

    @Test func anInboxMayBeCalledAChannel() async throws {
        #expect(try await message(#"{"id":1,"message_type":0,"channel_id":9}"#).inboxID == 9)
        #expect(try await conversation(#"{"id":1,"channel_id":9}"#).inboxID == 9)
    }

    @Test func readsAttachmentsOfEveryKind() async throws {
        let message = try await message(
            #"{"id":1,"message_type":0,"attachments":[{"id":1,"file_type":"location","coordinates_lat":24.7,"coordinates_long":46,"fallback_title":"Riyadh"},{"id":2,"file_type":"audio","transcribed_text":"hello","data_url":"https://x/a.ogg"},{"id":3},null]}"#
        )
        #expect(message.attachments.map(\.kind) == [.location, .audio, .file])
        #expect(message.attachments[0].longitude == 46 && message.attachments[0].title == "Riyadh")
        #expect(message.attachments[1].transcribedText == "hello")
    }

    @Test func readsFlagsOfAMessage() async throws {
        let message = try await message(
            #"{"id":1,"message_type":1,"content_attributes":{"deleted":true,"in_reply_to":7,"external_error":"dead"}}"#)
        #expect(message.isDeleted && message.inReplyTo == 7 && message.externalError == "dead")
    }

    @Test(arguments: [
        (
            #"[{"name":"email","value":"a@b.c"},{"name":"n","value":2}]"#,
            ChatwootAnswer.form(["email": "a@b.c", "n": 2]), "a@b.c, 2"
        ),
        (#"{"csat_survey_response":{"rating":4,"feedback_message":"ok"}}"#, .survey(rating: 4, feedback: "ok"), "4"),
        (#"[{"title":"A","value":"a"},{"title":"B"}]"#, .choices([.init("A", value: "a"), .init("B")]), "a, B"),
        (#"[7]"#, .other([7]), "[7]"), (#""x""#, .other("x"), "x"),
    ])
    func readsAnswersOfEveryShape(json: String, answer: ChatwootAnswer, text: String) async throws {
        let message = try await message(
            #"{"id":1,"message_type":1,"content_attributes":{"submitted_values":\#(json)}}"#)
        #expect(message.answer == answer)
        #expect(message.answer?.text == text)
    }

    @Test(arguments: [
        ("1777709123", 1_777_709_123), ("1777709123.411", 1_777_709_123.411),
        (#""2026-05-02T08:05:23.411Z""#, 1_777_709_123.411),
        (#""2026-05-02T08:05:23Z""#, 1_777_709_123), (#""2026-05-02T11:05:23+03:00""#, 1_777_709_123),
        (#""2026-05-02 08:05:23""#, 1_777_709_123), (#""1969-12-31T23:59:59Z""#, -1),
        (#""2024-02-29T00:00:00Z""#, 1_709_164_800),
    ])
    func readsTimeInEveryForm(json: String, seconds: Double) async throws {
        let created = try await message(#"{"id":1,"message_type":1,"created_at":\#(json)}"#).createdAt
        #expect(created?.secondsSince1970 == seconds)
    }

    @Test(arguments: [
        "0", "null", #""""#, #""2026-13-02T08:05:23Z""#, #""2026-05-02""#, #""2026-05-02T08:05:23Zx""#,
        #""2026-05-02T08:05:23+3""#, "[]", "true",
    ])
    func whatIsNoTimeIsNone(json: String) async throws {
        #expect(try await message(#"{"id":1,"message_type":1,"created_at":\#(json)}"#).createdAt == nil)
    }

    @Test func numbersBeyondReasonDoNotTrap() async throws {
        let transport = ScriptedTransport(
            #"{"id":9,"name":"x","working_hours":[{"day_of_week":9223372036854775807,"open_hour":9223372036854775807,"open_minutes":-9223372036854775808,"close_hour":5,"close_minutes":9223372036854775807}]}"#
        )
        let hours = try await operatorAPI(transport).inbox(9).workingHours
        #expect(hours.first?.opensAt == nil && hours.first?.closesAt == 359)
        #expect(
            try await message(#"{"id":9223372036854775807,"message_type":9223372036854775807,"created_at":1e308}"#).id
                == .max)
    }
}
