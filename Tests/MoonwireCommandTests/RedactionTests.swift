import CurlHTTP
import EventJSON
import Foundation
import Moonwire
import MoonwireConfiguration
import Synchronization
import Testing

@testable import MoonwireCommand

struct RedactionTests {
    private func redact(_ text: String, keepsPersonal: Bool = false) throws -> String {
        var redaction = Redaction(keepsPersonal: keepsPersonal)
        return String(decoding: redaction.document(try JSON(parsing: text)).bytes, as: UTF8.self)
    }

    @Test(arguments: [
        "token", "accessToken", "api_access_token", "pubsub_token", "refreshToken", "PASSWORD", "source_id", "sourceId",
        "hmac_token", "client-secret", "authorization", "identifier_hash", "website_token", "api_key",
    ])
    func aMemberOfThisNameIsASecretAtAnyDepth(_ key: String) throws {
        let text = #"{"before":"saw s3cr3t-value here","a":[{"b":{"\#(key)":"s3cr3t-value","n":1}}]}"#
        #expect(
            try redact(text) == #"{"before":"saw redacted-1 here","a":[{"b":{"\#(key)":"redacted-1","n":1}}]}"#)
    }

    @Test func whatASecretMemberHoldsIsSecretToo() throws {
        #expect(
            try redact(#"{"token":{"value":"abc","list":["def"],"life":60}}"#)
                == #"{"token":{"value":"redacted-1","list":["redacted-2"],"life":60}}"#)
        #expect(try redact(#"{"password":12345678}"#) == #"{"password":0}"#)
        #expect(try redact(#"{"source_id":null}"#) == #"{"source_id":null}"#)
    }

    @Test func documentsInsideOfTextAreRedactedAndStayText() throws {
        let text =
            #"{"command":"subscribe","identifier":"{\"channel\":\"RoomChannel\",\"pubsub_token\":\"abcdefgh\"}"}"#
        #expect(
            try redact(text)
                == #"{"command":"subscribe","identifier":"{\"channel\":\"RoomChannel\",\"pubsub_token\":\"redacted-1\"}"}"#
        )
    }

    @Test func aSignedTokenIsKnownByItsForm() throws {
        let text = #"{"hint":"use eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl now"}"#
        #expect(try redact(text) == #"{"hint":"use redacted-1 now"}"#)
    }

