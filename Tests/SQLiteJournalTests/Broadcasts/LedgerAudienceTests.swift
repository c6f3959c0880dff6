import EventJSON
import GRDB
import Testing

@testable import Moonwire
@testable import SQLiteJournal

/// How rows come into the ledger.
struct LedgerAudienceTests {
    private let files: TemporaryJournal
    private let desk: LedgerDesk

    init() throws {
        files = try TemporaryJournal()
        desk = LedgerDesk(journal: try files.open())
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
}
