import CurlHTTP
import EventJSON
import Synchronization
import Testing
import TwinAPI
import WebSocketTestSupport

/// Renewals while requests go on.
@Suite(.timeLimit(.minutes(1))) struct RenewalTests {
    private static func name(_ request: HTTPRequest) -> String { request.json?["body"]?.string ?? "" }

    @Test func nothingIsLostWhenTheTokenEndsMidTrafficAndTwoRenewalsFail() async throws {
        let taken = Mutex<[String]>([])
        let platform = ScriptedPlatform { _, number throws(HTTPError) in
            switch number {
            case 1: .signedIn(1)
            case 2: .init(503, #"{"error":"Try later, token-1-SECRET"}"#)
            case 3: throw HTTPError(.connect, message: "Connection refused.", retryable: true, mayHaveBeenSent: false)
            default: .signedIn(2)
            }
        } reply: { request, number in
            // The first token is over after twenty messages.
            let isFirst = request.header("authorization") == "Bearer token-1-SECRET"
            let isTaken = taken.withLock { taken in
                guard !isFirst || taken.count < 20 else { return false }
                taken.append(Self.name(request))
                return true
            }
            return isTaken ? .init(200, #"{"id":"m\#(number)"}"#) : .init(401, #"{"error":"Token is expired."}"#)
        }
        let seat = Seat(platform)
        let ids = try await seat.run { seat in
            try await withThrowingTaskGroup(of: String.self) { group in
                for number in 1...100 {
                    group.addTask { try await seat.api.send(.init("\(number)"), to: "s\(number % 10)").id }
                }
                group.addTask {
                    for failure in [1, 2] {
                        await platform.reached(20 + failure)
                        await seat.clock.advanceWhenSleeping(by: .seconds(2))
                    }
                    return ""
                }
                var ids: Set<String> = []
                for try await id in group { ids.insert(id) }
                return ids
            }
        }
        #expect(ids.count == 101)
        #expect(Set(taken.withLock { $0 }) == Set((1...100).map(String.init)))
        #expect(taken.withLock { $0.count } == 100)
        #expect(platform.mostSignInsAtOnce == 1)
        #expect(
            platform.signIns.map(\.line) == ["POST /api/v1/auth/login"]
                + Array(repeating: "POST /api/v1/auth/refresh", count: 3))
        await seat.account.stop("The test is over.")
        #expect(
            await collected(seat.account.events) == [
                "loggedIn", "retrying gateway after 1.0", "retrying transport after 1.0", "refreshed",
                "stopped stopped",
            ])
    }

    @Test func aRequestDoesNotWaitForEver() async throws {
        let platform = ScriptedPlatform { _, _ in
            .init(503, "", headers: [HTTPHeader("Retry-After", "300")])
        } reply: { _, _ in
            .init(200)
        }
        let error = try await Seat(platform).run { seat in
            async let error = twinError { try await seat.api.pause() }
            await platform.reached(1)
            await seat.clock.advanceWhenSleeping(by: .seconds(60))
            return await error
        }
        #expect(error?.code == .noToken)
        #expect(error?.retryable == true)
        #expect(error?.mayHaveBeenSent == false)
        #expect(error?.retryAfter == .seconds(300))
        #expect(error?.message.contains("PATCH /api/v1/users/me/pause on the chat service") == true)
        #expect(error?.message.contains("POST /api/v1/auth/login on the iam service") == true)
        #expect(platform.requests.isEmpty)
    }

    @Test func aRequestOfAnAccountThatNobodyRunsSaysSo() async {
        let seat = Seat(ScriptedPlatform())
        async let error = twinError { try await seat.api.pause() }
        await seat.clock.advanceWhenSleeping(by: .seconds(60))
        let message = await error?.message
        #expect(message?.contains("is the account run?") == true)
    }

    @Test func aRequestThatIsCancelledStopsWaiting() async {
        let seat = Seat(ScriptedPlatform())
        let request = Task { await twinError { try await seat.api.pause() } }
        request.cancel()
        let error = await request.value
        #expect(error?.code == .noToken)
        #expect(error?.mayHaveBeenSent == false)
    }

    @Test func anAccountMayBeRunAgain() async throws {
        let platform = ScriptedPlatform()
        let seat = Seat(platform)
        for _ in 1...3 { try await seat.run { seat in try await seat.api.pause() } }
        #expect(platform.signIns.count == 1)
        #expect(platform.requests.count == 3)
    }

    @Test func aRenewalThatWasCancelledIsMadeByTheNextRun() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let platform = ScriptedPlatform { _, number throws(HTTPError) in
            if number > 1 { return .signedIn(number) }
            for await _ in gate.stream {}
            throw HTTPError(.cancelled, message: "Cancelled.", retryable: false, mayHaveBeenSent: true)
        } reply: { _, _ in
            .init(200)
        }
        let seat = Seat(platform)
        let running = Task { await seat.account.run() }
        await platform.reached(1)
        running.cancel()
        await running.value
        try await seat.run { seat in try await seat.api.pause() }
        #expect(platform.signIns.count == 2)
    }

    @Test func aHangingEarlyRenewalHoldsNobodyUpForLong() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let platform = ScriptedPlatform { _, number throws(HTTPError) in
            if number > 1 { for await _ in gate.stream {} }
            return .signedIn(number)
        } reply: { _, _ in
            .init(200)
        }
        let seat = Seat(platform)
        try await seat.run { seat in
            await platform.reached(1)
            await seat.clock.advanceWhenSleeping(by: .seconds(85_500))
            await platform.reached(2)
            async let sent: Void = seat.api.pause()
            await seat.clock.advanceWhenSleeping(by: .seconds(5))
            try await sent
        }
        #expect(platform.requests.map { $0.header("authorization") } == ["Bearer token-1-SECRET"])
    }
}
