import EventJSON
import Foundation
import SQLiteJournal
import Testing

@testable import Moonwire

/// Files of audiences that are not what they should be.
struct AudienceRestartTests {
    private let files: TemporaryJournal
    private let journal: SQLiteJournal
    private let desk: LedgerDesk

    init() throws {
        files = try TemporaryJournal()
        journal = try files.open()
        desk = LedgerDesk(journal: journal)
    }

    private var path: String { files.folder + "/people.csv" }

    private func write(_ numbers: [Int]) throws {
        let rows = numbers.map { "\(LedgerDesk.phone($0)),n\($0)\n" }.joined()
        try Data(("phone,name\n" + rows).utf8).write(to: URL(fileURLWithPath: path))
    }

    private func draft(_ name: String, path: String, starts: Bool = false) async throws -> BroadcastID {
        var plan = LedgerDesk.plan(name)
        plan.audience = .csv(path: path, options: CSVOptions())
        let answer = try await desk.change(.create(plan, key: "1", starts: starts))
        return BroadcastID(rawValue: Int64(try #require(answer["id"]?.int)))
    }

    private func record(_ id: BroadcastID) async throws -> BroadcastRecord {
        try #require(try await journal.broadcast(.id(id)))
    }

    private func run(until isEnough: @escaping @Sendable () async throws -> Bool) async throws {
        let channel = ChannelDescriptor(id: "shop", platform: .chatwoot, role: .operator, capabilities: ["open"])
        let runner = BroadcastRunner(
            BroadcastRunner.Ports(
                journal: journal, ledger: journal,
                timing: DeliveryTiming(clock: .system, sleep: { _ in await Task.yield() }, random: { 0.5 }),
                settings: BroadcastSettings(), channels: [channel.id: channel],
                deliver: { item in
                    item.completion(.success(EffectReceipt()))
                    return true
                }, admit: { _, _ in }, observer: .silent), loader: BroadcastCrashTests.NoScripts())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await runner.run() }
            defer { group.cancelAll() }
            while try await !isEnough() { await Task.yield() }
        }
    }

    @Test func aFileThatChangedOverARestartIsReadAnew() async throws {
        try write(Array(1...10))
        let id = try await draft("autumn", path: path)
        // As far as an earlier process came.
        var file = try AudienceFile(path: path, options: CSVOptions())
        let page = try file.next(4, channel: "shop")
        try await desk.change(.add(id, page.entries, rejected: [], position: 4, cursor: page.mark?.text))
        try write(Array((2...11).reversed()))
        let journal = journal
        try await run { try await journal.broadcast(.id(id))?.isAudienceBroken == true }
        var record = try await self.record(id)
        #expect(record.state == .draft)
        #expect(record.counts.pending == 4)
        #expect(
            record.reason == "the file \(path) is not what it was when its first 4 records were read; mend that, then: "
                + "moonwire broadcast resume autumn --key 1, which reads the file from its beginning")
        try await desk.change(.steer(.id(id), .resume, reason: nil))
        try await run { try await journal.broadcast(.id(id))?.isAudienceComplete == true }
        record = try await self.record(id)
        #expect((record.counts.pending, record.duplicates) == (11, 0))
        try await desk.change(.steer(.id(id), .start, reason: nil))
        try await run { try await journal.broadcast(.id(id))?.state == .finished }
        let skipped = try await journal.recipients(of: id, in: .skipped, after: 0, limit: 9)
        #expect(skipped.map(\.address) == ["phone:" + LedgerDesk.phone(1)])
        #expect(try await desk.counts(id).sent == 10)
        await journal.close()
    }

    @Test func aDraftWithoutItsFileStaysADraftAndIsReadAgain() async throws {
        let id = try await draft("late", path: path)
        let journal = journal
        try await run { try await journal.broadcast(.id(id))?.isAudienceBroken == true }
        #expect(try await self.record(id).state == .draft)
        #expect(try await self.record(id).reason?.hasPrefix("there is no file \(path); mend that") == true)
        try write([1, 2])
        #expect(try await draft("late", path: path) == id)
        try await run { try await journal.broadcast(.id(id))?.isAudienceComplete == true }
        let record = try await self.record(id)
        #expect(record.state == .draft)
        #expect((record.counts.pending, record.counts.total) == (2, 2))
        #expect((record.mark?.encoding, record.mark?.delimiter) == ("utf-8", ","))
        await journal.close()
    }

    @Test func aPipeStopsNoOtherBroadcast() async throws {
        let pipe = files.folder + "/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        try write([1, 2, 3])
        let first = try await draft("pipe", path: pipe, starts: true)
        let second = try await draft("autumn", path: path, starts: true)
        let journal = journal
        try await run {
            let states = try await journal.broadcasts(named: nil, limit: 9).map(\.state)
            return Set(states) == [.paused, .finished]
        }
        #expect(try await self.record(first).reason?.hasPrefix("\(pipe) is no regular file") == true)
        #expect(try await desk.counts(second).sent == 3)
        await journal.close()
    }
}
