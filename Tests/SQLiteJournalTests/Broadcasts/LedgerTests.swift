import EventJSON
import GRDB
import Testing

@testable import Moonwire
@testable import SQLiteJournal

struct LedgerTests {
    private let files: TemporaryJournal
    private let desk: LedgerDesk

    init() throws {
        files = try TemporaryJournal()
        desk = LedgerDesk(journal: try files.open())
    }

    @Test func theSameKeyTwiceIsOneBroadcastAlsoAfterItWasDeleted() async throws {
        let first = try await desk.change(.create(LedgerDesk.plan(), key: "1", starts: true))
        let again = try await desk.change(.create(LedgerDesk.plan(), key: "1", starts: true))
        let other = try await desk.change(.create(LedgerDesk.plan(), key: "2", starts: true))
        #expect(first["created"] == true)
        #expect(again["created"] == false)
        #expect(again["id"] == first["id"])
        #expect(other["id"] != first["id"])
        let id = BroadcastID(rawValue: Int64(first["id"]?.int ?? 0))
        try await desk.change(.steer(.id(id), .cancel, reason: nil))
        try await desk.change(.steer(.id(id), .delete, reason: nil))
        let late = try await desk.change(.create(LedgerDesk.plan(), key: "1", starts: true))
        #expect(late["created"] == false)
        #expect(late["state"] == "deleted")
    }

    @Test func aJournalOfAnEarlierReleaseIsReadAndBroughtUpToDate() async throws {
        for (number, key) in ["failed", "draft", "by hand"].enumerated() {
            let answer = try await desk.change(.create(LedgerDesk.plan(), key: key, starts: number != 1))
            let id = BroadcastID(rawValue: Int64(answer["id"]?.int ?? 0))
            try await desk.change(.add(id, LedgerDesk.entries(1...2), rejected: [], position: 2))
        }
        await desk.journal.close()
        let file = try DatabaseQueue(path: files.path)
        try await file.writeWithoutTransaction { db in
            for statement in [
                "ALTER TABLE broadcasts DROP COLUMN asked", "ALTER TABLE broadcasts DROP COLUMN broken",
                "ALTER TABLE recipients DROP COLUMN seen", "DELETE FROM grdb_migrations WHERE identifier LIKE '9:%'",
                """
                UPDATE broadcasts SET state = 2,
                reason = CASE key WHEN 'by hand' THEN 'paused by hand' ELSE 'the audience function failed: x' END
                """,
            ] {
                try db.execute(sql: statement)
            }
        }
        try file.close()
        let old = try await JournalReader(path: files.path).broadcasts(named: nil, limit: 9)
        #expect(old.map(\.isAudienceBroken) == [false, false, false])
        let new = try files.open()
        let records = try await new.broadcasts(named: nil, limit: 9)
        #expect(records.map(\.key) == ["by hand", "draft", "failed"])
        #expect(records.map(\.state) == [.paused, .draft, .paused])
        #expect(records.map(\.isAudienceBroken) == [false, true, true])
        await new.close()
    }

    @Test func aRecipientIsClaimedOnceAndEndsOnce() async throws {
        let id = try await desk.begin(audience: 3)
        #expect(try await desk.claim(id, 1...2).numbers == [1, 2])
        #expect(try await desk.claim(id, 1...3).numbers == [3])
        try await desk.settle(id, 1, .sent)
        try await desk.settle(id, 1, .failed)
        try await desk.settle(id, 2, .unknown)
        try await desk.settle(id, 3, .failed)
        let counts = try await desk.counts(id)
        #expect((counts.sent, counts.unknown, counts.failed, counts.claimed) == (1, 1, 1, 0))
        #expect(try await desk.claim(id, 1...3).numbers == [])
    }

    @Test func anOutcomeOfAnEarlierAttemptChangesNothing() async throws {
        let id = try await desk.begin(audience: 1)
        _ = try await desk.claim(id, 1...1)
        try await desk.settle(id, 1, .failed)
        try await desk.change(.retry(.id(id)))
        #expect(try await desk.claim(id, 1...1).numbers == [1])
        try await desk.settle(id, 1, .sent, attempt: 1)
        #expect(try await desk.counts(id).claimed == 1)
        try await desk.settle(id, 1, .sent, attempt: 2)
        #expect(try await desk.counts(id).sent == 1)
    }

    @Test func nobodyIsClaimedWhileItIsPaused() async throws {
        let id = try await desk.begin(audience: 2)
        try await desk.change(.steer(.id(id), .pause, reason: "look"))
        #expect(try await desk.claim(id, 1...2).numbers == [])
        try await desk.change(.steer(.id(id), .resume, reason: nil))
        #expect(try await desk.claim(id, 1...2).numbers == [1, 2])
    }

