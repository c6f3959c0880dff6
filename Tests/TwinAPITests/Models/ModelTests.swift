import EventJSON
import Testing

@testable import TwinAPI

@Suite struct ModelTests {
    private func read<Value>(_ text: String, _ decode: (JSONElement) -> Value?) throws -> Value {
        try #require(try JSONParser().parse(Array(text.utf8), decode))
    }

    @Test func aWholeSessionIsRead() throws {
        let session = try read(
            #"""
            {"id":"s1","chatId":"c","name":"Иван","status":"ACTIVE","botStatus":"OFF","channel":"CHAT","messengerType":"TELEGRAM",
             "markedAsSpam":false,"operatorId":"389","operatorName":"Anna","operatorAssignedAt":"2021-03-10T08:37:53+00:00",
             "previousOperator":{"id":null,"name":null},
             "operators":[{"id":389,"name":"Anna","type":"CHAT","assigned_at":"2021-03-10T08:37:53+00:00"}],
             "clientId":"k","clientExternalId":42,"clientBanned":0,"clientIp":"10.0.0.1","whatsappPhone":79001112233,
             "coordinates":{"city":"Kazan","latitude":"55.8","longitude":49.1,"zip_code":420000,"country_code":"RU"},
             "startedAt":1615365473,"ttl":3600,"clientOnlineAt":null,"lastMessageCreatedAt":1615365473000,
             "unreadClientMessageCount":"2","unreadClientMessageExists":true,"timerFirstAnswer":30,"timerNextAnswers":60,
             "lastMessage":{"id":"m","authorType":"CLIENT","body":"hi"},"lastOperatorMessage":"text","tags":"a, b","new":1}
            """#, { TwinSession($0) })
        #expect(session.id == "s1" && session.chatID == "c" && session.name == "Иван")
        #expect(session.status == "active" && session.status?.rawValue == "ACTIVE")
        #expect(session.isMarkedAsSpam == false && session.operatorID == "389" && session.saysOperator)
        #expect(session.operators.first?.assignedAt?.secondsSince1970 == 1_615_365_473)
        #expect(session.client.id == "k" && session.client.externalID == "42" && session.client.isBanned == false)
        #expect(session.client.whatsappPhone == "79001112233")
        #expect(session.client.place?.latitude == 55.8 && session.client.place?.zipCode == "420000")
        #expect(session.startedAt == session.lastMessageCreatedAt && session.ttl == .seconds(3600))
        #expect(session.unreadClientMessageCount == 2 && session.hasUnreadClientMessages == true)
        #expect(session.timerFirstAnswer == .seconds(30) && session.timerNextAnswers == .seconds(60))
        #expect(session.lastMessage?.authorType == .client && session.lastOperatorMessage == "text")
        #expect(session.tags == ["a", "b"])
        #expect(session.isHeld(by: "389") && !session.isHeld(by: "390"))
        #expect(try JSON(parsing: session.raw)["new"] == 1)
    }

    @Test(arguments: ["1e30", "1e17", "9223372036854775808", #""1e30""#, "0", "-5", #""9999-12-31T00:00:00Z""#])
    func aTimeThatNoClockShowsIsNone(value: String) throws {
        let session = try read(#"{"id":"s1","operatorAssignedAt":\#(value)}"#, { TwinSession($0) })
        #expect(session.operatorAssignedAt == nil)
    }

    @Test(arguments: [#""odd""#, "7.5", "true", "[[]]", #"{"x":{"id":[]}}"#, "null", "1e300", "-1e300"])
    func aWrongTypeCostsOnlyItsField(value: String) throws {
        let names = [
            "chatId", "name", "status", "markedAsSpam", "operatorId", "operatorAssignedAt", "previousOperator",
            "operators",
            "clientBanned", "coordinates", "startedAt", "ttl", "unreadClientMessageCount", "lastMessage", "tags",
            "rating",
            "timerFirstAnswer", "sessionId", "authorId", "body", "createdAt", "attachments", "answers", "replyTo",
            "size",
            "roles", "results", "sessionTtl",
        ]
        let members = names.map { #""\#($0)":\#(value)"# }.joined(separator: ",")
        let text = #"{"id":1,\#(members)}"#
        #expect(try read(text, { TwinSession($0) }).id == "1")
        #expect(try read(text, { TwinMessage($0) }).id == "1")
        #expect(try read(text, { TwinStoredFile($0) }).id == "1")
        #expect(try read(text, { TwinUser($0) }).id == "1")
        #expect(try read(text, { TwinGroup($0) }).id == "1")
        #expect(try read(text, { TwinChat($0) }).id == "1")
    }

    @Test func aMessageWithFilesAndAnAnswerIsRead() throws {
        let message = try read(
            #"""
            {"id":"m2","session_id":"s1","author_id":389.0,"authorType":"operator","body":"see","read_at":null,
             "keyboard":[{"text":"Yes"}],"actions":{"a":1},
             "attachments":[{"id":"f1","isPrivate":true,"name":"a","baseName":"a.png","extension":"png",
               "sugestedExtension":"png","contentType":"image/png","size":1234,"url":"https://x/a"},
              {"id":"f2","private":false,"suggestedExtension":"pdf"},"odd"],
             "replyTo":{"id":"m1","body":"which?","authorType":"BOT","botId":"b"}}
            """#, { TwinMessage($0) })
        #expect(message.sessionID == "s1" && message.authorID == "389" && message.authorType == .operator)
        #expect(message.attachments.map(\.suggestedExtension) == ["png", "pdf"])
        #expect(message.attachments.map(\.isPrivate) == [true, false])
        #expect(message.keyboard.first?["text"] == "Yes" && message.actions?["a"] == 1)
        #expect(message.replyTo?.id == "m1" && message.replyTo?.botID == "b")
        #expect(message.readAt == nil)
        #expect(!message.raw.isEmpty)
    }

    @Test func aUserHasANameWhateverIsMissing() throws {
        let full =
            #"{"id":389,"companyId":1,"firstName":"Anna","lastName":"K","email":"a@b","roles":[{"name":"op"},"x"],"online":true}"#
        let user = try read(full, { TwinUser($0) })
        #expect(user.name == "Anna K" && user.roles == ["op", "x"] && user.isOnline == true && user.companyID == "1")
        #expect(try read(#"{"id":1,"email":"a@b"}"#, { TwinUser($0) }).name == "a@b")
        #expect(try read(#"{"id":"1"}"#, { TwinUser($0) }).name == "1")
    }

    @Test(arguments: [
        #""2021-03-10T08:37:53+00:00""#, #""2021-03-10T11:37:53.000+03:00""#, #""2021-03-10T08:37:53Z""#, "1615365473",
        "1615365473.0", "1615365473000", #""1615365473""#,
    ])
    func aTimeIsReadInEveryForm(text: String) throws {
        let time = try JSONParser().parse(Array(text.utf8)) { TwinTime($0) }
        #expect(time?.secondsSince1970 == 1_615_365_473)
        #expect(time?.text == "2021-03-10T08:37:53+00:00")
    }

    @Test(arguments: ["null", "0", "\"\"", "\"yesterday\"", "-5", "{}", "true", "\"nan\"", "\"inf\""])
    func whatIsNoTimeIsNone(text: String) throws {
        #expect(try JSONParser().parse(Array(text.utf8)) { TwinTime($0) } == nil)
    }

    @Test func wordsAreEqualWhateverTheirCase() {
        #expect(TwinWord("Operator") == .operator)
        #expect(Set([TwinWord("bot"), .bot, .client]).count == 2)
    }

    @Test func addressesAreTakenAsTheyAre() {
        #expect(installation.iam == "https://iam.example.org/api/v1")
        for (realtime, socket) in [
            ("https://a/b?c=1", "wss://a/b?c=1"), ("HTTP://a", "ws://a"), ("wss://a/b", "wss://a/b"), ("x", "x"),
        ] {
            #expect(TwinInstallation(iam: "", chat: "", realtime: realtime, notify: "").socketURL == socket)
        }
    }
}