    @Test func linksToFilesLoseWhatPermitsToReadThem() throws {
        let blob = String(repeating: "eyJfcmFpbHMiOn", count: 5)
        let text =
            #"{"data_url":"https://chat.example.com/rails/blobs/\#(blob)/a.png?X-Amz-Signature=ffff0000&size=2"}"#
        #expect(
            try redact(text)
                == #"{"data_url":"https://chat.example.com/rails/blobs/redacted-2/a.png?X-Amz-Signature=redacted-1&size=2"}"#
        )
    }

    @Test func personsGetStandInsThatStayTheSame() throws {
        let text = """
            {"sender":{"name":"Ivan Petrov","email":"ivan@shop.ru","phone_number":"+7 999 123-45-67"},\
            "inbox":{"name":"Support","channel_type":"Api"},\
            "content":"I am Ivan Petrov, write to IVAN@shop.ru or call 89991234567",\
            "created_at":"2026-11-21 18:16:50","id":17000000001}
            """
        #expect(
            try redact(text) == """
                {"sender":{"name":"Person 1","email":"person1@example.org","phone_number":"+10000000001"},\
                "inbox":{"name":"Support","channel_type":"Api"},\
                "content":"I am Person 1, write to person1@example.org or call +10000000002",\
                "created_at":"2026-11-21 18:16:50","id":17000000001}
                """)
    }

    @Test func aSessionOfTWIN24DoesNotTellWhoseItIs() throws {
        let text = #"""
            {"items":[{"id":"7c1e","chatId":"5a","name":"Ivan Petrov","status":"ACTIVE","channel":"WHATSAPP",\#
            "operatorId":"389","operatorName":"Anna","previousOperator":{"id":"390","name":"Olga Human"},\#
            "operators":[{"id":389,"name":"Anna","assigned_at":"2026-03-10T08:37:53+00:00"}],\#
            "clientId":"k1","clientExternalId":"crm-4711","externalId":"crm-4712","messengerUserId":79991234567,"clientIp":"10.0.0.1",\#
            "whatsappPhone":79991234567,"coordinates":{"city":"Kazan","latitude":"55.8","zip_code":420000},\#
            "startedAt":1615365473,"lastMessage":{"id":"m","authorName":"Ivan Petrov","body":"It is Ivan Petrov"},\#
            "firstClientMessageAfterLastOperatorMessage":"write to 79991234567","tags":"a"}]}
            """#
        let redacted = try redact(text)
        for secret in [
            "Ivan", "Petrov", "Anna", "Olga", "crm-4711", "crm-4712", "79991234567", "10.0.0.1", "Kazan", "55.8",
            "420000",
        ] {
            #expect(!redacted.contains(secret), "\(secret) in \(redacted)")
        }
        for kept in [#""id":"7c1e""#, #""chatId":"5a""#, #""operatorId":"389""#, #""startedAt":1615365473"#] {
            #expect(redacted.contains(kept), "\(kept) in \(redacted)")
        }
        #expect(
            try redact(#"{"id":"7c1e","chatId":"5a","name":"Ivan Petrov","whatsappPhone":"79991234567"}"#)
                == #"{"id":"7c1e","chatId":"5a","name":"Person 1","whatsappPhone":"+10000000001"}"#)
        #expect(try redact(#"{"id":"5a","name":"Site","botId":"b"}"#) == #"{"id":"5a","name":"Site","botId":"b"}"#)
    }

    @Test func aSignInAndABatchOfFramesAsTWIN24SendsThem() throws {
        var redaction = Redaction()
        let signIn = RecordedBody(
            .json(Array(#"{"email":"bot@acme.io","password":"hunter22","ttl":3600,"companyId":9}"#.utf8)), &redaction)
        #expect(
            signIn.members.first?.1
                == ["email": "person1@example.org", "password": "redacted-1", "ttl": 3600, "companyId": 9])
        let batch = """
            {"id":1,"connect":{"client":"c","data":{"token":"hunter22"}}}
            {"push":{"pub":{"data":{"event":"message","data":{"authorName":"Ann Lee","body":"I am Ann Lee"}}}}}
            """
        let frames = RecordedBody(Array(batch.utf8), type: "text", &redaction)
        #expect(frames.members.map(\.0) == ["lines"])
        let written = frames.members.map { String(decoding: $0.1.bytes, as: UTF8.self) }.joined()
        #expect(written.contains(#""token":"redacted-1""#))
        #expect(written.contains(#""authorName":"Person 1","body":"I am Person 1""#))
    }

    @Test func whatIsNotJSONIsKnownByTypeAndLengthOnly() {
        var redaction = Redaction()
        let body = RecordedBody(Array("%PDF-1.7 Ivan".utf8), type: "application/pdf", &redaction)
        #expect(body.members.map(\.0) == ["bytes", "type"])
        #expect(body.members.map(\.1) == [13, "application/pdf"])
    }

    @Test func personalDataIsKeptWhenAskedFor() throws {
        let text = #"{"sender":{"name":"Ivan","email":"ivan@shop.ru"},"token":"abcdefgh"}"#
        #expect(
            try redact(text, keepsPersonal: true)
                == #"{"sender":{"name":"Ivan","email":"ivan@shop.ru"},"token":"redacted-1"}"#)
    }

    @Test(arguments: [
        "2026-11-21T18:16:50.123Z", "2026-11-21 18", "550e8400-e29b-41d4-a716-446655440000", "1700000000.25",
        "order 12345", "v10.20.30.40",
    ])
    func whatOnlyLooksLikeANumberOfATelephoneStays(_ text: String) throws {
        let document = JSON.object(["content": .string(text)])
        var redaction = Redaction()
        #expect(redaction.document(document) == document)
    }

    @Test func pathsHideWhatTheRequestItselfHides() {
        var redaction = Redaction(secrets: ["inboxSecret"])
        let target = redaction.target(
            "https://h/public/api/v1/inboxes/inboxSecret/contacts/bot-1/messages?after=3&token=abcdefgh",
            display: "/public/api/v1/inboxes/***/contacts/***/messages")
        #expect(target.path == "/public/api/v1/inboxes/redacted-1/contacts/redacted-2/messages")
        #expect(target.query == "after=3&token=redacted-3")
        let found = redaction.target("https://h/contacts/ann%40acme.io?q=ann%40acme.io", display: nil)
        #expect(found.path == "/contacts/person1@example.org")
        #expect(found.query == "q=person1@example.org")
    }

    /// Everything that a configuration keeps secret, everywhere where a platform could repeat it.
    @Test func noSecretOfAConfigurationReachesTheFile() throws {
        let secrets = ["inboxIdentifier77", "source-id-of-the-bot", "hmac/To+ken==", "tok", "pässword \"1\""]
        let file = Lines()
        let section = ChannelSection(
            name: "shop", platform: .hoory, role: .client, origin: "https://h", delivery: DeliveryPolicy(),
            seat: .client(.init(inbox: Secret(secrets[0]))))
        let recorder = try Recorder(
            header: RecordingHeader(section, keepsPersonal: false, startedAt: Date(timeIntervalSince1970: 0)),
            redaction: Redaction(secrets: secrets), write: { file.add($0) })
        for secret in secrets {
            let inner = JSON.object(["deep": .string("x\(secret)y"), secret: 1])
            let tree: JSON = [
                "a": .string(secret), "b": .array([.string("in \(secret) text")]),
                "c": .string(String(decoding: inner.bytes, as: UTF8.self)), "d": inner,
            ]
            let encoded = try #require(secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            let request = HTTPRequest(
                .post, "https://h/api/\(encoded)/x?q=\(encoded)", displayPath: "/api/\(encoded)/x",
                headers: [HTTPHeader("Authorization", "Bearer \(secret)"), HTTPHeader("api_access_token", secret)],
                body: .json(tree.bytes))
            let number = recorder.began(request)
            recorder.ended(
                number, request,
                HTTPResponse(
                    status: 200, headers: .init([HTTPHeader("Set-Cookie", secret)]),
                    body: Array("<html>\(secret)</html>".utf8)))
            let form = HTTPRequest(
                .post, "https://h/f", body: .multipart([MultipartPart(name: "content", text: "my \(secret)")]))
            recorder.ended(recorder.began(form), form, HTTPResponse(status: 200, body: tree.bytes))
        }
        let text = file.text
        for secret in secrets {
            #expect(!text.contains(secret))
            let written = JSON.string(secret).bytes.dropFirst().dropLast()
            #expect(!text.contains(String(decoding: written, as: UTF8.self)))
        }
        #expect(text.contains("redacted-5"))
    }
}

/// A recording in memory.
final class Lines: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    func add(_ line: [UInt8]) { bytes.withLock { $0 += line } }
    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
}
