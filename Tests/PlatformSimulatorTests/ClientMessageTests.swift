import Foundation
import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct ClientMessageTests {
    @Test func aMessageIsIncomingWhateverTheClientAsksFor() async throws {
        try await withSimulator { _, browser in
            let client = try await TestClient(browser)
            let id = try await client.open()
            let answer = try await client.call(
                "POST", "/conversations/\(id)/messages",
                ["content": "Hi", "message_type": "outgoing", "private": .bool(true), "echo_id": "e1"])
            #expect(answer.status == 200)
            #expect(answer["message_type"] == 0)
            #expect(answer["conversation_id"]?.castInt == id)
            #expect(answer["sender"]?["type"] == "contact")
            for absent in ["attachments", "echo_id", "private", "status", "updated_at"] {
                #expect(answer[absent] == nil)
            }
        }
    }

    @Test func pagesHoldTwentyAndGoBackwards() async throws {
        try await withSimulator { _, browser in
            let client = try await TestClient(browser)
            let id = try await client.open()
            for number in 1...45 { try await client.write("m\(number)", in: id) }
            let messages = "/conversations/\(id)/messages"
            let newest = try await client.call("GET", messages).json.array ?? []
            #expect(newest.compactMap { $0["content"]?.string } == (26...45).map { "m\($0)" })
            let before = newest.first?["id"]?.castInt ?? 0
            let older = try await client.call("GET", "\(messages)?before=\(before)").json.array ?? []
            #expect(older.compactMap { $0["content"]?.string } == (6...25).map { "m\($0)" })
            let after = try await client.call("GET", "\(messages)?after=\(before)").json.array ?? []
            #expect(after == newest)
        }
    }

    @Test func contentHasALimit() async throws {
        try await withSimulator { _, browser in
            let client = try await TestClient(browser)
            let id = try await client.open()
            #expect(try await client.write(String(repeating: "x", count: 150_000), in: id).status == 200)
            let answer = try await client.write(String(repeating: "x", count: 150_001), in: id)
            #expect(answer.status == 422)
            #expect(
                answer.text
                    == #"{"message":"Content is too long (maximum is 150000 characters)","attributes":["content"]}"#)
        }
    }

    @Test func aFloodIsRefusedForAMinute() async throws {
        let clock = SetClock()
        try await withSimulator({ configuration in
            configuration.clock = { clock.now }
            configuration.faults.limits.messagesPerMinute = 3
        }) { _, browser in
            let client = try await TestClient(browser)
            let id = try await client.open()
            for number in 1...3 { #expect(try await client.write("m\(number)", in: id).status == 200) }
            let refused = try await client.write("m4", in: id)
            #expect(refused.status == 422)
            #expect(refused.text == #"{"message":"Too many messages","attributes":["base"]}"#)
            clock.advance(by: 61)
            #expect(try await client.write("m5", in: id).status == 200)
        }
    }

    @Test func malformedBodiesAre400() async throws {
        try await withSimulator { _, browser in
            let client = try await TestClient(browser)
            let id = try await client.open()
            let answer = try await browser.send(
                "POST", "\(client.path)/conversations/\(id)/messages", type: "application/json",
                body: Array("{\"content\":".utf8))
            #expect(answer?.status == 400)
            #expect(answer?.text == #"{"status":400,"error":"Bad Request"}"#)
        }
    }

    @Test func aTextInPlaceOfAFileBreaksTheServer() async throws {
        try await withSimulator { _, browser in
            let client = try await TestClient(browser)
            let id = try await client.open()
            let answer = try await client.call(
                "POST", "/conversations/\(id)/messages", ["attachments": .texts(["a.png"])])
            #expect(answer.status == 500)
        }
    }

    @Test func formsAndQueriesAreParametersToo() async throws {
        try await withSimulator { _, browser in
            let client = try await TestClient(browser)
            let id = try await client.open()
            let form = try await browser.send(
                "POST", "\(client.path)/conversations/\(id)/messages", type: "application/x-www-form-urlencoded",
                body: Array("content=a%20b+c%26d".utf8))
            #expect(form?["content"] == "a b c&d")
            let query = try await client.call("POST", "/conversations/\(id)/messages?content=from+query")
            #expect(query["content"] == "from query")
        }
    }

    @Test func filesAreServedThroughARedirect() async throws {
        try await withSimulator { _, browser in
            let client = try await TestClient(browser)
            let id = try await client.open()
            let body = """
                --b1\r\nContent-Disposition: form-data; name="content"\r\n\r\nlook\r\n\
                --b1\r\nContent-Disposition: form-data; name="attachments[]"; filename="a b.png"\r\n\
                Content-Type: image/png\r\n\r\nPNG\r\nDATA\r\n--b1--\r\n
                """
            let answer = try await browser.send(
                "POST", "\(client.path)/conversations/\(id)/messages", type: "multipart/form-data; boundary=b1",
                body: Array(body.utf8))
            let file = try #require(answer?["attachments"]?.array?.first)
            #expect(answer?["content"] == "look")
            #expect(file["file_type"] == "image")
            #expect(file["extension"] == "png")
            #expect(file["file_size"] == 9)
            let url = try #require(file["data_url"]?.string)
            let path = String(url.dropFirst("http://127.0.0.1:\(browser.port)".count))
            let redirect = try await browser.call("GET", path)
            #expect(redirect.status == 302)
            let target = try #require(redirect.headers["location"])
            let bytes = try await browser.call(
                "GET", String(target.dropFirst("http://127.0.0.1:\(browser.port)".count)))
            #expect(bytes.text == "PNG\r\nDATA")
            #expect(bytes.headers["content-type"] == "image/png")
        }
    }

    @Test func quickRepliesAreAnsweredInPlace() async throws {
        try await withSimulator { simulator, browser in
            let client = try await TestClient(browser)
            let id = try await client.open()
            let message = try await simulator.control.writeAsOperator(
                "Pick", conversation: id, contentType: "input_select",
                contentAttributes: #"{"items":[{"title":"Yes","value":"y"}]}"#)
            let chosen: JSONValue = .array([["title": "Yes", "value": "y"]])
            let answer = try await client.call(
                "PATCH", "/conversations/\(id)/messages/\(message)", ["submitted_values": chosen])
            #expect(answer.status == 200)
            #expect(answer["content_attributes"]?["submitted_values"] == chosen)
            #expect(answer["content_attributes"]?["items"]?.array?.count == 1)
            #expect(try await client.call("GET", "/conversations/\(id)/messages").json.array?.count == 1)
        }
    }

    @Test func aSurveyTakesAnswersForFourteenDays() async throws {
        let clock = SetClock()
        try await withSimulator({ $0.clock = { clock.now } }) { simulator, browser in
            var change = InboxChange()
            change.csatSurveyEnabled = true
            try await simulator.control.configureInbox(DemoWorld.hooryInboxID, change)
            let client = try await TestClient(browser)
            let made = try await client.call("POST", "/conversations")
            let id = made["id"]?.castInt ?? 0
            _ = try await client.call("POST", "/conversations/\(id)/toggle_status")
            let path = "/public/api/v1/csat_survey/\(made["uuid"]?.string ?? "")"
            let survey = try await browser.call("GET", path)
            #expect(survey["csat_survey_response"] == .null)
            #expect(survey["conversation_id"]?.castInt != id)
            let rating: JSONValue = ["message": ["submitted_values": ["csat_survey_response": ["rating": 5]]]]
            #expect(try await browser.call("PUT", path, rating)["csat_survey_response"]?["rating"] == 5)
            clock.advance(by: 15 * 86_400)
            let late = try await browser.call("PATCH", path, rating)
            #expect(late.status == 422)
            #expect(late.text == #"{"error":"You cannot update the CSAT survey after 14 days"}"#)
        }
    }

    @Test func aGreetingFollowsTheFirstMessageOnly() async throws {
        try await withSimulator { simulator, browser in
            var change = InboxChange()
            change.greetingMessage = "Welcome {{contact.name}}, `{{x}}`"
            try await simulator.control.configureInbox(DemoWorld.hooryInboxID, change)
            let client = try await TestClient(browser, ["name": "Sara"])
            let id = try await client.open()
            try await client.write("one", in: id)
            try await client.write("two", in: id)
            let messages = try await client.call("GET", "/conversations/\(id)/messages").json.array ?? []
            #expect(messages.map { $0["message_type"] } == [0, 3, 0])
            #expect(messages[1]["content"] == "Welcome Sara, `{{x}}`")
        }
    }
}
