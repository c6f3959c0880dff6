import CustomChannelAPI
import EventJSON
import Testing

@Suite struct CallTests {
    private func read(_ text: String, _ idType: CustomChannelIDType = .custom) throws -> CustomChannelCall {
        try CustomChannelCall(parsing: json(text), channelID: "c7q2m9x4kd", idType: idType)
    }

    private func refused(_ text: String) -> String? {
        do {
            _ = try read(text)
            return nil
        } catch {
            return (error as? CustomChannelRefusal)?.message
        }
    }

    @Test func everyTypeIsRead() throws {
        let text = try read(
            #"{"channelId":"c7q2m9x4kd","contactId":"u1","message":{"type":"text","text":"Sí"},"x":1}"#)
        #expect(text.message == .text("Sí"))
        #expect(text.contactID == "u1")
        #expect(text.namesChannel)
        let file = try read(
            #"{"contactId":"u1","message":{"type":"attachment","attachment":{"type":"audio","url":"https://c.example/n.ogg","mimeType":"audio/ogg","fileName":"n.ogg"}}}"#
        )
        #expect(
            file.message
                == .attachment(.init(.audio, url: "https://c.example/n.ogg", mimeType: "audio/ogg", fileName: "n.ogg")))
        #expect(!file.namesChannel)
        let question = try read(
            #"{"contactId":"u1","message":{"type":"quick_reply","title":"?","replies":["Sí","No"]}}"#)
        #expect(question.message == .quickReply(.init(title: "?", replies: ["Sí", "No"])))
    }

    @Test(arguments: [
        #"{"type":"location","latitude":20.5,"longitude":-103.25,"address":"Centro"}"#,
        #"{"type":"location","latitude":"20.5","longitude":"-103.25","address":"Centro"}"#,
        #"{"type":"location","location":{"latitude":20.5,"longitude":"-103.25","address":"Centro"}}"#,
    ])
    func placesAreReadInEveryShape(message: String) throws {
        let call = try read(#"{"contactId":"u1","message":\#(message)}"#)
        #expect(call.message == .location(.init(latitude: 20.5, longitude: -103.25, address: "Centro")))
    }

    @Test func phoneNumbersAreNormalised() throws {
        let call = try read(#"{"contactId":"60 177872890","message":{"type":"text","text":"a"}}"#, .phone)
        #expect(call.contactID == "+60177872890")
    }

    @Test(arguments: [
        ("{", "not JSON"), ("[]", "object"), ("null", "object"), ("", "not JSON"),
        (#"{"message":{"type":"text","text":"a"}}"#, "contactId"),
        (#"{"contactId":7,"message":{"type":"text","text":"a"}}"#, "contactId"),
        (#"{"contactId":"u-1","message":{"type":"text","text":"a"}}"#, "contactId"),
        (#"{"channelId":"other","contactId":"u1","message":{"type":"text","text":"a"}}"#, "another channel"),
        (#"{"channelId":7,"contactId":"u1","message":{"type":"text","text":"a"}}"#, "another channel"),
        (#"{"contactId":"u1"}"#, "message is missing"), (#"{"contactId":"u1","message":"a"}"#, "must be an object"),
        (#"{"contactId":"u1","message":{"text":"a"}}"#, "message.type is missing"),
        (#"{"contactId":"u1","message":{"type":"reaction"}}"#, "'reaction' is not known"),
        (#"{"contactId":"u1","message":{"type":"texto","text":"a"}}"#, "'texto' is not known"),
        (#"{"contactId":"u1","message":{"type":"text"}}"#, "message.text is missing"),
        (#"{"contactId":"u1","message":{"type":"text","text":""}}"#, "message.text"),
        (#"{"contactId":"u1","message":{"type":"attachment"}}"#, "message.attachment is missing"),
        (#"{"contactId":"u1","message":{"type":"attachment","attachment":{"type":"pdf","url":"x"}}}"#, "'pdf'"),
        (#"{"contactId":"u1","message":{"type":"location","latitude":91,"longitude":0}}"#, "message.latitude"),
        (#"{"contactId":"u1","message":{"type":"quick_reply","title":"?","replies":[]}}"#, "message.replies"),
        (#"{"contactId":"u1","message":{"type":"quick_reply","title":"?","replies":[1]}}"#, "message.replies"),
    ])
    func faultsAreNamed(body: String, named: String) {
        let message = refused(body)
        #expect(message?.contains(named) == true, "\(message ?? "taken")")
    }

    @Test func deepNestingIsRefused() {
        #expect(
            refused(String(repeating: "[", count: 200) + String(repeating: "]", count: 200)) == "the body is not JSON")
    }

    @Test func refusalsAreShortLines() throws {
        let answer = CustomChannelAnswer.refused("a\nb" + String(repeating: "x", count: 400))
        let text = try #require(answer["error"]?["message"]?.string)
        #expect(text.hasPrefix("a b"))
        #expect(text.utf16.count == 256)
    }

    @Test(arguments: [
        ("2", "No"), (" 1. ", "Sí"), ("sí", "Sí"), ("0", nil), ("-1", nil), ("3", nil), ("\(Int.min)", nil),
        ("\(Int.max)", nil), ("", nil),
    ])
    func aNumberChoosesWithinTheList(answer: String, reply: String?) {
        #expect(CustomChannelMessage.QuickReply(title: "?", replies: ["Sí", "No"]).reply(to: answer) == reply)
    }
}
