import CurlHTTP
import Testing

@testable import TwinAPI

/// A machine, its time, and short words for what a shell would do.
private final class Harness {
    var machine: TwinTokenMachine
    var now: Duration = .seconds(100)

    init(random: Double = 0, _ change: (inout TwinTokenPolicy) -> Void = { _ in }) {
        var policy = TwinTokenPolicy()
        change(&policy)
        machine = TwinTokenMachine(policy: policy, random: { random })
    }

    static func signedIn(random: Double = 0, life: Duration = .seconds(86_400)) -> Harness {
        let harness = Harness(random: random)
        _ = harness.step()
        harness.grant(life: life)
        return harness
    }

    func step() -> TwinTokenMachine.Step { machine.step(now: now) }

    func advance(_ duration: Duration) { now += duration }

    func grant(_ name: String = "token", life: Duration = .seconds(86_400), refresh: String? = "refresh") {
        machine.granted(
            TwinGrant(secret: TwinSecret(name), refreshSecret: refresh.map { TwinSecret($0) }, life: life), now: now)
    }

    func fail(status: Int?, retryAfter: Duration? = nil) {
        let error = TwinError(
            status == nil ? .transport : .server, message: "No.", status: status, retryAfter: retryAfter)
        machine.failed(error, now: now)
    }

    func reject(_ rejection: TwinRejection, generation: Int? = nil) -> Bool {
        machine.reject(generation ?? token?.generation ?? 0, rejection, now: now)
    }

    /// The token that a request would get at once.
    var token: TwinToken? {
        if case .use(let token) = machine.access(now: now) { return token }
        return nil
    }

