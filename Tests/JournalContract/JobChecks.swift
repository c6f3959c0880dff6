import Foundation
import Moonwire
import Testing

extension JournalContract {
    private static func job(_ name: String, cron: String = "0 9 * * mon-fri", due: Instant? = Samples.start) throws
        -> JobRecord
    {
        JobRecord(
            script: "shop",
            declaration: JobDeclaration(
                name: name,
                schedule: .cron(try CronExpression(cron), try #require(TimeZone(identifier: "Asia/Riyadh"))),
                terms: JobTerms(misfire: .catchUp, grace: .seconds(90), overlap: .queue, jitter: .seconds(5)),
                location: "main.lua:3"),
            nextDue: due)
    }

    private static func id(_ number: Int, _ job: String = "report") -> TickID {
        TickID(job: job, due: Samples.start + .seconds(number))
    }

    private static func admit(_ id: TickID) -> JournalEntry {
        let event = Event(
            name: TickID.eventName(of: id.job), native: "tick", key: "tick:\(id.job):\(id.due.rawValue)", id: "",
            at: id.due,
            channel: .host, platform: .host, role: .operator)
        return .admit(event: event, body: EventBody(event), at: Samples.start)
    }

    private static func store(_ journal: any Journal) throws -> any JobStore { try #require(journal as? any JobStore) }

    static let jobChecks = [
        JournalContract("a job comes back as it was last kept") { journal in
            let store = try store(journal)
            var report = try job("report")
            let hourly = JobRecord(
                script: "shop",
                declaration: JobDeclaration(name: "hourly", schedule: .every(.seconds(3600)), location: "main.lua:9"),
                nextDue: nil, isPaused: true)
            try await journal.commit(.job(.keep(report)), .job(.keep(hourly)))
            #expect(try await store.jobs() == [hourly, report])
            report.nextDue = Samples.start + .seconds(1)
            report.isRetired = true
            try await journal.commit(.job(.keep(report)))
            #expect(try await store.jobs() == [hourly, report])
        },
        JournalContract("a schedule that nobody here understands is kept as it is, and keeps nobody from the others") {
            journal in
            let store = try store(journal)
            let report = try job("report")
            let source =
                #"{"cron":"0 9 * * *","tz":"Mars/Olympus","misfire":"run_once","overlap":"skip","jitter":0,"at":"a.lua:1"}"#
            let strange = JobRecord(
                script: "shop", declaration: JobDeclaration(name: "strange", journalBytes: Array(source.utf8)),
                nextDue: Samples.start, isPaused: true)
            try await journal.commit(.job(.keep(report)), .job(.keep(strange)))
            #expect(try await store.jobs() == [report, strange])
            let read = try #require(try await store.jobs().last?.declaration)
            #expect(String(decoding: read.journalBytes, as: UTF8.self) == source)
            #expect(read.schedule.next(after: Samples.start) == nil)
            #expect(read.schedule.words.contains("there is no time zone 'Mars/Olympus'"), "\(read.schedule.words)")
        },
        JournalContract("a tick keeps what became of it, and its first end") { journal in
            let store = try store(journal)
            try await journal.commit(
                .job(.tick(TickRecord(id: id(1), state: .missed, count: 3))),
                .job(.tick(TickRecord(id: id(2), state: .running))),
                .job(.started(id(2), RunID(rawValue: 7), at: Samples.start + .seconds(3))),
                .job(.tick(TickRecord(id: id(2), state: .overlapped))),
                .job(.ended(id(2), .failed, note: "no", at: Samples.start + .seconds(4))),
                .job(.ended(id(2), .ran, note: nil, at: Samples.start + .seconds(5))),
                .job(.tick(TickRecord(id: id(2), state: .queued))),
                .job(.tick(TickRecord(id: id(3, "other"), state: .ran))))
            let failed = TickRecord(
                id: id(2), state: .failed, run: RunID(rawValue: 7), startedAt: Samples.start + .seconds(3),
                endedAt: Samples.start + .seconds(4), note: "no")
            let missed = TickRecord(id: id(1), state: .missed, count: 3)
            #expect(
                try await store.ticks(of: "report", before: Samples.start + .seconds(9), limit: 9) == [failed, missed])
            #expect(try await store.ticks(of: "report", before: id(2).due, limit: 9) == [missed])
            #expect(try await store.ticks(of: "report", from: id(1).due, through: id(2).due) == [missed, failed])
            // A person asks for what was missed.
            let again = TickRecord(id: id(1), origin: .backFill, state: .queued)
            try await journal.commit(.job(.tick(again)))
            #expect(try await store.openTicks().map(\.tick) == [again])
        },
        JournalContract("a tick that runs is alive until its event and its run have ended") { journal in
            let store = try store(journal)
            try await journal.commit(
                admit(id(1)), .job(.tick(TickRecord(id: id(1), state: .running))),
                .job(.tick(TickRecord(id: id(2), state: .running))))
            #expect(try await store.openTicks().map(\.isAlive) == [true, false])
            let event = try #require(try await journal.pendingEvents(after: EventID(rawValue: 0), limit: 1).first)
                .admitted
            try await journal.commit(.startRun(Samples.run(10, event: event.id)), .finishEvent(event.id, .handled))
            #expect(try await store.openTicks().map(\.isAlive) == [true, false])
            try await journal.commit(Samples.finish(10))
            #expect(try await store.openTicks().map(\.isAlive) == [false, false])
        },
        JournalContract("old ticks go, but for the newest of each job and those that have not ended") { journal in
            let store = try store(journal)
            try await journal.commit(
                .job(.tick(TickRecord(id: id(1), state: .ran))), .job(.tick(TickRecord(id: id(2), state: .queued))),
                .job(.tick(TickRecord(id: id(3), state: .ran))))
            let policy = RetentionPolicy(payloads: .seconds(10), keys: .seconds(100))
            #expect(try await journal.prune(policy, now: Samples.start + .seconds(1000)) == 1)
            #expect(
                try await store.ticks(of: "report", before: Samples.start + .seconds(9), limit: 9).map(\.id)
                    == [id(3), id(2)])
        },
    ]
}
