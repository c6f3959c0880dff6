import CurlHTTP
import EventJSON
import Testing
import TwinAPI
import WebSocketTestSupport

@Suite struct OperatorAPITests {
    struct Call: Sendable, CustomTestStringConvertible {
        let line: String
        var body: JSON?
        let make: @Sendable (TwinOperatorAPI) async throws -> Void
        var testDescription: String { line }

        init(_ line: String, body: JSON? = nil, _ make: @escaping @Sendable (TwinOperatorAPI) async throws -> Void) {
            self.line = line
            self.body = body
            self.make = make
        }
    }

    static let calls = [
        Call("PATCH /api/v1/users/me/activate") { try await $0.activate() },
        Call("PATCH /api/v1/users/me/pause") { try await $0.pause() },
        Call("PATCH /api/v1/clients/k1/ban") { try await $0.ban(client: "k1") },
        Call("PATCH /api/v1/clients/k1/unban") { try await $0.unban(client: "k1") },
        Call("PATCH /api/v1/sessions/s1/operators/389") { try await $0.transfer("s1", toOperator: "389") },
        Call("PATCH /api/v1/sessions/s1/groupoperators/g1") { try await $0.transfer("s1", toGroup: "g1") },
        Call("PUT /api/v1/sessions/s1/operators/389") { try await $0.take("s1", as: "389") },
        Call("PUT /api/v1/sessions/s1/operators/389") { try await $0.addOperator("389", to: "s1") },
        Call("DELETE /api/v1/sessions/s1/operators/389") { try await $0.removeOperator("389", from: "s1") },
        Call("PATCH /api/v1/sessions/s1/names/Ann") { try await $0.rename("s1", to: "Ann") },
        Call("DELETE /api/v1/sessions/s1") { try await $0.finish("s1") },
        Call("DELETE /api/v1/sessions/s1", body: ["result": "Решено"]) { try await $0.finish("s1", result: "Решено") },
        Call("PATCH /api/v1/sessions/s1/spam") { try await $0.mark("s1", asSpam: true) },
        Call("PATCH /api/v1/sessions/s1/notSpam") { try await $0.mark("s1", asSpam: false) },
        Call("PUT /api/v1/sessions/s1/operators/messages/m1", body: ["body": "b", "attachments": ["f"]]) {
            try await $0.edit("m1", of: "s1", to: .init("b", attachments: ["f"]))
        },
        Call("DELETE /api/v1/sessions/s1/operators/messages/m1") { try await $0.delete("m1", of: "s1") },
        Call("PATCH /api/v1/messages/m1/read") { try await $0.markRead("m1") },
    ]

    @Test("Calls whose answer may be empty", arguments: calls)
    func sends(call: Call) async throws {
        for status in [200, 204] {
            let platform = ScriptedPlatform(status: status)
            try await Seat.call(platform, call.make)
            let request = try #require(platform.requests.first)
            #expect(platform.requests.count == 1)
            #expect(request.line == call.line)
            #expect(request.json == call.body)
            #expect(request.url.hasPrefix("https://chats-api.example.org/"))
            #expect(request.header("authorization") == "Bearer token-1-SECRET")
            #expect(request.timeout == .seconds(60) && request.connectTimeout == .seconds(5))
        }
    }

