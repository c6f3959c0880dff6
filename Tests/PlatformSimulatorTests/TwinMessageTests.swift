import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct TwinMessageTests {
    private func withSession(
        _ body: (PlatformSimulator, TestSeat, TestStream, String) async throws -> Void
    ) async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            let (stream, _) = try await seat.stream()
            let session = try await simulator.twin.held()
            _ = try await stream.event("chatSessionAdded")
            try await body(simulator, seat, stream, session)
        }
    }

    @Test func whatTheOperatorWritesComesBackAsAnEvent() async throws {
        try await withSession { simulator, seat, stream, session in
            let answer = try await seat.write("Hi", in: session)
            #expect(answer["createdAt"]?.string?.hasSuffix("+00:00") == true)
            let echo = try await stream.event("chatMessageCreated")
            #expect(echo["id"] == answer["id"] && echo["authorId"] == "389" && echo["authorType"] == "OPERATOR")
            try await simulator.twin.writeAsClient("Hello", session: session)
            let event = try await stream.event("chatMessageCreated")
            #expect(
                event["authorType"] == "CLIENT" && event["body"] == "Hello" && event["sessionId"] == .string(session))
            try await simulator.twin.writeAsBot("Menu", session: session, answers: ["Yes", "No"])
            #expect(try await stream.event("chatMessageCreated")["answers"] == .texts(["Yes", "No"]))
            let counters = simulator.twin.counters
            #expect(counters.operatorMessages == 1 && counters.clientMessages == 1 && counters.botMessages == 1)
            #expect(await simulator.twin.waitForReplies(1, session: session))
        }
    }

    @Test func aTriggerSendsTheSessionToTheBot() async throws {
        try await withSession { simulator, seat, stream, session in
            simulator.faults.update { $0.delivery = .beforeAnswer }
            #expect(try await seat.write(TwinDemoWorld.botTrigger, in: session).status == 200)
            let gone = try await stream.event("chatSessionDeleted")
            #expect(gone["id"] == .string(session) && gone["operatorId"] == .null && gone["botStatus"] == "ACTIVE")
            #expect(try await seat.write("more", in: session).status == 403)
            #expect(try await simulator.twin.session(session).stage == "bot")
        }
    }

    @Test func eventsFollowTheAnswerUnlessTheDialsSayOtherwise() async throws {
        try await withSession { simulator, seat, stream, session in
            simulator.faults.update { $0.requests = [RequestFault(.hangUp, next: 1, path: "/operators/messages")] }
            await #expect(throws: Browser.ClosedWithoutAnswer.self) { try await seat.write("Hi", in: session) }
            // What was written is announced, whatever became of the answer.
            let event = try await stream.event("chatMessageCreated")
            #expect(event["body"] == "Hi")
            let messages = try await simulator.twin.messages(of: session)
            #expect(messages.count == 1)
        }
    }

    @Test func onlyOnesOwnMessagesAreChanged() async throws {
        try await withSession { simulator, seat, stream, session in
            let own = try await seat.write("Hi", in: session)["id"]?.string ?? ""
            let foreign = try await simulator.twin.writeAsClient("Hello", session: session)
            let path = "/sessions/\(session)/operators/messages"
            #expect(try await seat.chat("PUT", "\(path)/\(own)", ["body": "Hi!"]).status == 200)
            let edited = try await stream.event("chatMessageEdited")
            #expect(edited["body"] == "Hi!" && edited["updatedAt"] != .null)
            #expect(try await seat.chat("PUT", "\(path)/\(foreign)", ["body": "x"]).status == 403)
            #expect(try await seat.chat("DELETE", "\(path)/\(foreign)").status == 403)
            #expect(try await seat.chat("DELETE", "\(path)/\(own)").status == 200)
            #expect(try await seat.chat("DELETE", "\(path)/\(own)").status == 404)
            #expect(try await simulator.twin.messages(of: session).map(\.id) == [foreign])
        }
    }

    @Test func bothSidesReadAndReply() async throws {
        try await withSession { simulator, seat, stream, session in
            let question = try await simulator.twin.writeAsClient("Hello", session: session)
            #expect(try await simulator.twin.session(session).unread == 1)
            #expect(try await seat.chat("PATCH", "/messages/\(question)/read").status == 200)
            #expect(try await simulator.twin.session(session).unread == 0)
            let body: JSONValue = ["body": "Hi", "replyToMessageId": .string(question)]
            let answer = try await seat.chat("POST", "/sessions/\(session)/operators/messages", body)
            let id = try #require(answer["id"]?.string)
            #expect(try await simulator.twin.messages(of: session).last?.replyTo == question)
            try await simulator.twin.readAsClient(id)
            let read = try await stream.event("chatMessageRead")
            #expect(read["messageId"] == .string(id) && read["readAt"]?.string != nil)
            let list = try await seat.chat("GET", "/sessions/\(session)/messages?sort=-createdAt&limit=1")
            #expect(list["count"] == 2 && list["items"]?.array?.first?["replyTo"]?["body"] == "Hello")
        }
    }

    @Test func aMessageNeedsABodyOrFilesThatExist() async throws {
        try await withSession { _, seat, _, session in
            let path = "/sessions/\(session)/operators/messages"
            let bodies: [JSONValue] = [
                ["body": ""], [:], ["body": "", "attachments": .texts(["none"])],
                ["body": "x", "replyToMessageId": "none"],
            ]
            for body in bodies {
                let answer = try await seat.chat("POST", path, body)
                #expect(answer.status == 400)
            }
        }
    }

    @Test(arguments: [
        (RequestFault.Kind.failed, 403), (.failed, 401), (.failed, 503), (.throttled, 429),
    ])
    func theFaultsOfRequestsApply(kind: RequestFault.Kind, status: Int) async throws {
        try await withSession { simulator, seat, _, session in
            simulator.faults.update {
                $0.requests = [RequestFault(kind, next: 1, path: "/sessions", status: status, retryAfter: 3)]
            }
            let answer = try await seat.write("Hi", in: session)
            #expect(answer.status == status && answer.headers["retry-after"] == "3")
            if status == 401 { #expect(answer["error"] == "Token is expired.") }
            #expect(try await seat.write("Hi", in: session).status == 200)
        }
    }
}
