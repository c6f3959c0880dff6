import EventJSON
import Testing
import TwinAPI

@Suite struct EventTests {
    private func event(_ text: String) throws -> TwinEvent {
        try TwinEvent(publication: Array(text.utf8), parser: JSONParser())
    }

    private func event(_ name: String, _ data: String) throws -> TwinEvent {
        try event(#"{"event":"\#(name)","data":\#(data)}"#)
    }

    private func session(_ event: TwinEvent) -> TwinSession? {
        if case .session(let session) = event.content { session } else { nil }
    }

    private func message(_ event: TwinEvent) -> TwinMessage? {
        if case .message(let message) = event.content { message } else { nil }
    }

    @Test("T07: a session says whose it is, by number or by text, or that it is nobody's")
    func owner() throws {
        let nobody = try #require(session(try event("chatSessionStarted", #"{"id":"s1","operatorId":null}"#)))
        #expect(nobody.operatorID == nil && nobody.saysOperator)
        for id in ["389", "\"389\"", "389.0", "\" 389 \""] {
            let event = try event("chatSessionStarted", #"{"id":"s1","operatorId":\#(id)}"#)
            #expect(session(event)?.operatorID == "389")
            #expect(session(event)?.isHeld(by: "389") == true)
            #expect(event.operatorID == "389")
        }
        let added = try event("chatSessionAdded", #"{"sessionId":"s1"}"#)
        #expect(session(added)?.saysOperator == false)
        #expect(added.sessionID == "s1")
    }

    @Test("T14: an event about the seat may name another operator, or nobody", arguments: TwinEvent.Name.all)
    func concerns(name: TwinEvent.Name) throws {
        let isAboutTheSeat = [.operatorBlocked, .chatUserExists, .operatorLoggedOut].contains(name)
        for data in [#"{"userId":390}"#, #"{"id":"390"}"#, #"{"operator":{"id":390.0}}"#, "390", "\"390\""] {
            let event = try event(name.rawValue, data)
            #expect(event.concerns(operator: "389") == !isAboutTheSeat)
            #expect(event.concerns(operator: "390"))
        }
        for data in ["{}", "null", "[]", #"{"operatorId":389}"#] {
            #expect(try event(name.rawValue, data).concerns(operator: "389"))
        }
    }

    @Test(
        "T15: whatever comes, nothing fails and the payload is kept",
        arguments: [
            "{}", "[]", "null", "1", "\"text\"", #"{"event":null}"#, #"{"event":5,"data":{}}"#, #"{"data":{"id":1}}"#,
            #"{"event":""}"#, #"{"event":"somethingNew","data":{"sessionId":1.0,"x":[1,2]}}"#,
            #"{"event":"somethingNew"}"#,
        ])
    func unknown(text: String) throws {
        let event = try event(text)
        #expect(!event.name.isKnown)
        #expect(!event.missesID)
        #expect(event.name.rawValue == event.nativeName)
        #expect(try JSON(parsing: event.redactedPayload) == JSON(parsing: text))
        if case .other = event.content {} else { Issue.record("\(event.content)") }
    }

    @Test("T15: data may be missing, text, a number, a list, or full of odd types", arguments: TwinEvent.Name.all)
    func oddData(name: TwinEvent.Name) throws {
        for data in ["null", "[]", "\"\"", "true", "{}", #"{"id":{},"sessionId":[],"message":"x","session":7.5}"#] {
            let event = try event(name.rawValue, data)
            #expect(event.name == name)
            #expect(event.sessionID == nil && event.messageID == nil)
            #expect(event.missesID == ![.operatorBlocked, .chatUserExists, .operatorLoggedOut].contains(name))
        }
        #expect(try event(#"{"event":"\#(name)"}"#).name == name)
    }

    @Test("T15: ids come as text, integers and floats, in camel and snake case")
    func ids() throws {
        for (member, value) in [
            ("sessionId", "\"s1\""), ("session_id", "\"s1\""), ("session", #"{"id":"s1"}"#), ("session", "\"s1\""),
            ("chatSessionId", "\" s1\\n\""), ("chat_session_id", "\"s1\""), ("chatSession", #"{"id":"s1"}"#),
            ("message", #"{"sessionId":"s1"}"#), ("message", #"{"session_id":"s1"}"#),
        ] {
            let event = try event("typing", #"{"\#(member)":\#(value),"id":"other"}"#)
            #expect(event.sessionID == "s1", "\(member)")
        }
        #expect(try event("typing", #"{"id":"s1"}"#).missesID)
        #expect(try event("chatSessionDeleted", "42").sessionID == "42")
        #expect(try event("chatSessionDeleted", "42.0").sessionID == "42")
        #expect(try event("chatSessionDeleted", "42.5").sessionID == nil)
        #expect(try event("chatMessageRead", "\"m1\"").messageID == "m1")
        #expect(try event("chatMessageRead", #"{"message_id":7}"#).messageID == "7")
        #expect(try event("clientOnline", #"{"client":{"id":"c1"},"id":"x"}"#).clientID == "c1")
        #expect(try event("clientOnline", #"{"client":{"id":"c1"},"id":"s1"}"#).sessionID == "s1")
        #expect(try event("clientOffline", #"{"id":"s1"}"#).sessionID == "s1")
    }

    @Test func aNewMessageIsRead() throws {
        let data = #"""
            {"id":"m1","sessionId":"s1","authorId":"389","authorType":"OPERATOR","authorName":"Anna","type":"REGULAR",
             "body":"text","answers":[],"actions":[],"attachments":[],"createdAt":"2021-03-10T08:37:53+00:00","avatar":null}
            """#
        for data in [data, #"{"message":\#(data)}"#, #"{"sessionId":"s1","messageId":"m1","message":\#(data)}"#] {
            let event = try event("chatMessageCreated", data)
            let message = try #require(self.message(event))
            #expect(event.sessionID == "s1" && event.messageID == "m1" && !event.missesID)
            #expect(message.id == "m1" && message.sessionID == "s1")
            #expect(message.authorID == "389" && message.authorType == .operator && message.authorName == "Anna")
            #expect(message.body == "text")
            #expect(message.createdAt == TwinTime(secondsSince1970: 1_615_365_473))
            #expect(event.duplicateKey == "chatMessageCreated:m1")
        }
    }

    @Test func aReadMarkAndATypingSayWhatTheyKnow() throws {
        guard case .read(let at?) = try event("chatMessageRead", #"{"messageId":"m1","readAt":1615365473}"#).content
        else {
            Issue.record("No time.")
            return
        }
        #expect(at.secondsSince1970 == 1_615_365_473)
        guard case .typing(let typing) = try event("typing", #"{"session_id":"s","author_type":"bot"}"#).content else {
            Issue.record("No typing.")
            return
        }
        #expect(typing.authorType == .bot && typing.text == nil)
    }

    @Test func namesDifferInCaseAndEnding() throws {
        #expect(TwinEvent.Name.all.count == 15)
        for name in TwinEvent.Name.all {
            for native in [name.rawValue, name.rawValue.uppercased(), name.rawValue + "Emit"] {
                let event = try event(native, "{}")
                #expect(event.name == name)
                #expect(event.nativeName == native)
            }
        }
        #expect(try !event("Emit", "{}").name.isKnown)
    }

    @Test func repeatsAreKnownByTheirKey() throws {
        let one = try event("chatSessionAdded", #"{"id":"s1","status":"a"}"#)
        #expect(one.duplicateKey == (try event("chatSessionAdded", #"{ "id":"s1", "status":"a" }"#)).duplicateKey)
        #expect(one.duplicateKey != (try event("chatSessionAdded", #"{"id":"s1","status":"b"}"#)).duplicateKey)
        #expect(one.duplicateKey != (try event("chatSessionStarted", #"{"id":"s1","status":"a"}"#)).duplicateKey)
        for name in ["typing", "clientOnline", "clientOffline"] {
            #expect(try event(name, #"{"sessionId":"s1"}"#).duplicateKey == nil)
        }
    }

    @Test func tokensAreReplacedInWhatIsKept() throws {
        let event = try event("chatUserExists", #"{"token":"SECRET","user":{"id":389,"refresh_token":"SECRET"}}"#)
        #expect(
            String(decoding: event.redactedPayload, as: UTF8.self)
                == #"{"event":"chatUserExists","data":{"token":"***","user":{"id":389,"refresh_token":"***"}}}"#)
    }

    @Test(arguments: ["", "{", "nul"])
    func whatIsNotJSONIsRefused(text: String) {
        #expect(throws: JSONError.self) { try event(text) }
    }
}
