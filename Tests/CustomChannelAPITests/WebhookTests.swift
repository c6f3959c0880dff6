import CurlHTTP
import CustomChannelAPI
import EventJSON
import Testing

@Suite struct WebhookTests {
    private func post(_ platform: ScriptedPlatform, _ event: CustomChannelEvent? = nil) async -> CustomChannelError? {
        let webhook = CustomChannelWebhook(credentials, transport: platform)
        do throws(CustomChannelError) {
            try await webhook.post(event ?? CustomChannelAPITests.event(.message(.text("hi"))), now: now)
            return nil
        } catch {
            return error
        }
    }

    @Test func postsToTheExactAddressWithTheToken() async throws {
        let platform = ScriptedPlatform(.success(HTTPResponse(status: 204, body: Array("not json".utf8))))
        let error = await post(platform)
        #expect(error == nil)
        let request = try #require(platform.requests.first)
        #expect(request.url == "https://app.example.com/custom/channel/webhook/")
        #expect(request.redirectLimit == 0)
        #expect(request.headers.contains { $0.name == "Authorization" && $0.value == "Bearer T-secret" })
        guard case .bytes(let body, let type) = request.body else {
            Issue.record("no body")
            return
        }
        #expect(type == "application/json")
        #expect(try JSON(parsing: body)["channelId"] == "c7q2m9x4kd")
    }

    @Test func nothingIllegalIsSent() async {
        let platform = ScriptedPlatform()
        let error = await post(platform, event(.message(.text("")), contact: "u1"))
        #expect(error?.code == .invalid)
        #expect(platform.requests.isEmpty)
    }

    @Test(
        arguments: [
            (400, .rejected), (409, .rejected), (413, .rejected), (415, .rejected), (422, .rejected),
            (401, .credentials),
            (403, .credentials), (404, .address), (410, .address), (301, .address), (302, .address),
            (408, .unavailable),
            (425, .unavailable), (429, .unavailable), (500, .unavailable), (503, .unavailable),
        ] as [(Int, CustomChannelError.Code)])
    func everyAnswerHasItsClass(status: Int, code: CustomChannelError.Code) async {
        let error = await post(ScriptedPlatform(.success(HTTPResponse(status: status))))
        #expect(error?.code == code)
        #expect(error?.status == status)
        #expect(error?.retryable == (code == .unavailable))
    }

    @Test func theWaitThatThePlatformNamesIsKept() async {
        let headers = HTTPHeaders([HTTPHeader("Retry-After", "2")])
        let error = await post(ScriptedPlatform(.success(HTTPResponse(status: 429, headers: headers))))
        #expect(error?.retryAfter == .seconds(2))
        let dates = HTTPHeaders([
            HTTPHeader("Date", "Sun, 06 Nov 1994 12:00:00 GMT"),
            HTTPHeader("Retry-After", "Sun, 06 Nov 1994 12:00:30 GMT"),
        ])
        let dated = await post(ScriptedPlatform(.success(HTTPResponse(status: 429, headers: dates))))
        #expect(dated?.retryAfter == .seconds(30))
    }

    @Test func noAnswerIsWorthAnotherTry() async {
        let failure = HTTPError(.timeout, message: "timed out", retryable: true, mayHaveBeenSent: true)
        let error = await post(ScriptedPlatform(.failure(failure)))
        #expect(error?.code == .unavailable)
        #expect(error?.transportError?.code == .timeout)
    }

    @Test func whatThePlatformSaysIsKeptWithoutTheToken() async throws {
        let body = Array(("bad token T-secret\n" + String(repeating: "x", count: 4000)).utf8)
        let error = try #require(await post(ScriptedPlatform(.success(HTTPResponse(status: 400, body: body)))))
        #expect(error.excerpt?.hasPrefix("bad token *** x") == true)
        #expect((error.excerpt?.utf8.count ?? 0) <= 2048)
        #expect(!error.message.contains("T-secret"))
        #expect(error.report.hasPrefix("the platform refuses the event (400): bad token *** x"))
    }

    @Test func aFailurePrintsNothingThatThePlatformSays() async throws {
        let body = Array(#"{"error":"no such contact +5215512345678: hola"}"#.utf8)
        let error = try #require(await post(ScriptedPlatform(.success(HTTPResponse(status: 400, body: body)))))
        #expect("\(error)" == "the platform refuses the event (400)")
    }
}
