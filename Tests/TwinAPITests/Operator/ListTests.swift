import CurlHTTP
import EventJSON
import Testing
import TwinAPI

@Suite struct ListTests {
    /// A list of numbered sessions, served by offset and limit.
    private func listing(_ total: Int, pageLimit: Int = 1000, counts: Bool = true) -> ScriptedPlatform {
        ScriptedPlatform { request, _ in
            func number(_ name: String) -> Int? {
                request.url.split(whereSeparator: { "?&".contains($0) }).first { $0.hasPrefix(name + "=") }
                    .flatMap { Int($0.dropFirst(name.count + 1)) }
            }
            let start = number("offset") ?? 0
            let end = min(start + min(number("limit") ?? 10, pageLimit), total)
            let items = start < end ? (start..<end).map { #"{"id":"s\#($0)"}"# }.joined(separator: ",") : ""
            return .init(200, (counts ? #"{"count":\#(total),"items":["# : #"{"items":["#) + items + "]}")
        }
    }

    @Test(
        "T22: more than ten sessions of one's own are all found",
        arguments: [(250, 100), (25, 10), (0, 100), (100, 100)])
    func allSessions(total: Int, pageLimit: Int) async throws {
        for counts in [true, false] {
            let platform = listing(total, pageLimit: pageLimit, counts: counts)
            let sessions = try await Seat.call(platform) {
                try await $0.allSessions(.init(operatorID: "389", from: .init(secondsSince1970: 1_615_365_473)))
            }
            #expect(sessions.map(\.id) == (0..<total).map { "s\($0)" })
            #expect(
                platform.requests.first?.line
                    == "GET /api/v1/sessions?from=2021-03-10T08%3A37%3A53%2B00%3A00&operatorId=389&limit=100&offset=0"
                    + "&sort=-startedAt")
        }
    }

    @Test func sessionsThatMoveBetweenPagesAreFoundOnce() async throws {
        let platform = ScriptedPlatform([
            (200, #"{"count":5,"items":[{"id":1},{"id":2},{"x":1}]}"#),
            (200, #"{"count":5,"items":[{"id":2},{"id":3}]}"#),
        ])
        let sessions = try await Seat.call(platform) { try await $0.allSessions() }
        #expect(sessions.map(\.id) == ["1", "2", "3"])
        #expect(platform.requests.count == 2)
    }

    @Test func aPlatformThatIgnoresTheOffsetIsNotAskedForEver() async throws {
        let platform = ScriptedPlatform(#"{"items":[{"id":1},{"id":2}]}"#)
        let sessions = try await Seat.call(platform) { try await $0.allSessions() }
        #expect(sessions.count == 2)
        #expect(platform.requests.count == 2)
    }

    @Test func aListEndsWhereTheCallerSays() async throws {
        let platform = listing(1000)
        let sessions = try await Seat.call(platform) { try await $0.allSessions(maximum: 150) }
        #expect(sessions.count == 150)
        #expect(platform.requests.count == 2)
    }

    @Test("T17: the search for one's own message asks for the newest since a time")
    func searchesAMessage() async throws {
        let platform = ScriptedPlatform(#"{"count":1,"items":[{"id":"m1","authorId":389,"body":"Hi"}]}"#)
        let page = try await Seat.call(platform) {
            try await $0.messages(
                ofSession: "s1", from: .init(secondsSince1970: 1_615_365_473.9),
                .init(limit: 50, order: [.descending("createdAt")]))
        }
        #expect(page.items.first?.authorID == "389" && page.items.first?.body == "Hi")
        #expect(
            platform.requests.first?.line
                == "GET /api/v1/sessions/s1/messages?from=2021-03-10T08%3A37%3A53%2B00%3A00&limit=50&sort=-createdAt")
    }

    @Test func messagesAreReadFromTheOldestOn() async throws {
        let platform = ScriptedPlatform(#"[{"id":"m1"},{"id":"m2"}]"#)
        let messages = try await Seat.call(platform) { api in
            _ = try await api.messages(ofClient: "k1", companyID: "7")
            return try await api.allMessages(ofSession: "s1")
        }
        #expect(messages.map(\.id) == ["m1", "m2"])
        #expect(
            platform.requests.first?.line == "GET /api/v1/clients/k1/messages?companyId=7&limit=100&sort=%2BcreatedAt")
    }

    @Test func peopleGroupsAndChatsAreListed() async throws {
        let platform = ScriptedPlatform { request, _ in
            request.url.contains("/chats/")
                ? .init(200, #"{"id":"c1","results":["Done",{"name":"Spam"}],"allowableOperatorIdleTime":300}"#)
                : .init(200, #"{"count":1,"items":[{"id":5,"name":"Sales","firstName":"Anna"}]}"#)
        }
        try await Seat.call(platform) { api in
            let operators = try await api.allOperators()
            let groups = try await api.allGroups()
            let chats = try await api.chats()
            let chat = try await api.chat("c1")
            #expect(operators.map(\.name) == ["Anna"])
            #expect(groups.map(\.id) == ["5"] && groups.map(\.name) == ["Sales"])
            #expect(chats.count == 1)
            #expect(chat.results == ["Done", "Spam"] && chat.allowableOperatorIdleTime == .seconds(300))
        }
        #expect(
            platform.requests.map { $0.line.prefix { $0 != "?" } } == [
                "GET /api/v1/users", "GET /api/v1/groups", "GET /api/v1/chats", "GET /api/v1/chats/c1",
            ])
    }

    @Test func everyConditionHasItsName() async throws {
        let platform = listing(0)
        var query = TwinSessionQuery(status: "ACTIVE", chatID: "c1", keyword: "a+b")
        query.tags = ["x", "y"]
        query.isMarkedAsSpam = false
        var list = TwinListQuery(limit: 5, offset: 10, order: [.ascending("name"), .descending("startedAt")])
        list.timeZone = "Europe/Moscow"
        let (sessions, lists) = (query, list)
        _ = try await Seat.call(platform) { try await $0.sessions(sessions, lists) }
        #expect(
            platform.requests.first?.line
                == "GET /api/v1/sessions?status=ACTIVE&chatId=c1&tags=x%2Cy&markedAsSpam=false&keyword=a%2Bb&limit=5&offset=10"
                + "&sort=%2Bname%2C-startedAt&timezone=Europe%2FMoscow")
    }
}
