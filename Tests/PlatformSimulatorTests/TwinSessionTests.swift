import Foundation
import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct TwinSessionTests {
    private typealias Demo = TwinDemoWorld

    @Test func aNewSessionGoesToWhoIsOnlineAndLeastLoaded() async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            let (stream, _) = try await seat.stream()
            let first = try await simulator.twin.startSession(TwinSessionStart("Hello"))
            #expect(first.stage == "help" && first.operatorID == nil)
            let started = try await stream.event("chatSessionStarted")
            #expect(started["id"] == .string(first.id) && started["operatorId"] == .null)
            #expect(try await stream.event("operatorNotFound")["id"] == .string(first.id))

            #expect(try await seat.chat("PATCH", "/users/me/activate").body.isEmpty)
            let second = try await simulator.twin.startSession()
            #expect(second.operatorID == Demo.operatorID)
            // A numeric text, where the operator's own id is a number.
            #expect(try await stream.event("chatSessionStarted")["operatorId"] == "389")
            let added = try await stream.event("chatSessionAdded")
            #expect(added["id"] == .string(second.id))
            #expect(added["operators"]?.array?.first?["id"] == 389)

            let colleague = try await TestSeat.colleague(browser)
            #expect(try await colleague.chat("PATCH", "/users/me/activate").status == 200)
            #expect(try await simulator.twin.startSession().operatorID == Demo.colleagueID)
            #expect(try await colleague.chat("PATCH", "/users/me/pause").status == 200)
            #expect(try await simulator.twin.startSession().operatorID == Demo.operatorID)
            #expect(await simulator.twin.operators().map(\.status) == ["online", "paused"])
        }
    }

    @Test func aSessionInHelpIsTakenOnce() async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            let (stream, _) = try await seat.stream()
            let session = try await simulator.twin.startSession(TwinSessionStart(at: .help)).id
            #expect(try await seat.write("Hi", in: session).status == 403)
            #expect(try await seat.chat("PUT", "/sessions/\(session)/operators/389").status == 200)
            #expect(try await stream.event("chatSessionAdded")["id"] == .string(session))
            #expect(try await simulator.twin.session(session).operatorID == Demo.operatorID)
            let colleague = try await TestSeat.colleague(browser)
            #expect(try await colleague.chat("PUT", "/sessions/\(session)/operators/390").status == 422)
            // Who holds it may bring a colleague in, and let him go.
            #expect(try await seat.chat("PUT", "/sessions/\(session)/operators/390").status == 200)
            #expect(try await simulator.twin.session(session).operators == [389, 390])
            #expect(try await colleague.write("Hi", in: session).status == 200)
            #expect(try await seat.chat("DELETE", "/sessions/\(session)/operators/390").status == 200)
            #expect(try await seat.chat("DELETE", "/sessions/\(session)/operators/389").status == 200)
            #expect(try await simulator.twin.session(session).stage == "help")
        }
    }

    @Test func sessionsAreHandedToOperatorsAndGroups() async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            let colleague = try await TestSeat.colleague(browser)
            let (mine, _) = try await seat.stream()
            let (other, _) = try await colleague.stream()
            let session = try await simulator.twin.held()
            let path = "/sessions/\(session)"
            #expect(try await seat.chat("PATCH", "\(path)/operators/390").status == 200)
            #expect(try await mine.event("chatSessionDeleted")["id"] == .string(session))
            let added = try await other.event("chatSessionAdded")
            #expect(added["operatorId"] == "390" && added["previousOperator"]?["id"] == "389")
            #expect(try await seat.chat("PATCH", "\(path)/operators/389").status == 403)
            #expect(try await colleague.chat("PATCH", "\(path)/operators/9").status == 404)

            // Nobody of the group is online: help. Then somebody is.
            #expect(try await colleague.chat("PATCH", "\(path)/groupoperators/7").status == 200)
            #expect(try await simulator.twin.session(session).stage == "help")
            _ = try await seat.chat("PATCH", "/users/me/activate")
            #expect(try await colleague.chat("PATCH", "\(path)/groupoperators/7").status == 200)
            #expect(try await simulator.twin.session(session).operatorID == 389)
            #expect(
                try await colleague.chat("GET", "/groups")["items"]?.array?.map { $0["name"] } == [
                    "Support", "Billing",
                ])
        }
    }

    @Test func aNameIsOneEncodedSegment() async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            let session = try await simulator.twin.held()
            let path = "/sessions/\(session)/names/%D0%97%D0%B0%D0%BA%D0%B0%D0%B7%201%2F2"
            #expect(try await seat.chat("PATCH", path).status == 200)
            #expect(try await simulator.twin.session(session).name == "Заказ 1/2")
            #expect(simulator.control.requests(containing: "/names/").first?.path.contains("1%2F2") == true)
        }
    }

    @Test func aSessionIsFinishedOnceAndWithAKnownResult() async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            let session = try await simulator.twin.held()
            #expect(try await seat.chat("DELETE", "/sessions/\(session)", ["result": "odd"]).status == 400)
            #expect(try await TestSeat.colleague(browser).chat("DELETE", "/sessions/\(session)").status == 403)
            let (stream, _) = try await seat.stream()
            #expect(try await seat.chat("DELETE", "/sessions/\(session)", ["result": "solved"]).status == 200)
            #expect(try await stream.event("chatSessionDeleted")["closedAt"] != .null)
            #expect(try await simulator.twin.session(session).result == "solved")
            #expect(try await seat.chat("DELETE", "/sessions/\(session)").status == 422)
            #expect(try await seat.chat("GET", "/sessions/nowhere").status == 404)
            #expect(try await seat.write("late", in: session).status == 422)
        }
    }

    @Test func listsAreShortUnlessAskedAndCountEverything() async throws {
        let clock = SetClock()
        try await withSimulator({ $0.clock = { clock.now } }) { simulator, browser in
            let seat = try await TestSeat(browser)
            var ids: [String] = []
            for _ in 0..<12 {
                ids.append(try await simulator.twin.held())
                clock.advance(by: 1)
            }
            _ = try await simulator.twin.startSession(TwinSessionStart(at: .help))
            func list(_ query: String) async throws -> TestAnswer { try await seat.chat("GET", "/sessions?\(query)") }
            func found(_ answer: TestAnswer) -> [String] {
                (answer["items"]?.array ?? []).compactMap { $0["id"]?.string }
            }
            let first = try await list("operatorId=389")
            #expect(first["count"] == 12 && found(first) == Array(ids.prefix(10)))
            #expect(found(try await list("operatorId=389&page=2")) == Array(ids.suffix(2)))
            #expect(found(try await list("operatorId=389&limit=3&sort=-startedAt")) == Array(ids.reversed().prefix(3)))
            #expect(found(try await list("limit=100&sort=%2BstartedAt")).count == 13)
            // What was not encoded arrives as a space.
            #expect(try await list("sort=+startedAt").status == 400)
            #expect(try await list("from=2026-05-02T08:05:33+00:00").status == 400)
            let from = String(clock.now.addingTimeInterval(-1.5).iso8601.prefix(19)) + "%2B00:00"
            #expect(try await list("operatorId=389&from=\(from)")["count"] == 2)
            #expect(try await list("status=closed")["count"] == 0)
            #expect(try await list("withoutItems=1")["items"] == nil)
        }
    }

    @Test func theWidgetStartsGoesOnAndWrites() async throws {
        try await withSimulator { simulator, browser in
            let path = "/chat/api/v1/chats/\(Demo.chatID)/sessions"
            let started = try await browser.call(
                "POST", "\(path)?x_widget=1", ["name": "Visit", "clientExternalId": "42", "messageBody": "Hello"])
            #expect(started.status == 201 && started["ttl"] == 3600)
            let session = started["id"]?.string ?? ""
            let back = try await browser.call("PUT", path, ["name": "Visit", "clientExternalId": "42"])
            #expect(back["id"]?.string == session)
            let message = ["body": "More"] as JSONValue
            #expect(try await browser.call("POST", "/chat/api/v1/sessions/\(session)/messages", message).status == 200)
            #expect(try await simulator.twin.messages(of: session).map(\.body) == ["Hello", "More"])
            let seat = try await TestSeat(browser)
            let client = started["clientId"]?.string ?? ""
            #expect(try await seat.chat("GET", "/clients/\(client)/messages")["count"] == 2)
            #expect(try await seat.chat("PATCH", "/clients/\(client)/ban").status == 200)
            #expect(try await browser.call("POST", "/chat/api/v1/sessions/\(session)/messages", message).status == 403)
            #expect(try await seat.chat("GET", "/sessions?clientBanned=true")["count"] == 1)
        }
    }

    @Test func unpublishedMethodsAreWhatTheDialsSay() async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            simulator.faults.update { $0.twin.stateMethods = ["PUT"] }
            #expect(try await seat.chat("PATCH", "/users/me/activate").status == 405)
            #expect(await simulator.twin.operators().first?.status == "offline")
            #expect(try await seat.chat("PUT", "/users/me/activate").status == 200)
            #expect(await simulator.twin.operators().first?.status == "online")
        }
    }

    @Test func thePlatformsClockMayBeAhead() async throws {
        let clock = SetClock()
        try await withSimulator({ $0.clock = { clock.now } }) { simulator, browser in
            let seat = try await TestSeat(browser)
            simulator.faults.update { $0.twin.clockOffsetSeconds = 90 }
            let time = clock.now.epochSeconds + 90
            #expect(try await seat.chat("GET", "/timestamp").json == .int(time))
            simulator.faults.update { $0.twin.timestamp = .milliseconds }
            #expect((try await seat.chat("GET", "/timestamp").json.castInt ?? 0) / 1000 == time)
            simulator.faults.update { $0.twin.timestamp = .object }
            #expect(try await seat.chat("GET", "/timestamp")["timestamp"] == .int(time))
        }
    }
}
