import Foundation
import Testing

@testable import PlatformSimulator

@Suite(.timeLimit(.minutes(1)))
struct TwinAccountTests {
    private static let login = "/iam/api/v1/auth/login"
    private static let refresh = "/iam/api/v1/auth/refresh"

    private func claims(_ token: String) throws -> JSONValue {
        let part = try #require(token.split(separator: ".").dropFirst().first)
        let padded = part.replacing("-", with: "+").replacing("_", with: "/")
        let data = Data(base64Encoded: padded + String(repeating: "=", count: (4 - part.count % 4) % 4))
        return try JSONValue(parsing: Array(try #require(data)))
    }

    @Test func aTokenNamesItsEndWithAFraction() async throws {
        let clock = SetClock()
        try await withSimulator({ $0.clock = { clock.now } }) { simulator, browser in
            let seat = try await TestSeat(browser, ttl: 86_400)
            guard case .double(let end) = try claims(seat.token)["exp"] else { throw Browser.ClosedWithoutAnswer() }
            #expect(abs(end - clock.now.timeIntervalSince1970 - 86_400) < 0.01)
            #expect(end != end.rounded())
            simulator.faults.update { $0.twin.tokenSeconds = 30 }
            let short = try await TestSeat(browser, ttl: 86_400)
            let shortEnd = try claims(short.token)["exp"]?.castInt ?? 0
            #expect(shortEnd - clock.now.epochSeconds <= 31)
            #expect(try await short.chat("GET", "/users/me").status == 200)
            clock.advance(by: 31)
            let late = try await short.chat("GET", "/users/me")
            #expect(late.status == 401 && late["error"] == "Token is expired.")
            simulator.faults.update { $0.twin.expiredStatus = 403 }
            #expect(try await short.chat("GET", "/users/me").status == 403)
        }
    }

    @Test func onlyTheRightCredentialsOpen() async throws {
        try await withSimulator { simulator, browser in
            let wrong = try await browser.call("POST", Self.login, ["email": "operator@example.org", "password": "no"])
            #expect(wrong.status == 401)
            #expect(try await browser.call("POST", Self.login, ["email": "x"]).status == 400)
            let seat = try await TestSeat(browser)
            let me = try await seat.chat("GET", "/users/me")
            #expect(me["id"] == 389 && me["email"] == "operator@example.org")
            let iam = "/iam/api/v1/users/me"
            #expect(
                try await browser.call("GET", iam, headers: ["Authorization": "Bearer \(seat.token)"]).status == 200)
            #expect(try await browser.call("GET", iam, headers: ["Authorization": seat.token]).status == 401)
            #expect(try await browser.call("GET", iam).status == 401)
            #expect(simulator.twin.counters.refusedLogins == 1 && simulator.twin.counters.logins == 1)
        }
    }

    @Test func renewalTakesTheBareTokenAndEachRefreshTokenOnce() async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            await simulator.twin.expireTokens()
            let body: JSONValue = ["refreshToken": .string(seat.refreshToken), "ttl": 60]
            let bearer = ["Authorization": "Bearer \(seat.token)"]
            #expect(try await browser.call("POST", Self.refresh, body, headers: bearer).status == 401)
            let bare = ["Authorization": seat.token]
            let fresh = try await browser.call("POST", Self.refresh, body, headers: bare)
            let token = try #require(fresh["token"]?.string)
            #expect(fresh["refreshToken"]?.string?.isEmpty == false && token != seat.token)
            #expect(try await browser.call("POST", Self.refresh, body, headers: bare).status == 401)
            let headers = ["Authorization": "Bearer \(token)"]
            #expect(try await browser.call("GET", "/chat/api/v1/users/me", headers: headers).status == 200)

            await simulator.twin.revokeRefreshTokens()
            let next: JSONValue = ["refreshToken": .string(fresh["refreshToken"]?.string ?? "")]
            #expect(try await browser.call("POST", Self.refresh, next, headers: ["Authorization": token]).status == 401)
            #expect(simulator.twin.counters.refreshes == 1)
        }
    }

    @Test func renewalFailsAsOftenAsTheDialsSay() async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            simulator.faults.update { $0.requests = [RequestFault(.failed, next: 2, path: "/auth/refresh")] }
            let body: JSONValue = ["refreshToken": .string(seat.refreshToken)]
            for status in [503, 503, 200] {
                let answer = try await browser.call("POST", Self.refresh, body, headers: ["Authorization": seat.token])
                #expect(answer.status == status)
            }
        }
    }

    @Test func aLoginTellsOlderStreamsOfTheSameOperator() async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            #expect(simulator.twin.counters.displacements == 0)
            let (stream, _) = try await seat.stream()
            let (colleague, _) = try await TestSeat.colleague(browser).stream()
            _ = try await TestSeat(browser)
            #expect(try await stream.event("chatUserExists") == ["userId": 389])
            try await simulator.twin.displace(TwinDemoWorld.colleagueID)
            #expect(try await colleague.event("chatUserExists") == ["userId": 390])
            #expect(simulator.twin.counters.displacements == 2)
            // The older token goes on: what follows from the event is the client's affair.
            #expect(try await seat.chat("GET", "/users/me").status == 200)
        }
    }

    @Test func theBlockedAreOutUntilLetIn() async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            let (stream, _) = try await seat.stream()
            try await simulator.twin.block()
            #expect(try await stream.event("operatorBlocked") == ["userId": 389])
            #expect(try await seat.chat("GET", "/users/me").status == 403)
            #expect(try await TestSeat(browser).token.isEmpty)
            try await simulator.twin.unblock()
            #expect(try await seat.chat("GET", "/users/me").status == 200)
        }
    }

    @Test func filesAreUploadedAndServed() async throws {
        try await withSimulator { simulator, browser in
            let seat = try await TestSeat(browser)
            let bearer = ["Authorization": "Bearer \(seat.token)"]
            func upload(_ content: String) async throws -> TestAnswer {
                let body = """
                    --b\r\nContent-Disposition: form-data; name="private"\r\n\r\ntrue\r\n\
                    --b\r\nContent-Disposition: form-data; name="file[]"; filename="a.png"\r\n\
                    Content-Type: image/png\r\n\r\n\(content)\r\n--b--\r\n
                    """
                let answer = try await browser.send(
                    "POST", "/iam/api/v1/files", type: "multipart/form-data; boundary=b", body: Array(body.utf8),
                    headers: bearer)
                return try #require(answer)
            }
            let file = try #require(try await upload("pixels").json.array?.first)
            #expect(file["baseName"] == "a.png" && file["size"] == 6 && file["isPrivate"] == .bool(true))
            let id = file["id"]?.string ?? ""
            #expect(file["url"]?.string == "\(simulator.twinURLs.iam)/files/\(id)")
            let path = "/iam/api/v1/files/\(id)"
            #expect(try await browser.call("GET", path).status == 401)
            #expect(try await browser.call("GET", path, headers: bearer).text == "pixels")
            simulator.faults.update { $0.twin.largestFile = 3 }
            #expect(try await upload("pixels").status == 413)
        }
    }
}
