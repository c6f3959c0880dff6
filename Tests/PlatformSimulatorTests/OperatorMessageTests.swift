import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct OperatorMessageTests {
    private func withConversation(
        _ body: (PlatformSimulator, Browser, String, Int) async throws -> Void
    ) async throws {
        try await withSimulator { simulator, browser in
            let id = try await simulator.control.openConversation(
                try await simulator.control.createSession(name: "Sara"))
            try await body(simulator, browser, "/conversations/\(id)/messages", id)
        }
    }

    @Test func theCreatorGetsItsEchoBack() async throws {
        try await withConversation { _, browser, path, id in
            let answer = try await browser.desk("POST", path, ["content": "Looking into it", "echo_id": "op-77"])
            #expect(answer.status == 200)
            #expect(answer["echo_id"] == "op-77")
            #expect(answer["message_type"] == 1)
            #expect(answer["status"] == "sent")
            #expect(answer["private"] == .bool(false))
            #expect(answer["conversation_id"]?.castInt == id)
            #expect(answer["sender"]?["id"]?.castInt == DemoWorld.omarID)
            let listed = try await browser.desk("GET", path)["payload"]?.array?.last
            #expect(listed?["echo_id"] == nil)
            #expect(listed?["id"] == answer["id"])
        }
    }

    @Test func pagesFollowBeforeAndAfter() async throws {
        try await withConversation { simulator, browser, path, id in
            simulator.faults.update { $0.limits.messagesPerMinute = 0 }
            var ids: [Int] = []
            for number in 1...130 {
                ids.append(try await simulator.control.writeAsClient("m\(number)", conversation: id))
            }
            func page(_ query: String) async throws -> [Int] {
                try await browser.desk("GET", path + query)["payload"]?.array?.compactMap { $0["id"]?.castInt } ?? []
            }
            #expect(try await page("") == Array(ids.suffix(20)))
            #expect(try await page("?before=\(ids[50])") == Array(ids[30..<50]))
            #expect(try await page("?after=\(ids[9])") == Array(ids[10..<110]))
            #expect(try await page("?after=\(ids[129])") == [])
            #expect(try await page("?after=\(ids[5])&before=\(ids[125])") == Array(ids[5..<125]))
        }
    }

    @Test func incomingIsForAPIInboxesOnly() async throws {
        try await withConversation { simulator, browser, path, _ in
            let answer = try await browser.desk("POST", path, ["content": "on behalf", "message_type": "incoming"])
            #expect(answer["message_type"] == 0)
            #expect(answer["sender"]?["name"] == "Sara")
            var change = InboxChange()
            change.channelType = "Channel::Email"
            try await simulator.control.configureInbox(DemoWorld.hooryInboxID, change)
            let refused = try await browser.desk("POST", path, ["content": "x", "message_type": "incoming"])
            #expect(refused.status == 422)
            #expect(refused["error"]?.string?.hasPrefix("Validation failed: ") == true)
            let message = answer["id"]?.castInt ?? 0
            let status = try await browser.desk("PATCH", "\(path)/\(message)", ["status": "delivered"])
            #expect(status.status == 403)
            #expect(status["error"] == "Message status update is only allowed for API inboxes")
        }
    }

    @Test func aReadMessageIsNotDeliveredAgain() async throws {
        try await withConversation { _, browser, path, _ in
            let message = try await browser.desk("POST", path, ["content": "x"])["id"]?.castInt ?? 0
            #expect(try await browser.desk("PATCH", "\(path)/\(message)", ["status": "read"])["status"] == "read")
            #expect(try await browser.desk("PATCH", "\(path)/\(message)", ["status": "delivered"])["status"] == "read")
            let failed = try await browser.desk(
                "PATCH", "\(path)/\(message)", ["status": "failed", "external_error": "no line"])
            #expect(failed["content_attributes"]?["external_error"] == "no line")
            #expect(try await browser.desk("POST", "\(path)/\(message)/retry")["status"] == "sent")
        }
    }

    @Test func aDeletedMessageKeepsItsPlace() async throws {
        try await withConversation { _, browser, path, _ in
            let message = try await browser.desk("POST", path, ["content": "secret"])["id"]?.castInt ?? 0
            let answer = try await browser.desk("DELETE", "\(path)/\(message)")
            #expect(answer["id"]?.castInt == message)
            #expect(answer["content"] != "secret")
            #expect(answer["content_attributes"] == ["deleted": .bool(true)])
            #expect(try await browser.desk("DELETE", "\(path)/1").status == 404)
        }
    }

    @Test func multipartCarriesNotesAndAttributes() async throws {
        try await withConversation { simulator, browser, path, id in
            let body = """
                --b\r\nContent-Disposition: form-data; name="content"\r\n\r\nPick\r\n\
                --b\r\nContent-Disposition: form-data; name="private"\r\n\r\nfalse\r\n\
                --b\r\nContent-Disposition: form-data; name="content_type"\r\n\r\ninput_select\r\n\
                --b\r\nContent-Disposition: form-data; name="content_attributes"\r\n\r\n\
                {"items":[{"title":"Yes","value":"y"}]}\r\n\
                --b\r\nContent-Disposition: form-data; name="attachments[]"; filename="v.ogg"\r\n\
                Content-Type: audio/ogg\r\n\r\nOgg\r\n--b--\r\n
                """
            let answer = try await browser.send(
                "POST", "/api/v1/accounts/3\(path)", type: "multipart/form-data; boundary=b", body: Array(body.utf8),
                headers: ["api-access-token": DemoWorld.omarAccessToken])
            #expect(answer?["private"] == .bool(false))
            #expect(answer?["content_attributes"]?["items"]?.array?.count == 1)
            #expect(answer?["attachments"]?.array?.first?["file_type"] == "audio")
            #expect(try await simulator.control.messages(of: id).last?.attachments == ["v.ogg"])
        }
    }

    @Test(arguments: [
        ["content_type": "input_select", "content_attributes": ["items": .array([])]] as JSONValue,
        ["content_type": "input_select", "content_attributes": ["items": .array([["title": "a"]])]],
        ["content_type": "cards", "content_attributes": ["items": .array([["title": "a"]])]],
        ["content_type": "no_such"], ["message_type": "activity"],
    ])
    func wrongShapesAreRefused(body: JSONValue) async throws {
        try await withConversation { _, browser, path, _ in
            let answer = try await browser.desk("POST", path, body)
            #expect(answer.status == 422)
            #expect(answer["error"]?.string?.hasPrefix("Validation failed: ") == true)
        }
    }

    @Test func outgoingTextIsRenderedAsLiquid() async throws {
        try await withConversation { _, browser, path, _ in
            let answer = try await browser.desk(
                "POST", path, ["content": "Hi {{ contact.name }}{{nothing}}, use `{{code}}` {% if %}x"])
            #expect(answer["content"] == "Hi Sara, use `{{code}}` x")
        }
    }

    @Test func directoriesHaveTheirShapes() async throws {
        try await withSimulator { _, browser in
            #expect(try await browser.desk("GET", "/agents").json.array?.compactMap { $0["id"] } == [21, 22, 23])
            let teams = try await browser.desk("GET", "/teams").json.array ?? []
            #expect(teams.map { $0["name"] } == ["billing", "support"])
            #expect(teams.first?["is_member"] == .bool(true))
            #expect(try await browser.desk("GET", "/teams/4/team_members").json.array?.count == 2)
            let labels = try await browser.desk("GET", "/labels")["payload"]?.array
            #expect(labels?.compactMap { $0["title"]?.string } == DemoWorld.labels)
            #expect(try await browser.desk("GET", "/canned_responses?search=hel").json.array?.count == 1)
            let assignable = try await browser.desk("GET", "/assignable_agents?inbox_ids[]=9")["payload"]?.array
            #expect(assignable?.compactMap { $0["id"] } == [21, 22])
            #expect(try await browser.desk("GET", "/inboxes")["payload"]?.array?.count == 4)
            let hook = try await browser.desk("POST", "/webhooks", ["webhook": ["url": "https://example.org"]])
            #expect(hook["payload"]?["webhook"]?["url"] == "https://example.org")
            #expect(try await browser.desk("POST", "/webhooks", ["webhook": ["url": "x"]]).status == 422)
        }
    }
}
