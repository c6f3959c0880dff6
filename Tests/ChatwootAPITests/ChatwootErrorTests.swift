import ChatwootAPI
import CurlHTTP
import Testing

@Suite struct ChatwootErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let status: Int
        let body: String
        let code: ChatwootError.Code
        var retryable = false
        var isInDoubt = false
        var testDescription: String { "\(status) \(code)" }
    }

    static let client: [Case] = [
        Case(status: 404, body: #"{"status":404,"error":"Not Found"}"#, code: .notFound),
        Case(
            status: 500, body: #"{"status":500,"error":"Internal Server Error"}"#, code: .server, retryable: true,
            isInDoubt: true),
        Case(
            status: 422,
            body: #"{"message":"Content is too long (maximum is 150000 characters)","attributes":["content"]}"#,
            code: .validation),
        Case(
            status: 422, body: #"{"message":"Too many messages","attributes":["base"]}"#, code: .flood, retryable: true),
        Case(status: 422, body: #"{"error":"You cannot update the CSAT survey after 14 days"}"#, code: .validation),
        Case(status: 400, body: #"{"status":400,"error":"Bad Request"}"#, code: .badRequest),
        Case(status: 429, body: "Retry later\n", code: .throttled, retryable: true),
        Case(status: 413, body: "<html>", code: .tooLarge),
        Case(status: 502, body: "<html>", code: .gateway, retryable: true, isInDoubt: true),
        Case(status: 503, body: "", code: .gateway, retryable: true, isInDoubt: true),
        Case(status: 504, body: "<html>", code: .gateway, retryable: true, isInDoubt: true),
        Case(status: 302, body: "", code: .undecodable),
    ]

    static let `operator`: [Case] = [
        Case(
            status: 401, body: #"{"errors":["You need to sign in or sign up before continuing."]}"#, code: .unauthorized
        ),
        Case(status: 401, body: #"{"error":"Invalid Access Token"}"#, code: .invalidToken),
        Case(status: 401, body: #"{"error":"Access to this endpoint is not authorized for bots"}"#, code: .notForBots),
        Case(status: 401, body: #"{"error":"You are not authorized to access this account"}"#, code: .forbiddenAction),
        Case(status: 401, body: #"{"error":"Account is suspended"}"#, code: .suspended),
        Case(status: 401, body: #"{"error":"You are not authorized to do this action"}"#, code: .forbiddenAction),
        Case(
            status: 403, body: #"{"error":"Message status update is only allowed for API inboxes"}"#,
            code: .forbiddenAction),
        Case(status: 404, body: #"{"error":"Resource could not be found"}"#, code: .notFound),
        Case(
            status: 422, body: #"{"message":"Email has already been taken","attributes":["email"]}"#, code: .validation),
        Case(status: 422, body: #"{"error":"Validation failed: Too many messages"}"#, code: .flood, retryable: true),
        Case(status: 422, body: #"{"error":"param is missing or the value is empty: message"}"#, code: .validation),
        Case(status: 402, body: #"{"error":"Account limit exceeded"}"#, code: .paymentRequired),
    ]

    @Test(arguments: client)
    func clientAnswers(_ example: Case) async {
        let transport = ScriptedTransport(status: example.status, example.body)
        let error = await chatwootError { _ = try await clientAPI(transport).messages("sidSecret", 118) }
        check(error, example)
        #expect(error?.displayPath == "/public/api/v1/inboxes/***/contacts/***/conversations/118/messages")
    }

    @Test(arguments: `operator`)
    func operatorAnswers(_ example: Case) async {
        let transport = ScriptedTransport(status: example.status, example.body)
        let error = await chatwootError { _ = try await operatorAPI(transport).conversation(118) }
        check(error, example)
        #expect(error?.displayPath == "/api/v1/accounts/3/conversations/118")
    }

    private func check(_ error: ChatwootError?, _ example: Case) {
        #expect(error?.code == example.code)
        #expect(error?.status == example.status)
        #expect(error?.retryable == example.retryable)
        #expect(error?.isInDoubt == example.isInDoubt)
        #expect(error?.mayHaveBeenSent == true)
        #expect(error?.description.contains("Secret") == false)
        #expect(error?.description.contains(String(example.status)) == true)
        #expect(error?.description.contains("<html>") == false)
    }

    @Test func namesTheFieldsThatDidNotPass() async {
        let transport = ScriptedTransport(
            status: 422, #"{"message":"Email has already been taken","attributes":["email"]}"#)
        let error = await chatwootError { _ = try await operatorAPI(transport).contact(1) }
        #expect(error?.attributes == ["email"])
        #expect(
            error?.message
                == "GET /api/v1/accounts/3/contacts/1: the platform refuses the values (422: Email has already been taken)."
        )
    }

    @Test func aThrottledCallWaitsForTheNextFullMinute() async {
        let error = await chatwootError { try await operatorAPI(.init(status: 429, "Retry later\n")).markRead(118) }
        #expect(error?.retryAfter == .milliseconds(47_500))
    }

    @Test func aThrottledCallWaitsAsLongAsTheServerSays() async {
        let transport = ScriptedTransport(status: 429, "", headers: [HTTPHeader("Retry-After", "7")])
        let error = await chatwootError { try await operatorAPI(transport).markRead(118) }
        #expect(error?.retryAfter == .seconds(7))
        let dated = ScriptedTransport(
            status: 429, "",
            headers: [
                HTTPHeader("Date", "Sun, 06 Nov 1994 12:00:00 GMT"),
                HTTPHeader("Retry-After", "Sun, 06 Nov 1994 12:00:30 GMT"),
            ])
        let refused = await chatwootError { try await operatorAPI(dated).markRead(118) }
        #expect(refused?.retryAfter == .seconds(30))
    }

    @Test func aCrashOfAContactCallMayBeAWrongIdentity() async {
        let transport = ScriptedTransport(status: 500, #"{"status":500,"error":"Internal Server Error"}"#)
        let error = await chatwootError { _ = try await clientAPI(transport).contact("s") }
        #expect(error?.code == .authOrServer)
        #expect(error?.retryable == false)
    }

    @Test(arguments: [true, false])
    func aLostConnectionKeepsWhatTheTransportKnows(mayHaveBeenSent: Bool) async {
        let lost = HTTPError(
            .connect, message: "Connection refused.", retryable: true, mayHaveBeenSent: mayHaveBeenSent)
        let error = await chatwootError { try await operatorAPI(.init([.failure(lost)])).markRead(118) }
        #expect(error?.code == .transport)
        #expect(error?.transportError?.code == .connect)
        #expect(error?.mayHaveBeenSent == mayHaveBeenSent)
        #expect(error?.isInDoubt == mayHaveBeenSent)
        #expect(error?.retryable == true)
    }

    @Test(arguments: ["", "<html>", "[]", "{}", "null"])
    func aSuccessThatMakesNoSenseIsInDoubt(body: String) async {
        let error = await chatwootError { _ = try await operatorAPI(.init(body)).sendMessage(118, .init(content: "x")) }
        #expect(error?.code == .undecodable)
        #expect(error?.isInDoubt == true)
    }
}
