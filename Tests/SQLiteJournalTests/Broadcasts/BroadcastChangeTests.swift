import EventJSON
import GRDB
import Moonwire
import Testing

@testable import SQLiteJournal

/// What the ledger keeps of changes of state until they have been told.
struct BroadcastChangeTests {
    private let files: TemporaryJournal
    private let desk: LedgerDesk

    init() throws {
        files = try TemporaryJournal()
        desk = LedgerDesk(journal: try files.open())
    }

    private func kinds() async throws -> [BroadcastChange.Kind] {
        try await desk.journal.untoldChanges(limit: 99).map(\.kind)
    }

    private func steer(_ id: BroadcastID, _ steering: LedgerOperation.Steering, _ reason: String? = nil) async throws {
        try await desk.change(.steer(.id(id), steering, reason: reason))
    }

    @Test func eachChangeIsKeptAndARepetitionIsNone() async throws {
        let id = try await desk.begin(audience: 3)
        try await desk.change(.create(LedgerDesk.plan(), key: "1", starts: true))
        try await steer(id, .start)
        try await steer(id, .pause, "by hand")
        try await steer(id, .pause, "once more")
        try await steer(id, .resume)
        try await steer(id, .resume)
        // Between two looks of whoever tells.
        try await steer(id, .pause)
        try await steer(id, .resume)
        try await steer(id, .cancel)
        #expect(try await kinds() == [.started, .paused, .resumed, .paused, .resumed, .cancelled])
    }

    @Test func aDraftIsNothingYetAndStartsOnceAlsoBehindAPause() async throws {
        let answer = try await desk.change(.create(LedgerDesk.plan(), key: "1", starts: false))
        let id = BroadcastID(rawValue: Int64(answer["id"]?.int ?? 0))
        try await desk.change(.closeAudience(id, error: "the file is gone"))
        #expect(try await kinds().isEmpty)
        try await steer(id, .start)
        try await steer(id, .pause)
        try await steer(id, .start)
        #expect(try await kinds() == [.started, .paused, .resumed])
    }

    @Test func aChangeHoldsTheFiguresOfItsMoment() async throws {
        let id = try await desk.begin(audience: 4)
        _ = try await desk.claim(id, 1...2)
        try await desk.settle(id, 1, .sent)
        try await steer(id, .pause, "a look")
        try await desk.settle(id, 2, .failed)
        try await steer(id, .resume)
        _ = try await desk.claim(id, 3...4)
        try await desk.settle(id, 3, .sent)
        try await desk.settle(id, 4, .unknown)
        try await desk.change(.finish(id))
        let changes = try await desk.journal.untoldChanges(limit: 99)
        #expect(changes.map(\.kind) == [.started, .paused, .resumed, .finished])
        let paused = changes[1].record
        #expect(paused.state == .paused && paused.reason == "a look")
        #expect(paused.counts.sent == 1 && paused.counts.claimed == 1 && paused.counts.pending == 2)
        let finished = changes[3].record
        #expect(finished.counts.sent == 2 && finished.counts.failed == 1 && finished.counts.unknown == 1)
        // A retry opens it again.
        try await desk.change(.retry(.id(id)))
        #expect(try await kinds().last == .resumed)
    }

    @Test func fromFinishingBackToRunningNothingHasChanged() async throws {
        let id = try await desk.begin(audience: 2)
        _ = try await desk.claim(id, 1...2)
        try await desk.settle(id, 1, .failed)
        try await desk.change(.finish(id))
        #expect(try await desk.state(id) == .finishing)
        try await desk.change(.retry(.id(id)))
        #expect(try await desk.state(id) == .running)
        #expect(try await kinds() == [.started])
    }

    @Test func whatHasBeenToldIsForgottenAndItsNumberIsNotGivenAgain() async throws {
        let id = try await desk.begin(audience: 1)
        try await steer(id, .pause)
        let changes = try await desk.journal.untoldChanges(limit: 99)
        try await desk.change(.told(through: changes[0].number))
        #expect(try await kinds() == [.paused])
        try await desk.change(.told(through: changes[1].number))
        #expect(try await kinds().isEmpty)
        try await steer(id, .resume)
        let later = try #require(try await desk.journal.untoldChanges(limit: 99).first)
        #expect(later.number > changes[1].number)
    }

    @Test func whySomebodyWasSkippedIsCounted() async throws {
        var plan = LedgerDesk.plan()
        plan.perClient = SendRate(count: 1, period: .seconds(3600))
        let id = try await desk.begin(plan, audience: 6)
        try await desk.change(.optOut(addresses: ["phone:" + LedgerDesk.phone(1)], topic: "*"))
        _ = try await desk.claim(id, 1...2)
        let other = try await desk.begin(plan, key: "2", audience: 6)
        _ = try await desk.claim(other, 1...3)
        try await desk.change(
            .claim(other, [Claim(number: 4, addresses: [], verdict: .skip("the message is empty"))], paces: []))
        try await desk.settle(other, 3, .sent)
        try await steer(other, .cancel)
        try await desk.change(.clear(other, limit: 99))
        let record = try #require(try await desk.journal.broadcast(.id(other)))
        let skips = BroadcastFigures(record, pace: BroadcastPace(), at: LedgerDesk.start).skippedBy
        #expect(skips.optedOut == 1)
        #expect(skips.frequencyCap == 1)
        #expect(skips.cancelled == 2)
        #expect(skips.other == 1)
        #expect(record.counts.skipped == 5)
    }

    @Test func aJournalOfAnEarlierReleaseKnowsWhyItSkipped() throws {
        let queue = try DatabaseQueue()
        try queue.write { db in
            try LedgerSchema.create(db)
            try db.execute(
                sql: """
                    INSERT INTO broadcasts (id, name, key, plan, topic, version, state, created, skipped)
                    VALUES (1, 'old', '1', x'', 't', 'v', 5, 0, 4);
                    INSERT INTO recipients (broadcast, number, address, row, state, reason) VALUES
                    (1, 1, 'a', x'', 3, 'opted out'), (1, 2, 'b', x'', 3, 'cancelled'), (1, 3, 'c', x'', 3, 'cancelled'),
                    (1, 4, 'd', x'', 3, 'the message is empty')
                    """)
            try LedgerSchema.addChanges(db)
            let row = try #require(
                try Row.fetchOne(
                    db, sql: "SELECT skipped_opted_out, skipped_capped, skipped_cancelled FROM broadcasts"))
            #expect(row[0] == 1 && row[1] == 0 && row[2] == 2)
            #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM broadcast_changes") == 0)
        }
    }
}
