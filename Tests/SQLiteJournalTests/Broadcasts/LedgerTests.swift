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

    @Test func whoComesTwiceIsFoldedAndAPageThatWasReadBeforeIsLeftOut() async throws {
        let id = try await desk.begin(audience: 0)
        let open = try await desk.change(.create(LedgerDesk.plan(), key: "2", starts: true))
        let other = BroadcastID(rawValue: Int64(open["id"]?.int ?? 0))
        try await desk.change(.add(other, LedgerDesk.entries(1...5), rejected: [], position: 5))
        try await desk.change(.add(other, LedgerDesk.entries(1...5), rejected: [], position: 5))
        try await desk.change(
            .add(
                other, LedgerDesk.entries(4...8), rejected: [RejectedRecord(line: 12, reason: "is no row")],
                position: 11))
        let record = try #require(try await desk.journal.broadcast(.id(other)))
        #expect(record.counts.pending == 8)
        #expect(record.duplicates == 2)
        #expect(record.rejected == 1)
        #expect(record.position == 11)
        let rejected = try await desk.journal.rejectedRecords(of: other, after: 0, limit: 9)
        #expect(rejected == [RejectedRecord(line: 12, reason: "is no row")])
        #expect(try await desk.state(id) == .running)
    }

    @Test func anAudienceThatFailedIsFilledAnewAndWhoIsNotNamedAgainIsSkipped() async throws {
        let answer = try await desk.change(.create(LedgerDesk.plan(), key: "1", starts: true))
        let id = BroadcastID(rawValue: Int64(answer["id"]?.int ?? 0))
        let wrong = [RejectedRecord(line: 4, reason: "is no row")]
        try await desk.change(.add(id, LedgerDesk.entries(1...3), rejected: wrong, position: 4))
        try await desk.change(.closeAudience(id, error: "no list"))
        var record = try #require(try await desk.journal.broadcast(.id(id)))
        #expect(record.state == .paused && record.isAudienceBroken && record.reason == "no list")
        #expect(record.asked == 0)
        try await desk.change(.steer(.id(id), .resume, reason: nil))
        // What still comes of the attempt that failed changes nothing.
        try await desk.change(.closeAudience(id, error: "late", attempt: 0))
        try await desk.change(
            .add(id, LedgerDesk.entries(2...4) + LedgerDesk.entries(3...3), rejected: [], position: 4))
        try await desk.change(.closeAudience(id, error: nil))
        record = try #require(try await desk.journal.broadcast(.id(id)))
        #expect(record.state == .running && !record.isAudienceBroken && record.asked == 1)
        #expect((record.duplicates, record.rejected, record.counts.pending) == (1, 0, 4))
        #expect(try await desk.journal.rejectedRecords(of: id, after: 0, limit: 9).isEmpty)
        #expect(try await desk.claim(id, 1...4).numbers == [2, 3, 4])
        let skipped = try await desk.journal.recipients(of: id, in: .skipped, after: 0, limit: 9)
        #expect(skipped.map(\.reason) == ["the audience did not name it when it was read again"])
    }

    @Test func aFileThatBrokeIsReadAnewBecauseSomebodyMayHaveMendedIt() async throws {
        var plan = LedgerDesk.plan()
        plan.audience = .csv(path: "/people.csv", options: CSVOptions())
        let answer = try await desk.change(.create(plan, key: "1", starts: true))
        let id = BroadcastID(rawValue: Int64(answer["id"]?.int ?? 0))
        let wrong = [RejectedRecord(line: 5, reason: "x")]
        try await desk.change(.add(id, LedgerDesk.entries(1...3), rejected: wrong, position: 4, cursor: "{}"))
        try await desk.change(.closeAudience(id, error: "there is no file"))
        try await desk.change(.steer(.id(id), .resume, reason: nil))
        let record = try #require(try await desk.journal.broadcast(.id(id)))
        #expect((record.asked, record.position, record.rejected) == (1, 0, 0))
        #expect(record.cursor == nil)
        #expect(!record.isAudienceBroken)
    }

    @Test func aPlatformsListThatBrokeIsReadOnFromWhereItWas() async throws {
        var plan = LedgerDesk.plan()
        plan.audience = .clients(labels: [], text: nil)
        let answer = try await desk.change(.create(plan, key: "1", starts: true))
        let id = BroadcastID(rawValue: Int64(answer["id"]?.int ?? 0))
        try await desk.change(.add(id, LedgerDesk.entries(1...3), rejected: [], position: 3, cursor: "2"))
        try await desk.change(.closeAudience(id, error: "the platform is down"))
        try await desk.change(.steer(.id(id), .resume, reason: nil))
        let record = try #require(try await desk.journal.broadcast(.id(id)))
        #expect((record.asked, record.position, record.cursor) == (0, 3, "2"))
        #expect(!record.isAudienceBroken)
    }

    @Test func aDraftThatCouldNotBeReadIsMadeAsTheScriptHasItNow() async throws {
        var plan = LedgerDesk.plan()
        plan.audience = .csv(path: "/poeple.csv", options: CSVOptions())
        let first = try await desk.change(.create(plan, key: "1", starts: false))
        let id = BroadcastID(rawValue: Int64(first["id"]?.int ?? 0))
        try await desk.change(.closeAudience(id, error: "there is no file"))
        plan.audience = .csv(path: "/people.csv", options: CSVOptions())
        plan.version = "2"
        let again = try await desk.change(.create(plan, key: "1", starts: false))
        #expect(again["asks_again"] == true)
        let record = try #require(try await desk.journal.broadcast(.id(id)))
        #expect(record.state == .draft && !record.isAudienceBroken && record.reason == nil)
        #expect(record.plan == plan)
        // Now it is on its way: the same order changes nothing.
        plan.version = "3"
        let late = try await desk.change(.create(plan, key: "1", starts: false))
        #expect(late["asks_again"] == nil)
        #expect(try await desk.journal.broadcast(.id(id))?.plan.version == "2")
    }

    private func entry(_ addresses: String...) -> AudienceEntry {
        AudienceEntry(
            address: addresses.first ?? "", others: Array(addresses.dropFirst()),
            row: AudienceRow(["name": .string(addresses.joined())]).json)
    }

    @Test func whoComesTwiceIsFoundByAnyAddress() async throws {
        let answer = try await desk.change(.create(LedgerDesk.plan(), key: "1", starts: true))
        let id = BroadcastID(rawValue: Int64(answer["id"]?.int ?? 0))
        try await desk.change(.add(id, [entry("p1"), entry("p2", "e2")], rejected: [], position: 2))
        try await desk.change(
            .add(
                id, [entry("e2"), entry("p3", "e2"), entry("p3"), entry("e1", "p1"), entry("e1"), entry("p4", "e4")],
                rejected: [], position: 8))
        var record = try #require(try await desk.journal.broadcast(.id(id)))
        #expect((record.counts.pending, record.duplicates) == (3, 5))
        let rows = try await desk.journal.recipients(of: id, in: nil, after: 0, limit: 9)
        #expect(rows.map(\.address) == ["p1", "p2", "p4"])
        // Another broadcast knows nothing of it.
        let other = try await desk.change(.create(LedgerDesk.plan(), key: "2", starts: true))
        let second = BroadcastID(rawValue: Int64(other["id"]?.int ?? 0))
        try await desk.change(.add(second, [entry("e2")], rejected: [], position: 1))
        record = try #require(try await desk.journal.broadcast(.id(second)))
        #expect((record.counts.pending, record.duplicates) == (1, 0))
        try await desk.change(.steer(.id(id), .cancel, reason: nil))
        try await desk.change(.steer(.id(id), .delete, reason: nil))
        for _ in 0..<9 { try await desk.change(.clear(id, limit: 2)) }
        #expect(try await desk.journal.unfinishedBroadcasts().map(\.id) == [second])
        let left = try await desk.journal.between { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM recipient_addresses")
        }
        #expect(left == 0)
    }

    @Test func whoIsNamedAgainByAnotherAddressKeepsTheRow() async throws {
        let answer = try await desk.change(.create(LedgerDesk.plan(), key: "1", starts: true))
        let id = BroadcastID(rawValue: Int64(answer["id"]?.int ?? 0))
        try await desk.change(.add(id, [entry("p1", "e1")], rejected: [], position: 1))
        try await desk.change(.closeAudience(id, error: "broken"))
        try await desk.change(.steer(.id(id), .resume, reason: nil))
        try await desk.change(
            .add(id, [entry("p2", "e1"), entry("e1"), entry("p1")], rejected: [], position: 3))
        let record = try #require(try await desk.journal.broadcast(.id(id)))
        #expect((record.counts.pending, record.duplicates) == (2, 1))
        let rows = try await desk.journal.recipients(of: id, in: nil, after: 0, limit: 9)
        #expect(rows.map(\.address) == ["p2", "p1"])
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
