import EventJSON
import Foundation
import SQLiteJournal
import Testing

@testable import Moonwire

/// What a dry run says of an audience, against what a broadcast then does with it.
struct ForecastTests {
    private let files: TemporaryJournal
    private let desk: LedgerDesk

    init() throws {
        files = try TemporaryJournal()
        desk = LedgerDesk(journal: try files.open())
    }

    private func row(_ phone: Int, email: String? = nil, isSendable: Bool = true) -> ForecastRow {
        let address = "phone:" + LedgerDesk.phone(phone)
        return ForecastRow(
            address: address, addresses: [address] + (email.map { ["email:" + $0] } ?? []), isSendable: isSendable)
    }

    @Test func rowsAreJudgedAsAClaimWouldAndAddUpFromPageToPage() async throws {
        var plan = LedgerDesk.plan("old")
        let old = try await desk.begin(plan, audience: 2)
        _ = try await desk.claim(old, 1...2)
        try await desk.settle(old, 2, .failed)
        try await desk.change(.optOut(addresses: ["phone:" + LedgerDesk.phone(3)], topic: "promo"))
        try await desk.change(.optOut(addresses: ["email:all@example.com"], topic: "*"))
        try await desk.change(.optOut(addresses: ["phone:" + LedgerDesk.phone(4)], topic: "news"))
        plan.perClient = SendRate(count: 1, period: .seconds(7 * 86_400))
        let forecast = try desk.journal.forecast(of: plan, at: LedgerDesk.start + .seconds(60), folds: true)
        let first = try await forecast.verdicts(of: [
            row(1), row(2), row(3), row(4), row(4), row(5, email: "all@example.com"), row(6, isSendable: false),
        ])
        #expect(first == [.capped, .sendable, .optedOut, .sendable, .duplicate, .optedOut, .unsendable])
        // Two numbers of one person are one recipient.
        let second = try await forecast.verdicts(of: [
            row(7, email: "two@example.com"), row(8, email: "two@example.com"), row(2), row(6),
        ])
        #expect(second == [.sendable, .duplicate, .duplicate, .duplicate])
        // In a ledger that an earlier release has filled they are two, and the second message would be one too many.
        let ledger = try desk.journal.forecast(of: plan, at: LedgerDesk.start + .seconds(60), folds: false)
        let pair = [row(7, email: "two@example.com"), row(8, email: "two@example.com")]
        #expect(try await ledger.verdicts(of: pair) == [.sendable, .capped])
        plan.perClient = nil
        let folded = try desk.journal.forecast(of: plan, at: LedgerDesk.start, folds: false)
        #expect(try await folded.verdicts(of: [row(1), row(1)]) == [.sendable, .sendable])
        // Nothing has changed by looking.
        let next = try await desk.begin(plan, key: "2", audience: 2)
        #expect(try await desk.claim(next, 1...2).numbers == [1, 2])
        await desk.journal.close()
    }

    private struct NoScripts: ScriptLoader {
        func instantiate(_ sources: ScriptSources) throws(ScriptFailure) -> any ScriptInstance {
            throw ScriptFailure(kind: .killed, message: "there are no scripts here")
        }
    }

    private func runner(_ timing: DeliveryTiming) -> BroadcastRunner {
        BroadcastRunner(
            BroadcastRunner.Ports(
                journal: desk.journal, ledger: desk.journal, timing: timing, settings: BroadcastSettings(),
                channels: [
                    "shop": ChannelDescriptor(
                        id: "shop", platform: .chatwoot, role: .operator, capabilities: ["open"])
                ], deliver: { _ in false }, admit: { _, _ in }, observer: .silent), loader: NoScripts())
    }

    /// 2026-09-21T14:13:20Z: night in Tokyo, day in Riyadh.
    private var timing: DeliveryTiming {
        DeliveryTiming(clock: HostClock { LedgerDesk.start }, sleep: { _ in }, random: { 0 })
    }

    @Test func aDryRunOfAFileAddsUpAndSaysWhoWaitsForTheMorning() async throws {
        let path = files.folder + "/people.csv"
        let rows = """
            phone,name,tz
            \(LedgerDesk.phone(1)),n,Asia/Tokyo
            \(LedgerDesk.phone(2)),n,Asia/Riyadh
            \(LedgerDesk.phone(2)),n,Asia/Riyadh
            \(LedgerDesk.phone(3)),n,
            \(LedgerDesk.phone(4)),,
            nobody,n,
            \(LedgerDesk.phone(5)),n,
            """
        try Data(rows.utf8).write(to: URL(fileURLWithPath: path))
        var plan = LedgerDesk.plan()
        plan.audience = .csv(path: path, options: CSVOptions())
        plan.quiet = QuietHours("21:00-09:00 client", zone: "UTC")
        try await desk.change(.optOut(addresses: ["phone:" + LedgerDesk.phone(5)], topic: "*"))
        let preview = try await runner(timing).preview(plan, key: nil, limit: 0)
        let outlook = try #require(preview.outlook)
        #expect(preview.isWhole)
        #expect((preview.rows, preview.rejectedCount, preview.duplicates, preview.unwritable) == (6, 1, 1, 1))
        #expect((outlook.optedOut, outlook.capped, outlook.sendable, outlook.waiting) == (1, 0, 3, 1))
        // Nine in the morning in Tokyo.
        #expect(outlook.waitingUntil == 1_790_035_200)
        #expect(preview.messages[2].problem == "comes a second time, and is folded")
        #expect(1 + preview.unwritable + preview.unreachable + outlook.optedOut + outlook.sendable == preview.rows)
        let few = try await runner(timing).preview(plan, key: nil, limit: 2)
        #expect(few.outlook == nil && few.duplicates == nil)
        await desk.journal.close()
    }

    @Test func aDryRunOfABroadcastUnderWayCountsWhatIsLeftOfIt() async throws {
        let id = try await desk.begin(audience: 0)
        let answer = try await desk.change(.create(LedgerDesk.plan(), key: "2", starts: true))
        let other = BroadcastID(rawValue: Int64(answer["id"]?.int ?? 0))
        #expect(other != id)
        try await desk.change(.add(other, LedgerDesk.entries(1...6), rejected: [], position: 6))
        try await desk.change(.closeAudience(other, error: "no list"))
        try await desk.change(.steer(.id(other), .resume, reason: nil))
        try await desk.change(.add(other, LedgerDesk.entries(2...6), rejected: [], position: 5))
        try await desk.change(.closeAudience(other, error: nil))
        _ = try await desk.claim(other, 2...3)
        try await desk.settle(other, 2, .sent)
        let preview = try await runner(timing).preview(LedgerDesk.plan(), key: "2", limit: 0)
        let outlook = try #require(preview.outlook)
        #expect((preview.rows, outlook.done, outlook.leftOut, outlook.sendable) == (6, 2, 1, 3))
        await desk.journal.close()
    }
}
