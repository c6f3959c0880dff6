import Moonwire
import Testing

extension JournalContract {
    static let waitChecks = [
        JournalContract("a run that waits is listed by its session until its wait ends") { journal in
            let event = try await journal.admitted(1)
            try await journal.commit(
                .startRun(Samples.run(10, event: event)), .startRun(Samples.run(11, event: event, session: "119")),
                .startRun(Samples.run(12, event: event)))
            try await journal.commit(
                .wait(Samples.step(10, 1), in: Samples.session()),
                .wait(Samples.step(11, 1, session: nil), in: Samples.session("119")),
                .intent(Samples.step(12, 1)))
            let digests = [SessionDigest(Samples.session()), SessionDigest(Samples.session("119"))]
            #expect(try await Set(journal.waitingSessions(version: nil)) == Set(digests))
            #expect(try await journal.interruptedRuns().runs.map(\.record.id.rawValue) == [12])
            let waiting = try await journal.waitingRuns(of: [digests[0]])
            #expect(waiting.runs.map(\.record.id.rawValue) == [10])
            #expect(waiting.runs.first?.steps.count == 1 && waiting.damaged.isEmpty)
            #expect(try await journal.waitingRuns(of: []).runs.isEmpty)
            try await journal.commit(Samples.outcome(10, 1, .none(reason: "timeout"), endsWait: true))
            #expect(try await journal.waitingSessions(version: nil) == [digests[1]])
            #expect(try await journal.interruptedRuns().runs.map(\.record.id.rawValue) == [10, 12])
        },
        JournalContract("a run that ends in the middle of its wait waits no more") { journal in
            let event = try await journal.admitted(1)
            try await journal.commit(
                .startRun(Samples.run(10, event: event)),
                .wait(Samples.step(10, 1, deadline: Samples.start), in: Samples.session()),
                .finishRun(RunID(rawValue: 10), RunEnd(state: .dead, at: Samples.start, endsWait: true)))
            #expect(try await journal.waitingSessions(version: nil).isEmpty)
            let before = Samples.start + .seconds(1)
            #expect(try await journal.deadlines(after: nil, before: before, limit: 10).isEmpty)
        },
        JournalContract("waits of one version are told from those of another") { journal in
            let event = try await journal.admitted(1)
            try await journal.commit(
                .startRun(Samples.run(10, event: event, version: "v1")),
                .startRun(Samples.run(11, event: event, version: "v2", session: "119")),
                .wait(Samples.step(10, 1), in: Samples.session()),
                .wait(Samples.step(11, 1), in: Samples.session("119")))
            #expect(try await journal.waitingSessions(version: "v2") == [SessionDigest(Samples.session("119"))])
        },
        JournalContract("deadlines come earliest first, a page at a time") { journal in
            let event = try await journal.admitted(1)
            for (run, seconds) in [(10, 30), (11, 10), (12, 20), (13, 20), (14, 90)] {
                try await journal.commit(
                    .startRun(Samples.run(Int64(run), event: event, session: "\(run)")),
                    .wait(
                        Samples.step(Int64(run), 1, deadline: Samples.start + .seconds(seconds)),
                        in: Samples.session("\(run)")))
            }
            try await journal.commit(
                .startRun(Samples.run(15, event: event)), .wait(Samples.step(15, 1), in: Samples.session()))
            let before = Samples.start + .seconds(90)
            let first = try await journal.deadlines(after: nil, before: before, limit: 2)
            #expect(first.map(\.run.rawValue) == [11, 12])
            #expect(first.first?.session == SessionDigest(Samples.session("11")))
            let second = try await journal.deadlines(after: first.last, before: before, limit: 10)
            #expect(second.map(\.run.rawValue) == [13, 10], "one at the limit itself belongs to the next window")
        },
    ]
}