    @Test func itIsFinishedOnlyWhenTheRowsAddUp() async throws {
        let id = try await desk.begin(audience: 2)
        _ = try await desk.claim(id, 1...2)
        try await desk.change(.finish(id))
        #expect(try await desk.state(id) == .finishing)
        try await desk.settle(id, 1, .sent)
        try await desk.settle(id, 2, .failed)
        try await desk.change(.finish(id))
        #expect(try await desk.state(id) == .finished)
        try await desk.change(.retry(.id(id)))
        #expect(try await desk.state(id) == .running)
        _ = try await desk.claim(id, 2...2)
        try await desk.settle(id, 2, .sent, attempt: 2)
        try await desk.journal.between { db in
            try db.execute(sql: "DELETE FROM recipients WHERE number = 1")
        }
        await #expect(throws: EffectFailure.self) { try await desk.change(.finish(id)) }
        #expect(try await desk.state(id) == .paused)
    }

    @Test func cancellingSkipsWhoHadNoTurnAndDeletingTakesTheRows() async throws {
        let id = try await desk.begin(audience: 10)
        _ = try await desk.claim(id, 1...2)
        try await desk.settle(id, 1, .sent)
        try await desk.change(.steer(.id(id), .cancel, reason: nil))
        await #expect(throws: EffectFailure.self) { try await desk.change(.steer(.id(id), .delete, reason: nil)) }
        try await desk.change(.clear(id, limit: 5))
        try await desk.change(.clear(id, limit: 5))
        try await desk.settle(id, 2, .sent)
        let counts = try await desk.counts(id)
        #expect((counts.sent, counts.skipped, counts.total) == (2, 8, 10))
        try await desk.change(.steer(.id(id), .delete, reason: nil))
        for _ in 0..<4 { try await desk.change(.clear(id, limit: 5)) }
        #expect(try await desk.journal.recipients(of: id, in: nil, after: 0, limit: 99).isEmpty)
        #expect(try await desk.journal.unfinishedBroadcasts().isEmpty)
    }

    @Test func aFrequencyCapCountsOverAllBroadcastsOfATopicAndNotWhatFailed() async throws {
        var plan = LedgerDesk.plan()
        plan.perClient = SendRate(count: 2, period: .seconds(7 * 86_400))
        var ids: [BroadcastID] = []
        for number in 1...4 {
            plan.name = "b\(number)"
            ids.append(try await desk.begin(plan, audience: 1))
        }
        let day = Duration.seconds(86_400)
        #expect(try await desk.claim(ids[0], 1...1).numbers == [1])
        #expect(try await desk.claim(ids[1], 1...1, at: LedgerDesk.start + day).numbers == [1])
        try await desk.settle(ids[1], 1, .failed)
        #expect(try await desk.claim(ids[2], 1...1, at: LedgerDesk.start + day).numbers == [1])
        #expect(try await desk.claim(ids[3], 1...1, at: LedgerDesk.start + day).numbers == [])
        let skipped = try await desk.journal.recipients(of: ids[3], in: .skipped, after: 0, limit: 9)
        #expect(skipped.first?.reason == "frequency cap")
        plan.name = "b5"
        let later = try await desk.begin(plan, audience: 1)
        #expect(try await desk.claim(later, 1...1, at: LedgerDesk.start + .seconds(8 * 86_400)).numbers == [1])
    }

    @Test func whoHasOptedOutOfTheTopicOrOfAllIsSkipped() async throws {
        let id = try await desk.begin(audience: 4)
        func address(_ number: Int) -> [String] { ["phone:" + LedgerDesk.phone(number)] }
        try await desk.change(.optOut(addresses: address(1), topic: "promo"))
        try await desk.change(.optOut(addresses: address(2), topic: "*"))
        try await desk.change(.optOut(addresses: address(3), topic: "news"))
        try await desk.change(.optOut(addresses: address(4), topic: "*"))
        try await desk.change(.optIn(addresses: address(4), topic: "*"))
        #expect(try await desk.claim(id, 1...4).numbers == [3, 4])
        #expect(try await desk.change(.isOptedOut(addresses: address(2), topic: "promo")) == true)
        #expect(try await desk.change(.isOptedOut(addresses: address(3), topic: "promo")) == false)
        #expect(try await desk.counts(id).skipped == 2)
    }

    @Test func anOptOutCountsAgainstTheBroadcastThatWroteLast() async throws {
        let old = try await desk.begin(LedgerDesk.plan("old"), audience: 1)
        let new = try await desk.begin(LedgerDesk.plan("new"), audience: 1)
        _ = try await desk.claim(old, 1...1)
        _ = try await desk.claim(new, 1...1, at: LedgerDesk.start + .seconds(60))
        for _ in 1...2 { try await desk.change(.optOut(addresses: ["phone:" + LedgerDesk.phone(1)], topic: "*")) }
        #expect(try await desk.journal.broadcast(.id(old))?.optOuts == 0)
        #expect(try await desk.journal.broadcast(.id(new))?.optOuts == 1)
    }

