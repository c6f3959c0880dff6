import Testing

@testable import ActionCable
@testable import WebSocketClient

@Suite struct RetryTests {
    private func wait(_ attempt: Int, random: Double, _ cause: RetrySchedule.Cause = .lost) -> Double {
        let delay = RetrySchedule(timing: CableTiming()).delay(attempt: attempt, cause: cause, random: random)
        return Double(delay.components.seconds) + Double(delay.components.attoseconds) / 1e18
    }

    @Test func firstRetryComesAfterHalfASecondAndJitter() {
        #expect(wait(0, random: 0) == 0.5)
        #expect(wait(0, random: 0.999) < 1)
    }

    @Test(arguments: [(1, 7.9), (2, 9.1), (3, 10.5), (5, 13.9), (8, 21.1), (10, 27.9), (50, 27.9)])
    func laterRetriesSpreadUpToTheTable(attempt: Int, longest: Double) {
        #expect(wait(attempt, random: 0) == 0.5)
        #expect(abs(wait(attempt, random: 1) - longest) < 0.06)
    }

    @Test func waitsGrowUntilAConnectionHolds() throws {
        var harness = try MachineHarness.live("a", random: 1)
        var waits: [Duration] = []
        for _ in 0..<3 {
            _ = harness.lose()
            waits.append(try #require(harness.wait))
            harness.welcome()
        }
        #expect(waits[0] == .seconds(1))
        #expect(waits[1] > .seconds(7) && waits[2] > waits[1])

        _ = harness.advanceAlive(.seconds(6))
        _ = harness.lose()
        #expect(harness.wait == .seconds(1))
    }

    @Test func failedAttemptsAreToldAndRepeated() throws {
        var harness = MachineHarness(random: 0)
        _ = try harness.add("a")
        _ = harness.machine.start(now: harness.now)
        #expect(harness.lose(CableFailure(reason: "refused")).events == [.disconnected(reason: "refused")])
        #expect(harness.advance(.milliseconds(500)) == [.connect(2)])
        #expect(harness.machine.attempts == 1)
    }

    @Test(arguments: [401, 403, 404])
    func refusalThatRepetitionDoesNotCureWaitsLong(status: Int) {
        let error = WebSocketError(.refused, "Refused.", retryable: false, httpStatus: status)
        var harness = MachineHarness(random: 0)
        _ = harness.machine.start(now: harness.now)
        _ = harness.lose(CableFailure(error, wallClock: 0))
        #expect(harness.wait.map { $0 > .seconds(24) && $0 < .seconds(28) } == true)
    }

    @Test func notFoundNamesTheUsualCauses() {
        let error = WebSocketError(.refused, "Refused.", retryable: false, httpStatus: 404)
        let reason = CableFailure(error, wallClock: 0).reason
        #expect(reason.contains("Origin") && reason.contains("Upgrade"))
    }

    @Test func rateLimitWaitsForTheNextMinute() {
        let error = WebSocketError(.refused, "Refused.", retryable: true, httpStatus: 429)
        var harness = MachineHarness(random: 0.5)
        _ = harness.machine.start(now: harness.now)
        _ = harness.lose(CableFailure(error, wallClock: 1_777_709_160 + 18))
        let expected = 60 - (1_777_709_178.0).truncatingRemainder(dividingBy: 60) + 2.5
        #expect(harness.wait == .seconds(expected))
    }

    @Test func rateLimitHonoursRetryAfter() {
        var error = WebSocketError(.refused, "Refused.", retryable: true, httpStatus: 429)
        error.retryAfter = .seconds(90)
        #expect(
            CableFailure(error, wallClock: 10).cause
                == .rateLimited(secondsToNextMinute: 50, retryAfter: .seconds(90)))
        #expect(wait(0, random: 0, .rateLimited(secondsToNextMinute: 50, retryAfter: .seconds(90))) == 90)
        let years = Duration.seconds(4_000_000_000)
        #expect(wait(0, random: 0, .rateLimited(secondsToNextMinute: 50, retryAfter: years)) == 300, "within reason")
    }

    @Test func serverErrorIsRetriedSoon() {
        let error = WebSocketError(.refused, "Refused.", retryable: true, httpStatus: 502)
        #expect(CableFailure(error, wallClock: 0).cause == .lost)
    }
}
