import EventJSON
import GRDB
import Testing

@testable import Moonwire
@testable import SQLiteJournal

/// What people decide about recipients whose message failed, or may have.
struct LedgerDecisionTests {
    private let files: TemporaryJournal
    private let desk: LedgerDesk

    init() throws {
        files = try TemporaryJournal()
        desk = LedgerDesk(journal: try files.open())
    }

    /// Its own first message, which did not arrive, must not stand in the way of the second.
    @Test(arguments: [LedgerOperation.Resolution.retry, .failed])
    func whatIsDecidedNotToHaveArrivedCountsAgainstNoCap(resolution: LedgerOperation.Resolution) async throws {
        var plan = LedgerDesk.plan()
        plan.perClient = SendRate(count: 1, period: .seconds(7 * 86_400))
        let id = try await desk.begin(plan, audience: 2)
        _ = try await desk.claim(id, 1...2)
        for number in 1...2 { try await desk.settle(id, number, .unknown) }
        try await desk.change(.resolve(.id(id), address: "phone:" + LedgerDesk.phone(1), as: resolution))
        try await desk.change(.resolve(.id(id), address: nil, as: .sent))
        plan.name = "other"
        let other = try await desk.begin(plan, audience: 2)
        #expect(try await desk.claim(other, 1...2).numbers == [1])
    }

    /// Its own first message must not stand in the way of the second one that a person has asked for.
    @Test func whoIsUnknownAndDecidedToGetItAgainGetsItUnderACap() async throws {
        var plan = LedgerDesk.plan()
        plan.perClient = SendRate(count: 1, period: .seconds(7 * 86_400))
        let id = try await desk.begin(plan, audience: 1)
        _ = try await desk.claim(id, 1...1)
        try await desk.settle(id, 1, .unknown)
        try await desk.change(.resolve(.id(id), address: nil, as: .retry))
        #expect(try await desk.claim(id, 1...1, at: LedgerDesk.start + .seconds(60)).numbers == [1])
        plan.name = "other"
        let other = try await desk.begin(plan, audience: 1)
        #expect(try await desk.claim(other, 1...1, at: LedgerDesk.start + .seconds(120)).numbers == [])
    }

    @Test func aPersonDecidesAboutWhatIsUnknown() async throws {
        let id = try await desk.begin(audience: 3)
        _ = try await desk.claim(id, 1...3)
        for number in 1...3 { try await desk.settle(id, number, .unknown) }
        try await desk.change(.finish(id))
        try await desk.change(.resolve(.id(id), address: "phone:" + LedgerDesk.phone(1), as: .sent))
        try await desk.change(.resolve(.id(id), address: "phone:" + LedgerDesk.phone(2), as: .retry))
        try await desk.change(.resolve(.id(id), address: nil, as: .failed))
        let counts = try await desk.counts(id)
        #expect((counts.sent, counts.pending, counts.failed, counts.unknown) == (1, 1, 1, 0))
        #expect(try await desk.state(id) == .running)
        await #expect(throws: EffectFailure.self) {
            try await desk.change(.resolve(.id(id), address: "phone:" + LedgerDesk.phone(1), as: .sent))
        }
    }

    /// What a person has seen and resumed is left out of the rates; what is tried anew counts anew.
    @Test(arguments: [true, false]) func theRuleToStopHoldsForASecondTurnToo(isRetried: Bool) async throws {
        var plan = LedgerDesk.plan()
        plan.stop.errors = 0.2
        let id = try await desk.begin(plan, audience: 60)
        _ = try await desk.claim(id, 1...40)
        for number in 1...40 {
            try await desk.settle(id, number, number <= 30 ? (isRetried ? .failed : .unknown) : .sent)
        }
        try await desk.change(.steer(.id(id), .pause, reason: "stop_if"))
        try await desk.change(.steer(.id(id), .resume, reason: nil))
        #expect(try await decision(id) == .open(nil))
        if isRetried {
            try await desk.change(.retry(.id(id)))
        } else {
            try await desk.change(.resolve(.id(id), address: nil, as: .retry))
        }
        #expect(try await desk.claim(id, 1...30).numbers.count == 30)
        for number in 1...30 { try await desk.settle(id, number, number <= 15 ? .failed : .sent, attempt: 2) }
        #expect(
            try await decision(id) == .stop("stop_if: 15 of 30 messages failed or are unknown, more than 20 %"))
    }

    @Test func whatWasSeenAndIsDecidedToHaveArrivedStaysOutOfTheRates() async throws {
        var plan = LedgerDesk.plan()
        plan.stop.errors = 0.2
        let id = try await desk.begin(plan, audience: 80)
        _ = try await desk.claim(id, 1...40)
        for number in 1...40 { try await desk.settle(id, number, number <= 30 ? .unknown : .sent) }
        try await desk.change(.steer(.id(id), .pause, reason: "stop_if"))
        try await desk.change(.steer(.id(id), .resume, reason: nil))
        try await desk.change(.resolve(.id(id), address: nil, as: .sent))
        _ = try await desk.claim(id, 41...60)
        for number in 41...60 { try await desk.settle(id, number, number <= 48 ? .failed : .sent) }
        #expect(
            try await decision(id) == .stop("stop_if: 8 of 20 messages failed or are unknown, more than 20 %"))
    }

    private func decision(_ id: BroadcastID) async throws -> BroadcastGate.Decision {
        BroadcastGate.decide(try #require(try await desk.journal.broadcast(.id(id))), at: LedgerDesk.start)
    }

    /// The clock is the test's own; the journal is closed and opened again ten times in the minute.
}
