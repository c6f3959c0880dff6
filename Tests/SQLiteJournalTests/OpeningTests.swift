import Foundation
import GRDB
import JournalContract
import Moonwire
import SQLiteJournal
import Testing

@Suite struct OpeningTests {
    private let files: TemporaryJournal

    init() throws {
        files = try TemporaryJournal()
    }

    @Test func whatWasCommittedIsThereAfterReopening() async throws {
        let journal = try files.open()
        let event = try await journal.admitted(1)
        try await journal.commit(
            .startRun(Samples.run(10, event: event)), .intent(Samples.step(10, 1)),
            .cursor(channel: Samples.channel, cursor: Cursor(key: "", value: [7])))
        await journal.close()
        let again = try files.open()
        #expect(try await again.interruptedRuns().runs.first?.steps.count == 1)
        #expect(try await again.cursors(of: Samples.channel) == ["": [7]])
        guard case .duplicate? = try await again.commit(Samples.admit(1)).first else {
            Issue.record("the key was forgotten")
            return
        }
        #expect(try await again.admitted(2) > event)
        await again.close()
    }

    /// The handlers' ends are found by their place behind the event, so a reopened journal must count on from there.
    @Test func finishedHandlersAreKnownAcrossReopening() async throws {
        let journal = try files.open()
        let first = try await journal.admitted(1)
        try await journal.commit(.startRun(Samples.run(10, event: first)), Samples.finish(10))
        await journal.close()
        let again = try files.open()
        let second = try await again.admitted(2)
        try await again.commit(.startRun(Samples.run(11, event: second, handler: "two")), Samples.finish(11))
        let pending = try await again.pendingEvents(after: EventID(rawValue: 0), limit: 10)
        #expect(pending.map(\.finishedHandlers.first?.handler) == ["greet", "two"])
        await again.close()
    }

    @Test func closingCommitsWhatWasAppended() async throws {
        let journal = try files.open()
        for number in 0..<1000 {
            journal.append(JournalBatch(entries: [Samples.admit(number)], mayFail: false) { _ in })
        }
        await journal.close()
        let again = try files.open()
        #expect(try await again.pendingEvents(after: EventID(rawValue: 0), limit: 2000).count == 1000)
        await again.close()
    }

    @Test func onlyItsOwnerMayReadTheFile() async throws {
        let journal = try files.open()
        try await journal.commit(Samples.admit(1))
        for suffix in ["", "-wal", "-shm", ".lock"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: files.path + suffix)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
        }
        await journal.close()
    }

    @Test func aSecondOpeningIsRefusedUntilTheFirstIsClosed() async throws {
        let journal = try files.open()
        let error = #expect(throws: JournalError.self) { try files.open() }
        #expect(error?.code == .locked)
        #expect(error?.message.contains(files.path) == true)
        try await journal.commit(Samples.admit(1))
        await journal.close()
        await (try files.open()).close()
    }

    @Test func aFileThatIsNoDatabaseIsRefused() throws {
        try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: files.path))
        let error = #expect(throws: JournalError.self) { try files.open() }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains(files.path) == true)
    }

    @Test func aDatabaseOfSomeoneElseIsRefused() throws {
        let other = try DatabaseQueue(path: files.path)
        try other.write { try $0.execute(sql: "CREATE TABLE notes (text TEXT)") }
        try other.close()
        #expect(throws: JournalError.self) { try files.open() }
        #expect(try DatabaseQueue(path: files.path).read { try $0.tableExists("events") } == false)
    }

    @Test func aFileOfALaterReleaseIsRefused() async throws {
        await (try files.open()).close()
        let other = try DatabaseQueue(path: files.path)
        try await other.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99: the future')") }
        try other.close()
        let error = #expect(throws: JournalError.self) { try files.open() }
        #expect(error?.code == .newer)
    }

    @Test func aMissingFolderIsNamed() throws {
        let path = files.folder + "/none/journal.sqlite"
        let error = #expect(throws: JournalError.self) { try SQLiteJournal(path: path) }
        #expect(error?.code == .unreadable)
        #expect(error?.message.contains(path) == true)
    }

    @Test func aDamagedBodyIsReportedWithItsEvent() async throws {
        let journal = try files.open()
        try await journal.commit(Samples.admit(1))
        await journal.close()
        let other = try DatabaseQueue(path: files.path)
        try await other.write { try $0.execute(sql: "UPDATE events SET body = x'7B22'") }
        try other.close()
        let again = try files.open()
        let error = await #expect(throws: JournalError.self) {
            try await again.pendingEvents(after: EventID(rawValue: 0), limit: 1)
        }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("event 1") == true)
        await again.close()
    }
}
