import CurlHTTP
import Testing
import TwinAPI

@Suite struct ErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let status: Int
        var body = ""
        let code: TwinError.Code
        var retryable = false
        var isInDoubt = false
        var testDescription: String { "\(status) \(code)" }
    }

    static let cases = [
        Case(status: 302, code: .undecodable), Case(status: 400, body: #"{"error":"No"}"#, code: .badRequest),
        Case(status: 401, body: #"{"error":"Unauthorized"}"#, code: .unauthenticated),
        Case(status: 403, code: .forbidden), Case(status: 404, body: "<html>", code: .notFound),
        Case(status: 405, code: .methodNotAllowed), Case(status: 408, code: .gateway, retryable: true, isInDoubt: true),
        Case(status: 413, code: .tooLarge), Case(status: 418, code: .badRequest),
        Case(status: 422, body: #"{"error":{"x":1},"details":["a","b"]}"#, code: .wrongState),
        Case(status: 429, code: .throttled, retryable: true),
        Case(status: 500, code: .server, retryable: true, isInDoubt: true),
        Case(status: 502, code: .gateway, retryable: true, isInDoubt: true),
        Case(status: 503, code: .gateway, retryable: true, isInDoubt: true),
    ]

    @Test(arguments: cases)
    func anAnswerMeansOneThing(example: Case) async throws {
        let platform = ScriptedPlatform(status: example.status, example.body)
        let error = try await Seat.call(platform) { api in
            await twinError { _ = try await api.send(.init("Hi"), to: "s1") }
        }
        #expect(error?.code == example.code)
        #expect(error?.status == example.status)
        #expect(error?.retryable == example.retryable)
        #expect(error?.isInDoubt == example.isInDoubt)
        #expect(error?.mayHaveBeenSent == true)
        #expect(error?.method == .post && error?.service == .chat)
        #expect(error?.displayPath == "/api/v1/sessions/s1/operators/messages")
        #expect(error?.description.contains("<html>") == false)
        #expect(error?.shortDescription == "twin.\(example.code)")
        #expect(platform.requests.count == 1)
    }

    @Test func aSentenceSaysWhereWhatAndWhy() async throws {
        let platform = ScriptedPlatform(status: 422, "{\"error\":\"Session\\nis closed\",\"details\":null}")
        let error = try await Seat.call(platform) { api in await twinError { try await api.finish("s1") } }
        #expect(
            error?.message
                == "DELETE /api/v1/sessions/s1 on the chat service: not possible in the present state (422: Session is closed)."
        )
    }

    @Test func thePlatformMaySayHowLongToWait() async throws {
        let platform = ScriptedPlatform(status: 429, "", headers: [HTTPHeader("Retry-After", "7")])
        let error = try await Seat.call(platform) { api in await twinError { try await api.pause() } }
        #expect(error?.retryAfter == .seconds(7))
        let dated = ScriptedPlatform(
            status: 429, "",
            headers: [
                HTTPHeader("Date", "Sun, 06 Nov 1994 12:00:00 GMT"),
                HTTPHeader("Retry-After", "Sun, 06 Nov 1994 12:00:30 GMT"),
            ])
        let refused = try await Seat.call(dated) { api in await twinError { try await api.pause() } }
        #expect(refused?.retryAfter == .seconds(30))
        for header in ["soon", "-1", "99999999"] {
            let platform = ScriptedPlatform(status: 429, "", headers: [HTTPHeader("Retry-After", header)])
            let error = try await Seat.call(platform) { api in await twinError { try await api.pause() } }
            #expect(error?.retryAfter == nil)
        }
    }

    @Test(arguments: [true, false])
    func aLostConnectionKeepsWhatTheTransportKnows(mayHaveBeenSent: Bool) async throws {
        let platform = ScriptedPlatform { _, _ throws(HTTPError) in
            throw HTTPError(.timeout, message: "Too slow.", retryable: true, mayHaveBeenSent: mayHaveBeenSent)
        }
        let error = try await Seat.call(platform) { api in
            await twinError { _ = try await api.send(.init("Hi"), to: "s1") }
        }
        #expect(error?.code == .transport && error?.transportError?.code == .timeout)
        #expect(error?.mayHaveBeenSent == mayHaveBeenSent && error?.isInDoubt == mayHaveBeenSent)
        #expect(error?.retryable == true)
    }

    @Test(arguments: ["", "<html>", "[]", "{}", "null", #"{"id":null}"#])
    func aSuccessThatMakesNoSenseIsInDoubt(body: String) async throws {
        let error = try await Seat.call(ScriptedPlatform(body)) { api in
            await twinError { _ = try await api.send(.init("Hi"), to: "s1") }
        }
        #expect(error?.code == .undecodable && error?.isInDoubt == true)
    }
}
