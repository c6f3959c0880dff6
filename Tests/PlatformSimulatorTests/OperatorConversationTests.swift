import Foundation
import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct OperatorConversationTests {
    private func conversation(_ simulator: PlatformSimulator) async throws -> Int {
        try await simulator.control.openConversation(try await simulator.control.createSession())
    }

    private func ids(_ answer: TestAnswer) -> [Int] {
        (answer["data"]?["payload"]?.array ?? []).compactMap { $0["id"]?.castInt }
    }

    @Test func listsShowOpenOnesTwentyFiveAPage() async throws {
        try await withSimulator { simulator, browser in
            var all: [Int] = []
            for _ in 0..<27 { all.append(try await conversation(simulator)) }
            _ = try await browser.desk("POST", "/conversations/\(all[0])/toggle_status", ["status": "resolved"])
            let first = try await browser.desk("GET", "/conversations")
            #expect(ids(first).count == 25)
            #expect(first["data"]?["meta"]?["all_count"] == 26)
            #expect(first["data"]?["meta"]?["unassigned_count"] == 26)
            #expect(ids(try await browser.desk("GET", "/conversations?page=2")).count == 1)
            #expect(ids(try await browser.desk("GET", "/conversations?status=resolved")) == [all[0]])
            #expect(ids(try await browser.desk("GET", "/conversations?status=all&updated_within=60")).count == 27)
            let oldest = try await browser.desk("GET", "/conversations?status=all&sort_by=created_at_asc")
            #expect(ids(oldest).first == all[0])
            let counts = try await browser.desk("GET", "/conversations/meta?status=all&inbox_id=10")
            #expect(counts["meta"]?["all_count"] == 0)
        }
    }

    @Test func updatedWithinCountsFromNow() async throws {
        let clock = SetClock()
        try await withSimulator({ $0.clock = { clock.now } }) { simulator, browser in
            _ = try await conversation(simulator)
            clock.advance(by: 100)
            let late = try await conversation(simulator)
            let list = "/conversations?status=all&assignee_type=all"
            #expect(ids(try await browser.desk("GET", "\(list)&updated_within=60")) == [late])
            #expect(ids(try await browser.desk("GET", "\(list)&updated_within=160")).count == 2)
        }
    }

    @Test func filtersAreJoinedByTheirOperators() async throws {
        try await withSimulator { simulator, browser in
            let id = try await conversation(simulator)
            _ = try await conversation(simulator)
            _ = try await browser.desk("POST", "/conversations/\(id)/labels", ["labels": .texts(["vip"])])
            let filter: JSONValue = [
                "payload": .array([
                    [
                        "attribute_key": "status", "filter_operator": "equal_to", "values": .texts(["open"]),
                        "query_operator": "AND",
                    ],
                    [
                        "attribute_key": "labels", "filter_operator": "equal_to", "values": .texts(["vip"]),
                        "query_operator": nil,
                    ],
                ])
            ]
            let answer = try await browser.desk("POST", "/conversations/filter", filter)
            #expect(answer["payload"]?.array?.compactMap { $0["id"]?.castInt } == [id])
            #expect(answer["data"] == nil)
        }
    }

    @Test func anUnknownAssigneeUnassignsSilently() async throws {
        try await withSimulator { simulator, browser in
            let id = try await conversation(simulator)
            let path = "/conversations/\(id)/assignments"
            let assigned = try await browser.desk("POST", path, ["assignee_id": 22])
            #expect(assigned["name"] == "Moonwire")
            #expect(try await browser.desk("GET", "/conversations/\(id)")["meta"]?["assignee"]?["id"] == 22)
            let unknown = try await browser.desk("POST", path, ["assignee_id": 999])
            #expect(unknown.status == 200)
            #expect(unknown.text == "null")
            #expect(try await browser.desk("GET", "/conversations/\(id)")["meta"]?["assignee"] == nil)
        }
    }

    @Test func aTeamIsIgnoredBesideAnAssigneeAndZeroRemovesIt() async throws {
        try await withSimulator { simulator, browser in
            let id = try await conversation(simulator)
            let path = "/conversations/\(id)/assignments"
            #expect(try await browser.desk("POST", path, ["team_id": 4])["name"] == "billing")
            _ = try await browser.desk("POST", path, ["assignee_id": 21, "team_id": 5])
            let meta = try await browser.desk("GET", "/conversations/\(id)")["meta"]
            #expect(meta?["team"]?["id"] == 4)
            #expect(meta?["assignee"]?["id"] == 21)
            #expect(try await browser.desk("POST", path, ["team_id": 0]).text == "null")
            #expect(try await browser.desk("GET", "/conversations/\(id)")["meta"]?["team"] == nil)
        }
    }

    @Test func assigningABotMakesItPendingAndAPersonReopens() async throws {
        try await withSimulator { simulator, browser in
            let id = try await conversation(simulator)
            let path = "/conversations/\(id)/assignments"
            _ = try await browser.desk("POST", path, ["assignee_type": "AgentBot", "assignee_id": 2])
            let shown = try await browser.desk("GET", "/conversations/\(id)")
            #expect(shown["status"] == "pending")
            #expect(shown["meta"]?["assignee_type"] == "AgentBot")
            _ = try await browser.desk("POST", path, ["assignee_id": 21])
            #expect(try await browser.desk("GET", "/conversations/\(id)")["status"] == "open")
        }
    }

    @Test func reopeningByAPlainAgentAssignsIt() async throws {
        try await withSimulator { simulator, browser in
            let id = try await conversation(simulator)
            let path = "/conversations/\(id)/toggle_status"
            let resolved = try await browser.desk("POST", path)
            #expect(resolved["payload"]?["current_status"] == "resolved")
            #expect(resolved["payload"]?["success"] == .bool(true))
            _ = try await browser.desk("POST", path, ["status": "open"])
            #expect(try await simulator.control.conversation(id).assigneeID == nil)
            _ = try await browser.desk("POST", path, ["status": "pending"])
            _ = try await browser.desk("POST", path, ["status": "open"], token: DemoWorld.moonwireAccessToken)
            #expect(try await simulator.control.conversation(id).assigneeID == DemoWorld.moonwireID)
            let snoozed = try await browser.desk("POST", path, ["status": "snoozed", "snoozed_until": 1_900_000_000])
            #expect(snoozed["payload"]?["snoozed_until"] == 1_900_000_000)
            #expect(try await browser.desk("POST", path, ["status": "odd"]).status == 500)
        }
    }

    @Test func handingOffByABotSucceedsWithNull() async throws {
        try await withSimulator { simulator, browser in
            let id = try await conversation(simulator)
            let path = "/conversations/\(id)/toggle_status"
            _ = try await browser.desk("POST", path, ["status": "pending"])
            let answer = try await browser.desk("POST", path, ["status": "open"], token: DemoWorld.helperBotAccessToken)
            #expect(answer["payload"]?["success"] == .null)
        }
    }

    @Test func labelsAndAttributesAreReplacedWhole() async throws {
        try await withSimulator { simulator, browser in
            let id = try await conversation(simulator)
            let labels = "/conversations/\(id)/labels"
            _ = try await browser.desk("POST", labels, ["labels": .texts(["vip", "billing"])])
            #expect(
                try await browser.desk("POST", labels, ["labels": .texts(["urgent"])])["payload"] == .texts(["urgent"]))
            #expect(try await browser.desk("GET", labels)["payload"] == .texts(["urgent"]))
            let attributes = "/conversations/\(id)/custom_attributes"
            _ = try await browser.desk("POST", attributes, ["custom_attributes": ["a": 1]])
            let answer = try await browser.desk("POST", attributes, ["custom_attributes": ["b": 2]])
            #expect(answer.json == ["custom_attributes": ["b": 2]])
            let long: JSONValue = ["custom_attributes": ["a": .string(String(repeating: "x", count: 1501))]]
            #expect(try await browser.desk("POST", attributes, long).status == 422)
        }
    }

    @Test func readingIsCountedAndTakenBack() async throws {
        let clock = SetClock()
        try await withSimulator({ $0.clock = { clock.now } }) { simulator, browser in
            let id = try await conversation(simulator)
            try await simulator.control.writeAsClient("one", conversation: id)
            clock.advance(by: 5)
            try await simulator.control.writeAsClient("two", conversation: id)
            #expect(try await browser.desk("GET", "/conversations/\(id)")["unread_count"] == 2)
            #expect(try await browser.desk("POST", "/conversations/\(id)/update_last_seen")["unread_count"] == 0)
            #expect(try await browser.desk("POST", "/conversations/\(id)/unread")["unread_count"] == 1)
        }
    }

    @Test func aConversationCanBeStartedWithAMessage() async throws {
        try await withSimulator { _, browser in
            let made = try await browser.desk("POST", "/contacts", ["name": "Nora", "inbox_id": 9])
            let contact = made["payload"]?["contact"]?["id"] ?? nil
            let answer = try await browser.desk(
                "POST", "/conversations",
                ["inbox_id": 9, "contact_id": contact, "assignee_id": 21, "message": ["content": "Hello Nora"]])
            #expect(answer.status == 200)
            #expect(answer["meta"]?["assignee"]?["id"] == 21)
            #expect(answer["messages"]?.array?.first?["content"] == "Hello Nora")
            #expect(answer["uuid"]?.string?.count == 36)
            #expect(try await browser.desk("POST", "/conversations", ["inbox_id": 9]).status == 404)
        }
    }

    @Test func priorityAndTypingAnswerWithNothing() async throws {
        try await withSimulator { simulator, browser in
            let id = try await conversation(simulator)
            #expect(
                try await browser.desk("POST", "/conversations/\(id)/toggle_priority", ["priority": "high"]).body
                    .isEmpty)
            #expect(try await simulator.control.conversation(id).priority == "high")
            let typing = try await browser.desk(
                "POST", "/conversations/\(id)/toggle_typing_status", ["typing_status": "on"])
            #expect(typing.status == 200 && typing.body.isEmpty)
        }
    }
}
