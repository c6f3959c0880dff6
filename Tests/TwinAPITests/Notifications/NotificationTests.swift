import CurlHTTP
import EventJSON
import Testing
import TwinAPI

@Suite struct NotificationTests {
    private static let sms = TwinNotification(to: [.init(phone: "79001112233")], by: [.init("sms", text: "Hi")])

    private func send(
        _ platform: ScriptedPlatform, _ notifications: [TwinNotification] = [NotificationTests.sms],
        companyID: Int? = nil
    ) async throws -> [TwinNotificationStatus] {
        try await Seat(platform).run { seat in
            try await TwinNotificationAPI(seat.account).send(notifications, companyID: companyID)
        }
    }

    private func body(_ request: HTTPRequest?) -> String? {
        guard case .bytes(let bytes, "application/json")? = request?.body else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func channelsKeepTheirOrderAndWhatIsNotSaidIsNotSent() async throws {
        let platform = ScriptedPlatform(#"[{"id":"n1","bulkId":"b","status":"NEW","channel":"sms","error":null}]"#)
        var sms = TwinNotification.Channel("sms", text: "Hi", more: ["from": "Shop"])
        sms.isRequired = true
        var notification = TwinNotification(
            to: [.init(phone: "79001112233")], by: [sms, .init("email", text: "Hello")])
        notification.allowedTimeRanges = [.init(from: "09:00:00", to: "21:00:00")]
        let statuses = try await send(platform, [notification], companyID: 1)
        #expect(statuses.first?.id == "n1" && statuses.first?.status == "new" && statuses.first?.error == nil)
        let request = try #require(platform.requests.first)
        #expect(request.url == "https://notify.example.org/api/v1/messages")
        #expect(request.header("authorization") == "Bearer token-1-SECRET")
        #expect(
            body(request)
                == #"{"companyId":1,"messages":[{"allowedTimeRanges":[["09:00:00","21:00:00"]],"#
                + #""destinations":[{"phone":"79001112233"}],"#
                + #""channels":{"sms":{"text":"Hi","required":true,"from":"Shop"},"email":{"text":"Hello"}}}]}"#)
    }

    @Test func everyKeyOfTheServiceHasItsName() async throws {
        let platform = ScriptedPlatform(#"[{"id":"n1"}]"#)
        var first = TwinNotification.Destination(phone: "1", email: "a@b.c", clientID: "k")
        first.externalID = "e"
        first.chatSessionID = "s"
        first.messengerUserID = "m"
        first.pushRegistrationID = "p"
        first.platform = "ios"
        first.variables = ["name": "Ann"]
        var whatsapp = TwinNotification.Channel(
            "whatsapp", text: "Hi", more: ["templateName": "t", "templateData": ["Hi"]])
        whatsapp.provider = "TWIN"
        whatsapp.validityPeriod = 60
        let chat = TwinNotification.Channel(
            "chat", text: "Hi", more: ["chatId": "c", "botId": "b", "continueLastOrStartNewSession": true])
        var notification = TwinNotification(to: [first, .init(phone: "2")], by: [whatsapp, chat])
        notification.groupID = "g"
        notification.templateID = "t"
        notification.callbackURL = "https://x"
        notification.callbackData = "1"
        notification.usesShortLinks = false
        notification.isValidated = true
        _ = try await send(platform, [notification])
        #expect(
            body(platform.requests.first)
                == #"{"messages":[{"groupId":"g","templateId":"t","callbackUrl":"https://x","callbackData":"1","#
                + #""useShortLinks":false,"validate":true,"destinations":[{"phone":"1","email":"a@b.c","clientId":"k","#
                + #""externalId":"e","chatSessionId":"s","messengerUserId":"m","pushRegistrationId":"p","#
                + #""platform":"ios","variables":{"name":"Ann"}},{"phone":"2"}],"#
                + #""channels":{"whatsapp":{"provider":"TWIN","validityPeriod":60,"text":"Hi","templateName":"t","#
                + #""templateData":["Hi"]},"chat":{"text":"Hi","chatId":"c","botId":"b","#
                + #""continueLastOrStartNewSession":true}}}]}"#)
    }

    @Test(arguments: [
        (#"[{"id":"n1","error":null}]"#, "n1"), (#"[{"id":7}]"#, "7"), (#"["n1"]"#, "n1"), (#"{"id":"n1"}"#, "n1"),
        (#"{"count":1,"items":[{"id":"n1","error":false}]}"#, "n1"), (#"[{"id":"n1","error":[],"channel":5}]"#, "n1"),
        (#"[{"id":"n1","error":{},"status":{"a":1}}]"#, "n1"), (#"[{"bulkId":"b","error":""}]"#, nil),
    ])
    func anAnswerWithoutAnErrorMeansTaken(answer: (body: String, id: String?)) async throws {
        let statuses = try await send(ScriptedPlatform(answer.body))
        #expect(statuses.count == 1 && statuses.first?.error == nil && statuses.first?.id == answer.id)
    }

    @Test(arguments: [
        (
            #"[{"id":null,"error":{"message":"No such\nnumber","file":"a.php","line":3,"trace":[{"args":["x"]}]}}]"#,
            "No such number"
        ),
        (#"[{"error":"Blocked"}]"#, "Blocked"), (#"{"error":"Blocked"}"#, "Blocked"),
        (#"[{"id":"n1","error":["a","b"]}]"#, "a, b"), (#"[{"error":{"code":4}}]"#, "an error without words"),
        (#"[{"error":true}]"#, "an error without words"), (#"[{"error":{"message":""}}]"#, "an error without words"),
        (#"[{"error":"Bearer token-1-SECRET is bad"}]"#, "Bearer *** is bad"),
    ])
    func anErrorOfOneIsKeptInThePlatformsWords(answer: (body: String, words: String)) async throws {
        let statuses = try await send(ScriptedPlatform(answer.body))
        #expect(statuses.map(\.error) == [answer.words])
    }

    @Test func oneOfSeveralMayFail() async throws {
        let statuses = try await send(ScriptedPlatform(#"[{"id":"n1"},{"id":null,"error":"No"}]"#))
        #expect(statuses.map(\.id) == ["n1", nil] && statuses.map(\.error) == [nil, "No"])
    }

    @Test func anEmptyAnswerIsASuccessThatTellsNothing() async throws {
        #expect(try await send(ScriptedPlatform(status: 204, "")).isEmpty)
        #expect(try await send(ScriptedPlatform(status: 200, " \n")).isEmpty)
    }

    @Test(arguments: ["[]", "{}", "null", "[null]", "<html>", "true", #"{"items":[]}"#])
    func anAnswerThatTellsOfNobodyIsInDoubt(body: String) async throws {
        let platform = ScriptedPlatform(body)
        let error = await twinError { _ = try await send(platform) }
        #expect(error?.code == .undecodable && error?.isInDoubt == true && error?.retryable == false)
        #expect(platform.requests.count == 1)
    }

    @Test func aThrottledOrderWasNotTakenAndAFailedOneMayHaveBeen() async throws {
        let throttled = await twinError {
            _ = try await send(ScriptedPlatform(status: 429, "", headers: [HTTPHeader("Retry-After", "3")]))
        }
        #expect(throttled?.retryable == true && throttled?.isInDoubt == false && throttled?.retryAfter == .seconds(3))
        let failed = await twinError { _ = try await send(ScriptedPlatform(status: 502, "<html>")) }
        #expect(failed?.isInDoubt == true)
        #expect(failed?.message.hasPrefix("POST /api/v1/messages on the notify service:") == true)
    }

    @Test(arguments: [true, false])
    func aLostAnswerIsInDoubtUnlessNothingWasSent(mayHaveBeenSent: Bool) async throws {
        let platform = ScriptedPlatform { _, _ throws(HTTPError) in
            throw HTTPError(.aborted, message: "Broken.", retryable: true, mayHaveBeenSent: mayHaveBeenSent)
        }
        let error = await twinError { _ = try await send(platform) }
        #expect(error?.isInDoubt == mayHaveBeenSent && platform.requests.count == 1)
    }

    @Test func anExpiredTokenIsRenewedAndTheOrderRepeatedOnce() async throws {
        let platform = ScriptedPlatform([(401, #"{"error":"Token is expired."}"#), (200, #"[{"id":"n1"}]"#)])
        #expect(try await send(platform).first?.id == "n1")
        #expect(
            platform.requests.map { $0.header("authorization") } == [
                "Bearer token-1-SECRET", "Bearer token-2-SECRET",
            ])
        #expect(body(platform.requests.first) == body(platform.requests.last))
    }

    @Test func aGroupIsListed() async throws {
        let platform = ScriptedPlatform(
            #"{"count":1,"items":[{"id":"n1","groupId":"g+1","createdAt":"2026-01-01T00:00:00+00:00","status":"SENT"}]}"#
        )
        let page = try await Seat(platform).run { seat in
            try await TwinNotificationAPI(seat.account).notifications(ofGroup: "g+1")
        }
        #expect(page.items.first?.groupID == "g+1" && page.items.first?.createdAt?.secondsSince1970 == 1_767_225_600)
        #expect(platform.requests.first?.line == "GET /api/v1/messages?groupId=g%2B1&limit=100")
    }
}