    @Test func aThrottleOfFiftyASecondHoldsOverAMinuteAndOverRestarts() async throws {
        let id = try await desk.begin(audience: 4000)
        var desk = desk
        let paces = [NamedPace("name:autumn", SendRate(count: 50, period: .seconds(1)))]
        var now = LedgerDesk.start
        var next = 1
        var perSecond: [Int] = []
        while now < LedgerDesk.start + .seconds(60) {
            let (claimed, wait) = try await desk.claim(id, next...(next + 9), paces: paces, at: now)
            next += claimed.count
            let second = Int((now - LedgerDesk.start).milliseconds / 1000)
            while perSecond.count <= second { perSecond.append(0) }
            perSecond[second] += claimed.count
            if wait > 0 { now = now + .milliseconds(Int64(max(wait, 50))) }
            if perSecond.count % 6 == 0, perSecond.last == claimed.count {
                await desk.journal.close()
                desk = LedgerDesk(journal: try files.open())
            }
        }
        #expect((2940...3060).contains(next - 1), "\(next - 1) messages: \(perSecond)")
        #expect(perSecond.allSatisfy { $0 <= 76 }, "\(perSecond)")
        await desk.journal.close()
    }

    @Test func aStepThatIsAskedForTwiceChangesTheLedgerOnce() async throws {
        let run = RunRecord(
            id: RunID(rawValue: 5), event: EventID(rawValue: 1), session: SessionID(channel: "shop", id: "1"),
            script: "bot", version: "1", handler: "h", startedAt: LedgerDesk.start)
        let step = StepRecord(
            run: run.id, number: 1, kind: "broadcast:start", session: nil, digest: 7, arguments: .emptyObject,
            location: "bot.lua:1", at: LedgerDesk.start)
        let entry = LedgerEntry(.create(LedgerDesk.plan(), key: "1", starts: true), step: step, at: step.at)
        for _ in 1...2 {
            let results: [JournalEntryResult] = try await withCheckedThrowingContinuation { continuation in
                desk.journal.append(
                    JournalBatch(entries: [.startRun(run), .broadcast(entry)], mayFail: true) { result in
                        continuation.resume(with: result.mapError { $0 as any Error })
                    })
            }
            guard case .stored(let answer)? = results.last else {
                Issue.record("no answer: \(results)")
                continue
            }
            #expect(try JSON(parsing: answer.bytes)["created"] == true)
        }
    }

    @Test func aPlanThatCannotBeReadStandsStillAndTheOthersGoOn() async throws {
        let broken = try await desk.begin(LedgerDesk.plan("old"), audience: 3)
        let whole = try await desk.begin(audience: 2)
        await desk.journal.close()
        try await DatabaseQueue(path: files.path).write { db in
            try db.execute(sql: "UPDATE broadcasts SET plan = '{}' WHERE id = ?", arguments: [broken.rawValue])
        }
        let again = try files.open()
        let records = try await again.unfinishedBroadcasts()
        #expect(records.map(\.id) == [broken, whole])
        #expect(records.map(\.state) == [.paused, .running])
        #expect(records.first?.plan.name == "old")
        #expect(records.first?.reason?.contains("of another release") == true)
        await again.close()
    }

    @Test func oldBroadcastsGoWithAllTheirRowsAndTheirKeysStay() async throws {
        let id = try await desk.begin(audience: 0)
        try await desk.change(.finish(id))
        let young = try await desk.begin(key: "2", audience: 0)
        try await desk.change(.finish(young), at: LedgerDesk.start + .seconds(500))
        let rejecting = try await desk.change(.create(LedgerDesk.plan(), key: "3", starts: true))
        let third = BroadcastID(rawValue: Int64(rejecting["id"]?.int ?? 0))
        try await desk.change(
            .add(third, [], rejected: [RejectedRecord(line: 2, reason: "'12' is no phone number")], position: 1))
        try await desk.change(.closeAudience(third, error: nil))
        try await desk.change(.finish(third))
        let policy = RetentionPolicy(broadcasts: .seconds(1000))
        _ = try await desk.journal.prune(policy, now: LedgerDesk.start + .seconds(1001))
        #expect(try await desk.journal.broadcasts(named: nil, limit: 9).map(\.id) == [young])
        // What was left out names people too.
        #expect(try await desk.journal.unfinishedBroadcasts().map(\.id) == [third])
        try await desk.change(.clear(third, limit: 10))
        #expect(try await desk.journal.rejectedRecords(of: third, after: 0, limit: 9).isEmpty)
        #expect(try await desk.journal.unfinishedBroadcasts().isEmpty)
        let repeated = try await desk.change(.create(LedgerDesk.plan(), key: "1", starts: true))
        #expect(repeated["created"]?.bool == false)
    }
}