    /// What kind of attempt is due now.
    func attempt() -> String {
        switch step() {
        case .attempt(.login): "login"
        case .attempt(.refresh(_, let secret)): "refresh by \(secret.exposed)"
        case .sleep(let until): "sleep \((until - now) / .seconds(1))"
        case .wait: "wait"
        case .end: "end"
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct TokenMachineTests {
    @Test func signsInAtOnceAndOnlyOnce() {
        let harness = Harness()
        #expect(harness.attempt() == "login")
        #expect(harness.attempt() == "wait")
        #expect(harness.token == nil)
        harness.grant("first")
        #expect(harness.token?.secret == "first")
    }

    @Test("T02: an end with a fraction is read, and the renewal starts 15 minutes before it")
    func renewsEarly() throws {
        let payload = #"{"sub":389,"exp":1777795500.75}"#
        let token = "e30.\(base64URL(payload)).c2ln"
        #expect(TwinTokenTimes(token)?.expiry == 1_777_795_500.75)
        #expect(TwinTokenTimes(token)?.life(secondsSince1970: 1_777_709_100) == 86_400.75)

        let harness = Harness.signedIn(life: .seconds(86_400.75))
        #expect(harness.attempt() == "sleep 85500.75")
        harness.advance(.seconds(85_500))
        #expect(harness.attempt() == "sleep 0.75")
        harness.advance(.seconds(0.75))
        #expect(harness.attempt() == "refresh by refresh")
    }

    @Test func aShortLifeIsRenewedAtItsHalf() {
        let harness = Harness.signedIn(life: .seconds(1799))
        #expect(harness.attempt() == "sleep 899.5")
    }

    @Test func aFleetDoesNotRenewAtOnce() {
        let harness = Harness.signedIn(random: 0.5)
        #expect(harness.attempt() == "sleep 85470.0")
        let short = Harness.signedIn(random: 0.999, life: .seconds(40))
        #expect(short.attempt().hasPrefix("sleep 15.0"))
    }

    @Test func theRefreshTokenThatCameLastIsUsed() {
        let harness = Harness.signedIn(life: .seconds(100))
        for (given, expected) in [(nil, "refresh"), ("second", "refresh"), (nil, "second")] {
            harness.advance(.seconds(50))
            #expect(harness.attempt() == "refresh by \(expected)")
            harness.grant(life: .seconds(100), refresh: given)
        }
    }

    @Test func thePasswordIsUsedWhereRefreshIsSwitchedOff() {
        let harness = Harness { $0.usesRefresh = false }
        _ = harness.step()
        harness.grant(life: .seconds(100))
        harness.advance(.seconds(50))
        #expect(harness.attempt() == "login")
    }

    @Test("T05: a refused refresh leads to one login, and a refused login ends the account")
    func refusedSignIn() {
        let harness = Harness.signedIn()
        _ = harness.machine.takeEvents()
        harness.advance(.seconds(85_500))
        #expect(harness.attempt() == "refresh by refresh")
        harness.fail(status: 401)
        #expect(harness.attempt() == "login")
        harness.fail(status: 401)
        #expect(harness.attempt() == "end")
        guard case .fail(let error) = harness.machine.access(now: harness.now) else {
            Issue.record("A request got a token.")
            return
        }
        #expect(error.code == .authFailed)
        #expect(!error.retryable)
        #expect(harness.machine.takeEvents().count == 1)
    }

    @Test(arguments: [401, 403, 422])
    func aLoginThatIsRefusedIsNotTriedAgain(status: Int) {
        let harness = Harness()
        _ = harness.step()
        harness.fail(status: status)
        #expect(harness.attempt() == "end")
    }

    @Test(arguments: [nil, 400, 404, 405, 408, 413, 429, 500, 502, 503])
    func aLoginThatFailsForAWhileIsTriedAgain(status: Int?) {
        let harness = Harness()
        _ = harness.step()
        harness.fail(status: status)
        #expect(harness.attempt() == "sleep 1.0")
        harness.advance(.seconds(1))
        #expect(harness.attempt() == "login")
    }

    @Test func aRefreshThatFailsForAWhileStaysARefresh() {
        let harness = Harness.signedIn()
        harness.advance(.seconds(85_500))
        _ = harness.step()
        harness.fail(status: 503)
        harness.advance(.seconds(1))
        #expect(harness.attempt() == "refresh by refresh")
    }

    @Test func theWaitsGrowFromOneSecondToAMinute() {
        for (random, expected) in [(0.0, [1, 1, 1, 1, 1, 1, 1, 1]), (1.0, [2, 4, 8, 16, 32, 60, 60, 60])] {
            let harness = Harness(random: random)
            for wait in expected {
                _ = harness.step()
                harness.fail(status: 500)
                #expect(harness.attempt() == "sleep \(Double(wait))")
                harness.advance(.seconds(wait))
            }
        }
    }

    @Test func thePlatformMayAskForALongerWait() {
        let harness = Harness()
        _ = harness.step()
        harness.fail(status: 429, retryAfter: .seconds(30))
        #expect(harness.attempt() == "sleep 30.0")
    }

    @Test func aGoodTokenIsUsedWhileItsEarlyRenewalTakesLong() {
        let harness = Harness.signedIn()
        harness.advance(.seconds(85_500))
        _ = harness.step()
        #expect(harness.token == nil)
        harness.advance(.seconds(5))
        #expect(harness.token != nil)
        harness.fail(status: 503)
        #expect(harness.token != nil)
        harness.advance(.seconds(895))
        #expect(harness.token == nil)
    }

    @Test func aRequestAfterTheEndAsksForARenewal() {
        let harness = Harness.signedIn(life: .seconds(10))
        harness.advance(.seconds(11))
        #expect(harness.token == nil)
        #expect(harness.attempt() == "refresh by refresh")
    }

    @Test func onlyARefusalOfTheCurrentTokenRenews() {
        let harness = Harness.signedIn()
        harness.advance(.seconds(61))
        #expect(harness.reject(.expired, generation: 1))
        #expect(harness.token == nil)
        #expect(harness.attempt() == "refresh by refresh")
        #expect(harness.reject(.expired, generation: 1))
        harness.grant("second")
        #expect(harness.reject(.forbidden, generation: 1))
        #expect(harness.token?.secret == "second")
        #expect(harness.attempt().hasPrefix("sleep"))
    }

    @Test func aYoungTokenThatMayNotIsNotRenewed() {
        let harness = Harness.signedIn()
        harness.advance(.seconds(60))
        #expect(!harness.reject(.forbidden))
        #expect(harness.attempt().hasPrefix("sleep"))
        harness.advance(.milliseconds(1))
        #expect(harness.reject(.forbidden))
        #expect(harness.attempt() == "refresh by refresh")
    }

    @Test func aYoungTokenThatIsOverIsRenewed() {
        let harness = Harness.signedIn()
        #expect(harness.reject(.expired))
        #expect(harness.attempt() == "refresh by refresh")
    }

    @Test func fiveForcedRenewalsAnHourAndNoMore() {
        let harness = Harness.signedIn()
        for _ in 1...5 {
            harness.advance(.seconds(120))
            #expect(harness.reject(.forbidden))
            #expect(harness.attempt() == "refresh by refresh")
            harness.grant()
        }
        _ = harness.machine.takeEvents()
        harness.advance(.seconds(120))
        #expect(!harness.reject(.forbidden))
        #expect(!harness.reject(.expired))
        #expect(harness.token != nil)
        let events = harness.machine.takeEvents()
        guard case .tooManyRenewals(let error)? = events.first, events.count == 1 else {
            Issue.record("Nobody was told, or twice: \(events)")
            return
        }
        #expect(error.message.contains("5 times"))
        // The first was 600 s ago.
        harness.advance(.seconds(2999))
        #expect(!harness.reject(.forbidden))
        harness.advance(.seconds(1))
        #expect(harness.reject(.forbidden))
    }

    @Test func whatComesAfterTheStopIsForgotten() {
        let harness = Harness.signedIn()
        harness.advance(.seconds(85_500))
        _ = harness.step()
        harness.machine.stop(.stopped("The operator was blocked."))
        harness.grant()
        #expect(harness.token == nil)
        #expect(!harness.reject(.expired, generation: 1))
        #expect(harness.attempt() == "end")
    }

    @Test func anAttemptThatWasGivenUpIsMadeAgain() {
        let harness = Harness()
        _ = harness.step()
        harness.machine.abandoned()
        #expect(harness.attempt() == "login")
        harness.grant()
        harness.machine.abandoned()
        #expect(harness.attempt().hasPrefix("sleep"))
    }

    @Test func aGoodTokenIsUsedAfterItsRenewalWasGivenUp() {
        let harness = Harness.signedIn()
        harness.advance(.seconds(85_500))
        _ = harness.step()
        harness.machine.abandoned()
        #expect(harness.token != nil)
        #expect(harness.attempt() == "refresh by refresh")
    }

    @Test func whatANewTokenDoesNotOpenIsNoReasonForAnother() {
        let harness = Harness.signedIn()
        let rejected = { (endpoint: String) in
            harness.machine.reject(
                harness.token?.generation ?? 0, .forbidden, endpoint: endpoint, now: harness.now)
        }
        harness.advance(.seconds(61))
        harness.machine.deny("PATCH /users/me/activate", now: harness.now)
        #expect(!rejected("PATCH /users/me/activate"))
        harness.advance(.seconds(3600))
        #expect(rejected("PATCH /users/me/activate"))
        _ = harness.step()
        harness.grant()
        harness.machine.deny("PATCH /users/me/activate", now: harness.now)
        harness.advance(.seconds(61))
        #expect(rejected("GET /sessions"))
    }
}
