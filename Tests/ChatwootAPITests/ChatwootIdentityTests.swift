import ChatwootAPI
import Testing

@Suite struct ChatwootIdentityTests {
    @Test func signsAnIdentifier() {
        let identity = ChatwootIdentity(identifier: "user-42", hmacToken: "hmacTokenForDocsOnly0001")
        #expect(identity.hash.exposed == "cb629c6c67beefd24dbb211be8efa84a34de73985da19a033bc00b046f98202b")
        #expect(!String(reflecting: identity).contains("cb629c"))
    }

    @Test func knowsASignedWebhook() {
        let body = Array(#"{"event":"message_created","id":981}"#.utf8)
        let signature = "sha256=5d75aaba329f295610edab8502e6d88eba96143f5f3f943042158c074cd77dfc"
        func isValid(_ signature: String, _ timestamp: String, _ body: [UInt8]) -> Bool {
            ChatwootWebhookSignature.isValid(
                signature, secret: "webhookSecretForDocs0001", timestamp: timestamp, body: body)
        }
        #expect(isValid(signature, "1760000000", body))
        #expect(!isValid(signature, "1760000001", body))
        #expect(!isValid(signature, "1760000000", body + [10]))
        #expect(!isValid(String(signature.dropLast()) + "d", "1760000000", body))
        #expect(!isValid("", "1760000000", body))
    }

    @Test func makesIdentifiersThatPrintNothing() {
        let contact = ChatwootIdentifier.contact("T\"1")
        #expect(contact.exposed == #"{"channel":"RoomChannel","pubsub_token":"T\"1"}"#)
        let user = ChatwootIdentifier.user("T2", account: 3, user: 21)
        #expect(user.exposed == #"{"channel":"RoomChannel","pubsub_token":"T2","account_id":3,"user_id":21}"#)
        var dumped = ""
        dump(user, to: &dumped)
        #expect(
            dumped.contains("***") && !dumped.contains("T2") && "\(user)" == "***" && String(reflecting: user) == "***")
    }

    @Test func aSecretPrintsNothingHoweverItIsPrinted() {
        let secret: ChatwootSecret = "S3CRET"
        var dumped = ""
        dump([secret], to: &dumped)
        #expect("\(secret)" == "***" && String(reflecting: secret) == "***" && !dumped.contains("S3CRET"))
    }
}
