import CurlHTTP
import EventJSON
import Synchronization
import Testing
import TwinAPI
import WebSocketTestSupport

@Suite(.timeLimit(.minutes(1))) struct AccountTests {
    @Test("T01: the login asks for a day, requests carry the token as Bearer, the connect frame carries it bare")
    func signsIn() async throws {
        let platform = ScriptedPlatform(#"{"id":389}"#)
        let (me, connection) = try await Seat(platform, companyID: 7).run { seat in
            (try await seat.api.me(), try await seat.account.connection())
        }
        #expect(me.id == "389")
        let login = try #require(platform.signIns.first)
        #expect(login.line == "POST /api/v1/auth/login")
        #expect(login.header("authorization") == nil)
        #expect(
            login.json == [
                "email": "operator@example.org", "password": "password-SECRET", "ttl": 86_400, "companyId": 7,
            ])
        #expect(platform.requests.first?.line == "GET /api/v1/users/me")
        #expect(platform.requests.first?.header("authorization") == "Bearer token-1-SECRET")
        #expect(connection.url == "wss://example.org/centrifugo/connection/websocket?a=1")
        #expect(
            connection.data.exposed == #"{"application":"notifications","settings":{"token":"token-1-SECRET"}}"#)
        #expect(platform.signIns.count == 1)
    }

    @Test func aUserOfOneCompanySaysSo() async throws {
        let platform = ScriptedPlatform()
        try await Seat.call(platform) { try await $0.pause() }
        #expect(platform.signIns.first?.json?["companyId"] == .null)
    }

    @Test("T02: the token is refreshed 15 minutes before its end, with the bare token in the header")
    func refreshesEarly() async throws {
        let platform = ScriptedPlatform()
        let seat = Seat(platform)
        try await seat.run { seat in
            await platform.reached(1)
            await seat.clock.advanceWhenSleeping(by: .seconds(85_500))
            await platform.reached(2)
        }
        let refresh = platform.signIns[1]
        #expect(refresh.line == "POST /api/v1/auth/refresh")
        #expect(refresh.header("authorization") == "token-1-SECRET")
        #expect(refresh.json == ["refreshToken": "refresh-1-SECRET", "ttl": 86_400])
    }

    @Test("T03: a 403 makes one renewal and one repeat, and a second 403 is handed up")
    func forbidden() async throws {
        let platform = ScriptedPlatform(status: 403, #"{"error":"Access denied"}"#)
        let error = try await Seat(platform).run { seat in
            _ = try await seat.account.connection()
            seat.clock.advance(by: .seconds(61))
            return await twinError { try await seat.api.finish("s1") }
        }
        #expect(error?.code == .forbidden)
        #expect(error?.message.contains("Access denied") == true)
        #expect(
            platform.requests.map { $0.header("authorization") ?? "" } == [1, 2].map { "Bearer token-\($0)-SECRET" })
        #expect(platform.signIns.map(\.line) == ["POST /api/v1/auth/login", "POST /api/v1/auth/refresh"])
    }

    @Test func aForbiddenActionOfAFreshTokenIsHandedUpAtOnce() async throws {
        let platform = ScriptedPlatform(status: 403)
        let error = try await Seat(platform).run { seat in await twinError { try await seat.api.finish("s1") } }
        #expect(error?.code == .forbidden)
        #expect(platform.requests.count == 1)
        #expect(platform.signIns.count == 1)
    }

    @Test func aSignInThatIsRefusedForAnotherReasonThanItsEndIsHandedUp() async throws {
        let platform = ScriptedPlatform(status: 401, #"{"error":"Unknown user."}"#)
        let error = try await Seat(platform).run { seat in await twinError { try await seat.api.finish("s1") } }
        #expect(error?.code == .unauthenticated)
        #expect(platform.all.count == 2)
    }

    @Test("T04: a token that is over with ten requests in flight makes one renewal and ten repeats")
    func tenInFlight() async throws {
        let everyoneIsHere = Gathering(10)
        let platform = ScriptedPlatform { request, _ in
            guard request.header("authorization") == "Bearer token-1-SECRET" else { return .init(200) }
            await everyoneIsHere.wait()
            return .init(401, #"{"error":"Token is expired."}"#)
        }
        try await Seat(platform).run { seat in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...10 { group.addTask { try await seat.api.markRead("m\(number)") } }
                try await group.waitForAll()
            }
        }
        #expect(platform.signIns.map(\.line) == ["POST /api/v1/auth/login", "POST /api/v1/auth/refresh"])
        #expect(platform.requests.count == 20)
        #expect(Set(platform.requests.suffix(10).map(\.line)).count == 10)
        #expect(platform.requests.suffix(10).allSatisfy { $0.header("authorization") == "Bearer token-2-SECRET" })
    }

    @Test("T05: a refused refresh and a refused login leave an account that asks nothing any more")
    func refusedForGood() async throws {
        let platform = ScriptedPlatform { _, number throws(HTTPError) in
            number == 1 ? .signedIn(1) : .init(401, #"{"error":"Wrong password-SECRET"}"#)
        } reply: { _, _ in
            .init(401, #"{"error":"Token is expired."}"#)
        }
        let seat = Seat(platform)
        let first = try await seat.run { seat in await twinError { try await seat.api.pause() } }
        #expect(first?.code == .authFailed)
        #expect(
            platform.signIns.map(\.line) == [
                "POST /api/v1/auth/login", "POST /api/v1/auth/refresh", "POST /api/v1/auth/login",
            ])
        #expect(first?.message.contains("PATCH /api/v1/users/me/pause on the chat service") == true)
        #expect(first?.message.contains("Wrong ***") == true)
        let second = await twinError { try await seat.api.pause() }
        #expect(second?.code == .authFailed)
        await seat.account.run()
        #expect(platform.all.count == 4)
        #expect(await collected(seat.account.events).last == "stopped authFailed")
    }

    @Test("T06: after a renewal the next connect carries the new token")
    func nextConnect() async throws {
        let platform = ScriptedPlatform()
        let seat = Seat(platform)
        let data = try await seat.run { seat in
            let first = try await seat.account.connection()
            let second = try await seat.account.connection(after: first)
            // The stream ends again, but that token has been renewed already.
            let third = try await seat.account.connection(after: first)
            return [first, second, third].map(\.data.exposed)
        }
        #expect(data[1] == #"{"application":"notifications","settings":{"token":"token-2-SECRET"}}"#)
        #expect(data[2] == data[1] && data[0] != data[1])
        #expect(platform.signIns.count == 2)
    }

    @Test func thePlatformMayRefuseFiveTokensAnHour() async throws {
        let platform = ScriptedPlatform(status: 401, #"{"error":"Token is expired."}"#)
        let seat = Seat(platform)
        let error = try await seat.run { seat in
            for _ in 1...5 { _ = await twinError { try await seat.api.pause() } }
            return await twinError { try await seat.api.pause() }
        }
        #expect(error?.code == .unauthenticated)
        #expect(platform.signIns.count == 6)
        #expect(platform.requests.count == 11)
        await seat.account.stop("The test is over.")
        #expect(await collected(seat.account.events).contains("tooManyRenewals"))
    }

    @Test("T12: nothing is asked after the operator was blocked")
    func blocked() async throws {
        let platform = ScriptedPlatform()
        let seat = Seat(platform)
        let error = try await seat.run { seat in
            _ = try await seat.account.connection()
            await seat.account.stop("The operator was blocked.")
            return await twinError { _ = try await seat.api.send(.init("Hi"), to: "s1") }
        }
        #expect(error?.code == .stopped)
        #expect(error?.mayHaveBeenSent == false)
        #expect(error?.message.contains("The operator was blocked.") == true)
        let later = await twinError { _ = try await seat.account.connection() }
        #expect(later?.code == .stopped)
        await seat.account.run()
        #expect(platform.all.count == 1)
    }
}

/// Lets everybody wait until so many are there.
private final class Gathering: Sendable {
    private let size: Int
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

    init(_ size: Int) { self.size = size }

    func wait() async {
        await withCheckedContinuation { continuation in
            let everybody = waiting.withLock { waiting in
                waiting.append(continuation)
                return waiting.count == size ? waiting : []
            }
            everybody.forEach { $0.resume() }
        }
    }
}

/// What an account told until its end, in short.
func collected(_ events: AsyncStream<TwinAccountEvent>) async -> [String] {
    var found: [String] = []
    for await event in events {
        switch event {
        case .loggedIn: found.append("loggedIn")
        case .refreshed: found.append("refreshed")
        case .retrying(let error, let wait): found.append("retrying \(error.code) after \(wait / .seconds(1))")
        case .tooManyRenewals: found.append("tooManyRenewals")
        case .stopped(let error): found.append("stopped \(error.code)")
        }
    }
    return found
}