    @Test func aMessageIsWrittenAsTheOperator() async throws {
        let platform = ScriptedPlatform(#"{"id":"m9","createdAt":"2021-03-10T08:37:53+00:00"}"#)
        let sent = try await Seat.call(platform) {
            _ = try await $0.send(.init("As client"), asClientTo: "s1")
            return try await $0.send(.init("Hi", attachments: ["f1", "f2"], replyTo: "m1"), to: "s1")
        }
        #expect(sent.id == "m9" && sent.createdAt?.secondsSince1970 == 1_615_365_473)
        #expect(
            platform.requests.map(\.line) == [
                "POST /api/v1/sessions/s1/clients/messages", "POST /api/v1/sessions/s1/operators/messages",
            ])
        #expect(
            platform.requests.last?.json == ["body": "Hi", "attachments": ["f1", "f2"], "replyToMessageId": "m1"])
        #expect(platform.requests.first?.json == ["body": "As client"])
    }

    @Test("T18: a file is uploaded to the sign-in service, and its id sent with a message")
    func uploads() async throws {
        let platform = ScriptedPlatform([
            (200, #"[{"id":"f1","name":"a","baseName":"a.png","size":3}]"#), (400, #"{"error":"Empty body"}"#),
            (200, #"{"id":"m1"}"#),
        ])
        let sent = try await Seat.call(platform) { api in
            let files = try await api.upload(
                [.init(filename: "a.png", .bytes([1, 2, 3]))], isPrivate: true, ttl: .seconds(60))
            return try await api.send(.init("", attachments: files.compactMap(\.id)), to: "s1")
        }
        #expect(sent.id == "m1")
        let upload = try #require(platform.requests.first)
        #expect(upload.url == "https://iam.example.org/api/v1/files")
        #expect(upload.parts == ["file[]=a.png:image/png", "private=true", "ttl=60"])
        #expect(upload.header("content-type") == nil)
        #expect(platform.requests.dropFirst().map { $0.json?["body"] } == ["", " "])
    }

    @Test("T18: a file that is too large is an error that no repeat mends")
    func tooLarge() async throws {
        let platform = ScriptedPlatform(status: 413, "<html>")
        let error = try await Seat.call(platform) { api in
            await twinError { _ = try await api.upload([.init(filename: "a.bin", .bytes([1]))]) }
        }
        #expect(error?.code == .tooLarge && error?.retryable == false && error?.isInDoubt == false)
        #expect(platform.requests.count == 1)
    }

    @Test func aFileIsDownloadedWithTheToken() async throws {
        let platform = ScriptedPlatform(status: 200, "abc", headers: [HTTPHeader("Content-Type", "text/plain")])
        let file = try await Seat.call(platform) { try await $0.download(file: "f1", maxBytes: 1000) }
        #expect(file.bytes == Array("abc".utf8) && file.contentType == "text/plain")
        let request = try #require(platform.requests.first)
        #expect(request.line == "GET /api/v1/files/f1" && request.maxResponseBytes == 1000)
        #expect(request.header("authorization") == "Bearer token-1-SECRET")
    }

    @Test("T21: a name with a slash, Cyrillic and a plus is one part of the path")
    func rename() async throws {
        let platform = ScriptedPlatform()
        try await Seat.call(platform) { try await $0.rename("s1", to: "a/б +?#%") }
        #expect(platform.requests.first?.line == "PATCH /api/v1/sessions/s1/names/a%2F%D0%B1%20%2B%3F%23%25")
    }

    @Test(arguments: ["", ".", ".."])
    func whatWouldMakeAnotherPathIsNotSent(text: String) async throws {
        let platform = ScriptedPlatform()
        let errors = try await Seat.call(platform) { api in
            [
                await twinError { try await api.rename("s1", to: text) },
                await twinError { try await api.finish(text) },
                await twinError { try await api.transfer("s1", toOperator: text) },
                await twinError { try await api.markRead(text) },
                await twinError { _ = try await api.request(.chat, .get, text) },
            ]
        }
        #expect(errors.allSatisfy { $0?.code == .badRequest && $0?.mayHaveBeenSent == false })
        #expect(platform.requests.isEmpty)
    }

    @Test(arguments: [
        "1615365473", "1615365473000", #"{"timestamp":1615365473}"#, #"{"ok":true,"time":"2021-03-10T08:37:53Z"}"#,
        #"{"data":{"timestamp":"1615365473"}}"#, #""2021-03-10T08:37:53+00:00""#,
    ])
    func theServersTimeIsReadInEveryForm(body: String) async throws {
        let platform = ScriptedPlatform(body)
        let (time, offset) = try await Seat.call(platform) { api in
            (try await api.serverTime(), try await api.serverClockOffset { 1_615_365_470 })
        }
        #expect(time.secondsSince1970 == 1_615_365_473 && offset == .seconds(3))
        #expect(platform.requests.first?.line == "GET /api/v1/timestamp")
    }

    @Test(arguments: ["1615365473000000", "4102444800", #"{"version":77,"now":"2021-03-10T08:37:53Z"}"#, "1e300"])
    func whatIsNoClockIsNotTakenForOne(body: String) async throws {
        let error = try await Seat.call(ScriptedPlatform(body)) { api in
            await twinError { _ = try await api.serverClockOffset { 1_615_365_470 } }
        }
        #expect(error?.code == .undecodable)
    }

    @Test func anEndpointThatRefusesANewTokenTooIsNotRenewedForAgain() async throws {
        let platform = ScriptedPlatform(status: 403, #"{"error":"Forbidden."}"#)
        try await Seat(platform).run { seat in
            _ = try await seat.account.connection()
            for id in ["1", "2", "3"] {
                seat.clock.advance(by: .seconds(120))
                #expect(await twinError { try await seat.api.ban(client: id) }?.code == .forbidden)
            }
        }
        #expect(platform.signIns.count == 2)
        #expect(platform.requests.count == 4)
    }

    @Test func aListOfNothingThatMakesSenseComesToAnEnd() async throws {
        let page = "[" + Array(repeating: "7", count: 100).joined(separator: ",") + "]"
        let platform = ScriptedPlatform { _, number in .init(200, number < 4 ? page : "[]") }
        let found = try await Seat.call(platform) { try await $0.latestMessages(ofSession: "s1") }
        #expect(found.isEmpty && platform.requests.count == 4)
        #expect(platform.requests.last?.line.contains("offset=300") == true)
    }

    @Test func anythingElseCanBeAskedWithTheToken() async throws {
        let platform = ScriptedPlatform(status: 200, "[]")
        let response = try await Seat.call(platform) {
            try await $0.request(.notify, .delete, "/messages", query: [("ids", "1+2")], body: .json(Array("{}".utf8)))
        }
        #expect(response.status == 200)
        #expect(platform.requests.first?.url == "https://notify.example.org/api/v1/messages?ids=1%2B2")
        #expect(platform.requests.first?.header("authorization") == "Bearer token-1-SECRET")
    }

    @Test func aClientBeginsASessionWithoutAToken() async throws {
        let platform = ScriptedPlatform(
            status: 201, #"{"id":"s1","clientId":"k","ttl":3600,"messages":[{"authorType":"BOT","body":"Hello"}]}"#)
        let api = TwinClientAPI(installation, address: "https://front.example.org/api/chats/v1/", transport: platform)
        let draft = TwinClientDraft(name: "Test", messageBody: "Hi", more: ["botId": "b1"])
        let session = try await api.start(chat: "c1", draft)
        _ = try await api.continueOrStart(chat: "c1", draft)
        try await api.send("More", to: "s1")
        #expect(session.id == "s1" && session.ttl == .seconds(3600) && session.messages.first?.authorType == .bot)
        #expect(
            platform.requests.map(\.line) == [
                "POST /api/chats/v1/chats/c1/sessions?x_widget=1", "PUT /api/chats/v1/chats/c1/sessions",
                "POST /api/chats/v1/sessions/s1/messages",
            ])
        #expect(platform.requests.first?.json == ["name": "Test", "messageBody": "Hi", "botId": "b1"])
        #expect(platform.requests.allSatisfy { $0.header("authorization") == nil })
    }
}
