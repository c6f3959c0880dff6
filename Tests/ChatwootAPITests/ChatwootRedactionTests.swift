import ChatwootAPI
import EventJSON
import Testing

/// Every frame is redacted in two ways, by copying and by writing anew: both must agree and hold no secret.
@Suite struct ChatwootRedactionTests {
    private func redacted(_ frame: String) throws -> String {
        let event = try #require(try ChatwootEvent(frame: Array(frame.utf8), parser: JSONParser()))
        let rewritten = try JSONParser().parse(Array(frame.utf8)) {
            ChatwootRedaction.payload(try #require($0["message"]))
        }
        #expect(try JSON(parsing: event.redactedPayload) == JSON(parsing: rewritten))
        return String(decoding: event.redactedPayload, as: UTF8.self)
    }

    private func frame(_ data: String, identifier: String = #"{\"pubsub_token\":\"S3CRET\"}"#) -> String {
        #"{"identifier":"\#(identifier)","message":{"event":"x.y","data":\#(data)}}"#
    }

    @Test func copiesAMessageWithoutSecretsAsItIs() throws {
        let data = #"{"id":1,"a" :[1.50,"\u00e9 \" : \\ \":"],"content":":) hi: \"x\":1","source_id":null}"#
        #expect(
            try redacted(frame(#"{"id":1.50,"content":"a: b","source_id":null}"#))
                == #"{"event":"x.y","data":{"id":1.50,"content":"a: b","source_id":null}}"#)
        #expect(try !redacted(frame(data)).contains("S3CRET"))
    }

    @Test(arguments: [
        #"{"pubsub_token":"S3CRET"}"#, #"{"a":[{"contact_inbox":{"source_id":"S3CRET","pubsub_token":"S3CRET"}}]}"#,
        #"{"access_token":"S3CRET","api_access_token":"S3CRET","hmac_token":"S3CRET"}"#,
        #"{"inbox_identifier":"S3CRET","channel_identifier":"S3CRET","identifier_hash":"S3CRET"}"#,
        #"{"pubsub_token" : "S3CRET"}"#, "{\"pubsub_token\"\n:\"S3CRET\"}", #"{"pubsub_token": "S3CRET"}"#,
        #"{"pubsub\u005ftoken":"S3CRET"}"#, #"{"pubsub_token":["S3CRET"]}"#, #"{"pubsub_token":{"x":"S3CRET"}}"#,
        #"{"pubsub_token":"S3CRET\"S3CRET"}"#, #"{"pubsub_token":"S3CRET\\"}"#,
        #"{"content":"\\","source_id":"S3CRET"}"#,
        #"{"content":"x\\\":","source_id":"S3CRET"}"#, #"{"content":":","source_id":"S3CRET"}"#,
        #"{"content":"\"pubsub_token\":\"fine\"","source_id":"S3CRET"}"#,
        #"{"a":["source_id",":x"],"source_id":"S3CRET"}"#, #"{"a":"source_id","b":":","c":{"source_id":"S3CRET"}}"#,
    ])
    func leavesNoSecretWhereverItStands(data: String) throws {
        let text = try redacted(frame(data))
        #expect(!text.contains("S3CRET"))
        #expect(text.contains("***"))
    }

    @Test func keepsTextThatOnlyLooksLikeASecret() throws {
        let data =
            #"{"content":"\"pubsub_token\":\"fine\"","a":["source_id",":x"],"my_source_id":"fine","source_ids":"fine"}"#
        #expect(try JSON(parsing: redacted(frame(data)))["data"] == JSON(parsing: data))
    }

    @Test(arguments: [
        #"{"message":{"event":"x.y","data":{"source_id":"S3CRET"}},"identifier":"S3CRET"}"#,
        #"{"identifier":"x","extra":"S3CRET","message":{"event":"x.y","data":{"source_id":"S3CRET"}}}"#,
        #"{"identifier":"x","message":{"event":"x.y","data":{"source_id":"S3CRET"}},"extra":"S3CRET"}"#,
        #" {"identifier":"x","message":{"event":"x.y","data":{"source_id":"S3CRET"}}} "#,
        #"{"identifier":"a\\","message":{"event":"x.y","data":{"source_id":"S3CRET"}}}"#,
        #"{"identifier":"a\",\"message\":S3CRET","message":{"event":"x.y","data":{"source_id":"S3CRET"}}}"#,
    ])
    func holdsTheMessageOnlyWhateverTheFrame(frame: String) throws {
        #expect(try redacted(frame) == #"{"event":"x.y","data":{"source_id":"***"}}"#)
    }

    @Test func agreesInBothWaysOnDocumentedEvents() throws {
        for data in [Examples.eventConversation, Examples.clientConversation, Examples.fullMessage, Examples.profile] {
            let text = try redacted(String(decoding: Examples.frame("x.y", data), as: UTF8.self))
            #expect(
                !text.contains("bot-7f3c2a9e") && !text.contains("Wq8n") && !text.contains("h2Jk")
                    && !text.contains("leak"))
        }
        #expect(try !redacted(Examples.eventMessage).contains("bot-7f3c2a9e"))
    }
}
