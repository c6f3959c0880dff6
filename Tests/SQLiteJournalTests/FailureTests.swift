import Dispatch
import GRDB
import JournalContract
import Moonwire
import Testing

@testable import SQLiteJournal

@Suite struct FailureTests {
    private let files: TemporaryJournal

    init() throws {
        files = try TemporaryJournal()
    }

    /// As many bytes as make the file grow, or not.
    private static func admit(_ number: Int, bytes: Int) -> JournalEntry {
        var event = Samples.event(number)
        event.raw = Samples.json("\"" + String(repeating: "x", count: bytes) + "\"")
        return .admit(event: event, body: EventBody(event), at: Samples.start)
    }

    @Test func aFullDiskIsToldAtOnceToWhoMayFail() async throws {
        let journal = try files.open()
        try await journal.fill()
        let error = await #expect(throws: JournalError.self) {
            try await journal.commit(Self.admit(1, bytes: 1_000_000))
        }
        #expect(error?.code == .full)
        #expect(error?.message.contains(files.path) == true)
        try await journal.makeRoom()
        try await journal.commit(Self.admit(1, bytes: 1_000_000))
        await journal.close()
    }

    @Test func aBatchThatFailsTakesNoOtherOfItsGroupWithIt() async throws {
        let journal = try files.open()
        try await journal.commit(.cursor(channel: Samples.channel, cursor: Cursor(key: "", value: [0])))
        try await journal.fill()
        let outcomes = Collector<(Int, Bool)>()
        let release = try await journal.holdWriter()
        for (number, bytes) in [(1, 10), (2, 1_000_000), (3, 10)] {
            let entries = [
                JournalEntry.cursor(
                    channel: Samples.channel, cursor: Cursor(key: "\(number)", value: [UInt8(number)])),
                Self.admit(number, bytes: bytes),
            ]
            journal.append(
                JournalBatch(entries: entries, mayFail: true) { result in
                    outcomes.add((number, (try? result.get()) != nil))
                })
        }
        release.signal()
        try await journal.between { _ in }
        #expect(outcomes.values.map(\.0) == [1, 2, 3])
        #expect(outcomes.values.map(\.1) == [true, false, true])
        let pending = try await journal.pendingEvents(after: EventID(rawValue: 0), limit: 9)
        #expect(pending.map(\.admitted.event.id) == ["1", "3"])
        #expect(try await journal.cursors(of: Samples.channel) == ["": [0], "1": [1], "3": [3]])
        await journal.close()
    }

    @Test func whatMustNotFailWaitsInItsPlaceAndNothingOvertakesIt() async throws {
        let journal = try files.open()
        try await journal.fill()
        let order = Collector<String>()
        let release = try await journal.holdWriter()
        journal.append(
            JournalBatch(entries: [Self.admit(1, bytes: 1_000_000)], mayFail: false) { _ in order.add("big") })
        let small = Task { try await journal.commit([Samples.admit(2)], mayFail: true) }
        journal.append(JournalBatch(entries: [Samples.admit(3)], mayFail: false) { _ in order.add("small") })
        release.signal()
        await #expect(throws: JournalError.self) { try await small.value }
        #expect(order.values.isEmpty)
        try await journal.makeRoom()
        try await journal.commit([Samples.admit(4)], mayFail: false)
        #expect(order.values == ["big", "small"])
        let pending = try await journal.pendingEvents(after: EventID(rawValue: 0), limit: 9)
        #expect(pending.map(\.admitted.event.id) == ["1", "3", "4"])
        await journal.close()
    }

    @Test func closingGivesUpOnWhatStillCannotBeWritten() async throws {
        let journal = try files.open()
        try await journal.fill()
        let failures = Collector<JournalError.Code>()
        for number in 1...2 {
            journal.append(
                JournalBatch(entries: [Self.admit(number, bytes: 1_000_000)], mayFail: false) { result in
                    if case .failure(let error) = result { failures.add(error.code) }
                })
        }
        await journal.close()
        #expect(failures.values == [.full, .full])
    }

    @Test func aForeignLockIsNamedAndWaitedFor() async throws {
        let journal = try files.open()
        let other = try DatabaseQueue(path: files.path)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE; COMMIT") }
        let locked = DispatchSemaphore(value: 0)
        let release = DispatchSemaphore(value: 0)
        other.asyncWriteWithoutTransaction { db in
            try? db.inTransaction(.immediate) {
                locked.signal()
                release.wait()
                return .commit
            }
        }
        await locked.waitAsynchronously()
        let error = await #expect(throws: JournalError.self) { try await journal.commit(Samples.admit(1)) }
        #expect(error?.code == .locked)
        let patient = Task { try await journal.commit([Samples.admit(1)], mayFail: false) }
        release.signal()
        guard case .admitted? = try await patient.value.first else {
            Issue.record("the batch was not written")
            return
        }
        await journal.close()
    }

    @Test func aBatchIsWholeOrNotThere() async throws {
        let journal = try files.open()
        try await journal.fill()
        await #expect(throws: JournalError.self) {
            try await journal.commit(Samples.admit(1), Self.admit(2, bytes: 1_000_000))
        }
        #expect(try await journal.pendingEvents(after: EventID(rawValue: 0), limit: 9).isEmpty)
        guard case .admitted? = try await journal.commit(Samples.admit(1)).first else {
            Issue.record("the key of a batch that failed was kept")
            return
        }
        await journal.close()
    }

    @Test(arguments: [Durability.process, .power])
    func theLogIsBegunAnewUnderLoad(_ durability: Durability) async throws {
        let journal = try files.open(durability)
        // Each commit fills a thousand pages or so. Between two of them the second connection may catch up.
        for number in 0..<40 {
            try await journal.commit(Self.admit(number, bytes: 4_000_000))
            _ = try await journal.cursors(of: Samples.channel)
        }
        let log = try files.size("-wal")
        #expect(log > 0 && log < 120_000_000)
        await journal.close()
        let again = try files.open()
        #expect(try await again.pendingEvents(after: EventID(rawValue: 0), limit: 200).count == 40)
        await again.close()
    }
}

extension SQLiteJournal {
    /// Leaves the file room for a few rows.
    func fill() async throws {
        try await between { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages + 20)")
        }
    }

    func makeRoom() async throws {
        try await between { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    }

    /// Keeps the writer busy until the semaphore is signalled, so that what is appended meanwhile makes one group.
    func holdWriter() async throws -> DispatchSemaphore {
        let (holding, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        Task {
            try await between { _ in
                holding.signal()
                release.wait()
            }
        }
        await holding.waitAsynchronously()
        return release
    }
}

extension DispatchSemaphore {
    func waitAsynchronously() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                self.wait()
                continuation.resume()
            }
        }
    }
}
