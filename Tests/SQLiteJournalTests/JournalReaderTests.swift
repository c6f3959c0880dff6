import Foundation
import GRDB
import JournalContract
import Moonwire
import SQLiteJournal
import Testing

struct JournalReaderTests {
    private let files: TemporaryJournal

    init() throws {
        files = try TemporaryJournal()
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: files.folder).sorted() }
    }

    /// A session with an ended and a waiting run, and another session.
    private func fill(_ journal: SQLiteJournal) async throws -> EventID {
        let first = try await journal.admitted(1)
        let answer = try await journal.admitted(2, at: Samples.start + .seconds(10))
        let event = AdmittedEvent(
            id: answer, event: Samples.event(2), body: EventBody(Samples.event(2)), admittedAt: Samples.start)
        try await journal.commit(
            .version(
                ScriptSources(version: "v1", script: "shop", files: ["a.lua": "x"], entry: "a.lua"), at: Samples.start),
            .startRun(Samples.run(10, event: first)), .intent(Samples.step(10, 1)), Samples.outcome(10, 1),
            .wait(Samples.step(10, 2), in: Samples.session()), .finishEvent(first, .handled),
            Samples.outcome(10, 2, .event(event)), .finishEvent(answer, .handled), Samples.finish(10, .failed),
            .deadLetter(
                DeadLetter(
                    run: RunID(rawValue: 10), event: first, session: Samples.session(), script: "shop",
                    error: "it broke", at: Samples.start + .seconds(20))))
        let last = try await journal.admitted(3, at: Samples.start + .seconds(30))
        try await journal.commit(
            .startRun(Samples.run(11, event: last)),
            .wait(
                Samples.step(11, 1, at: Samples.start + .seconds(30), deadline: Samples.start + .seconds(90)),
                in: Samples.session()))
        let other = Samples.event(4, session: "7")
        try await journal.commit(.admit(event: other, body: EventBody(other), at: Samples.start + .seconds(40)))
        return first
    }

    private func check(_ reader: JournalReader) async throws {
        let life = try await reader.life(of: Samples.session(), since: Instant(rawValue: 0))
        #expect(life.events.map(\.admitted.event.id) == ["1", "2", "3"])
        #expect(life.events.map(\.end) == [.handled, .handled, nil])
        #expect(life.runs.map(\.record.id.rawValue) == [10, 11])
        #expect(life.runs.map(\.end?.state) == [.failed, nil])
        #expect(life.runs.map(\.steps.count) == [2, 1])
        #expect(life.runs.map(\.isWhole) == [true, true])
        #expect(life.deadLetters.map(\.error) == ["it broke"])
        guard case .event(let answer)? = life.runs.first?.steps.last?.outcome?.result else {
            Issue.record("the wait's event is missing")
            return
        }
        #expect(answer.event == Samples.event(2))
        #expect(try await reader.sources(of: "v1")?.files == ["a.lua": "x"])
    }

    @Test func aRunningHostsJournalIsReadBesideIt() async throws {
        let journal = try files.open()
        _ = try await fill(journal)
        let before = try names
        let reader = try JournalReader(path: files.path)
        try await check(reader)
        #expect(try names == before)
        try await journal.commit(Samples.admit(9, at: Samples.start + .seconds(50)))
        #expect(
            try await reader.events(since: Samples.start + .seconds(45), after: EventID(rawValue: 0), limit: 9).count
                == 1, "the reader sees what is committed after it was opened")
        await journal.close()
    }

    @Test func aClosedJournalIsReadWithoutCreatingAFile() async throws {
        let journal = try files.open()
        _ = try await fill(journal)
        await journal.close()
        let before = try names
        try await check(try JournalReader(path: files.path))
        #expect(try names == before)
        #expect(!before.contains { $0.hasSuffix("-wal") || $0.hasSuffix("-shm") })
    }

    @Test func aHostThatStartsMeanwhileIsNoticed() async throws {
        let journal = try files.open()
        _ = try await fill(journal)
        await journal.close()
        let reader = try JournalReader(path: files.path)
        let again = try files.open()
        try await again.commit(Samples.admit(9, at: Samples.start + .seconds(50)))
        let events = try await reader.events(
            since: Samples.start + .seconds(45), after: EventID(rawValue: 0), limit: 9)
        #expect(events.map(\.admitted.event.id) == ["9"])
        await again.close()
    }

    @Test func eventsComeInPages() async throws {
        let journal = try files.open()
        for number in 0..<5 { _ = try await journal.admitted(number, at: Samples.start + .seconds(number)) }
        let reader = try JournalReader(path: files.path)
        var (seen, after): ([String], EventID) = ([], EventID(rawValue: 0))
        while true {
            let page = try await reader.events(since: Samples.start + .seconds(1), after: after, limit: 3)
            guard let last = page.last else { break }
            seen += page.map(\.admitted.event.id)
            after = last.admitted.id
        }
        #expect(seen == ["1", "2", "3", "4"])
        await journal.close()
    }

    @Test func runsComeInPagesUnfinishedOnesFirst() async throws {
        let journal = try files.open()
        let event = try await journal.admitted(1)
        var entries: [JournalEntry] = []
        for number in Int64(1)...450 {
            entries.append(.startRun(Samples.run(number, event: event)))
            if number % 2 == 0 { entries.append(Samples.finish(number)) }
        }
        try await journal.commit(entries)
        let reader = try JournalReader(path: files.path)
        var runs: [RunLife] = []
        var next: RunPage.Next?
        repeat {
            let page = try await reader.runs(of: "shop", since: Samples.start, page: next)
            runs += page.runs
            next = page.next
        } while next != nil
        #expect(Set(runs.map(\.record.id.rawValue)) == Set(1...450))
        #expect(runs.prefix(225).allSatisfy { $0.end == nil } && runs.dropFirst(225).allSatisfy { $0.end != nil })
        #expect(try await reader.runs(of: "other", since: Samples.start, page: nil).runs.isEmpty)
        #expect(try await reader.runs(of: nil, since: Samples.start + .seconds(1), page: nil).runs.isEmpty)
        await journal.close()
    }

    @Test func eventsOfOlderRunsAreKnown() async throws {
        let journal = try files.open()
        _ = try await fill(journal)
        let reader = try JournalReader(path: files.path)
        let taken = try await reader.eventsTakenByOlderRuns(since: Samples.start + .seconds(5))
        #expect(taken.map(\.rawValue) == [2])
        #expect(try await reader.eventsTakenByOlderRuns(since: Samples.start).isEmpty)
        await journal.close()
    }

    @Test func aRunWhoseEventRetentionHasTakenIsShownWithoutIt() async throws {
        let journal = try files.open()
        let first = try await fill(journal)
        try await journal.commit(.finishEvent(first, .handled))
        let connection = try DatabaseQueue(path: files.path)
        try await connection.write { try $0.execute(sql: "UPDATE events SET body = NULL WHERE id < 3") }
        let run = try #require(try await JournalReader(path: files.path).run(RunID(rawValue: 10)))
        #expect(run.trigger == nil && !run.isWhole && run.steps.count == 2)
        try connection.close()
        await journal.close()
    }

    @Test func whatIsNoJournalIsRefused() throws {
        #expect(throws: JournalError.self) { try JournalReader(path: files.path) }
        let connection = try DatabaseQueue(path: files.path)
        try connection.write { try $0.execute(sql: "CREATE TABLE other (x)") }
        try connection.close()
        #expect { try JournalReader(path: files.path) } throws: { "\($0)".contains("is not a journal") }
        try Data("nothing".utf8).write(to: URL(fileURLWithPath: files.path))
        #expect { try JournalReader(path: files.path) } throws: { "\($0)".contains("no SQLite database") }
    }

    @Test func aJournalOfALaterReleaseIsRefused() async throws {
        await (try files.open()).close()
        let connection = try DatabaseQueue(path: files.path)
        try await connection.write {
            try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99: from the future')")
        }
        try connection.close()
        #expect { try JournalReader(path: files.path) } throws: { ($0 as? JournalError)?.code == .newer }
    }

    @Test func aLogWithoutItsIndexIsExplained() async throws {
        let journal = try files.open()
        _ = try await fill(journal)
        let copy = try TemporaryJournal()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: files.path + suffix, toPath: copy.path + suffix)
        }
        #expect { try JournalReader(path: copy.path) } throws: { "\($0)".contains("-shm") }
        await journal.close()
    }

    @Test func namesWithMarksOfAddressesAreOrdinaryNames() async throws {
        let path = files.folder + "/a?b#c%20d e.sqlite"
        let journal = try SQLiteJournal(path: path)
        _ = try await fill(journal)
        await journal.close()
        try await check(try JournalReader(path: path))
    }
}
