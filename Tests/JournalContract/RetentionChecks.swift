import Moonwire
import Testing

extension JournalContract {
    private static let policy = RetentionPolicy(payloads: .seconds(100), keys: .seconds(200))

    static let retentionChecks = [
        JournalContract("what is old and finished goes, its key later") { journal in
            let event = try await journal.admitted(1)
            let last = try await journal.admitted(2, at: Samples.start + .seconds(1000))
            try await journal.commit(
                .startRun(Samples.run(10, event: event)), .intent(Samples.step(10, 1)),
                Samples.outcome(10, 1, .failure(.unknown("?"))), Samples.finish(10), .finishEvent(event, .handled),
                .startRun(Samples.run(11, event: last)), Samples.finish(11, at: Samples.start + .seconds(1000)),
                .deadLetter(
                    DeadLetter(
                        run: nil, event: event, session: Samples.session(), script: "shop", error: "", at: Samples.start
                    )))
            #expect(try await journal.prune(policy, now: Samples.start + .seconds(50)) == 0)
            #expect(try await journal.prune(policy, now: Samples.start + .seconds(150)) > 0)
            #expect(try await journal.unknownSteps(limit: 10).isEmpty)
            #expect(try await journal.deadLetters(limit: 10).isEmpty)
            guard case .duplicate? = try await journal.commit(Samples.admit(1)).first else {
                Issue.record("the key was forgotten with the payload")
                return
            }
            #expect(try await journal.prune(policy, now: Samples.start + .seconds(250)) > 0)
            guard case .admitted(let again)? = try await journal.commit(Samples.admit(1)).first else {
                Issue.record("the key was kept")
                return
            }
            #expect(again > last)
        },
        JournalContract("nothing that an unfinished run or event needs goes") { journal in
            let trigger = try await journal.admitted(1)
            let answer = try await journal.admitted(2)
            let pending = try await journal.admitted(3)
            let sources = ScriptSources(version: "v1", script: "shop", files: ["main.lua": ""], entry: "main.lua")
            try await journal.commit(
                .version(sources, at: Samples.start),
                .version(ScriptSources(version: "v2", script: "shop", files: [:], entry: ""), at: Samples.start),
                .startRun(Samples.run(10, event: trigger)), .intent(Samples.step(10, 1)),
                Samples.outcome(
                    10, 1,
                    .event(
                        AdmittedEvent(
                            id: answer, event: Samples.event(2), body: EventBody(Samples.event(2)),
                            admittedAt: Samples.start))),
                .intent(Samples.step(10, 2)), .finishEvent(trigger, .handled), .finishEvent(answer, .handled))
            for days in 1...3 {
                _ = try await journal.prune(policy, now: Samples.start + .seconds(days * 86_400))
            }
            let run = try #require(try await journal.interruptedRuns().runs.first)
            #expect(run.trigger.event == Samples.event(1) && run.steps.count == 2)
            #expect(try await journal.sources(of: "v1") == sources)
            #expect(
                try await journal.pendingEvents(after: EventID(rawValue: 0), limit: 9).map(\.admitted.id) == [pending])
            try await journal.commit(Samples.finish(10))
            for days in 10...14 {
                _ = try await journal.prune(policy, now: Samples.start + .seconds(days * 86_400))
            }
            #expect(try await journal.sources(of: "v1") == nil)
            #expect(try await journal.sources(of: "v2") != nil)
        },
        JournalContract("expired keys and full allowances go") { journal in
            _ = try await journal.store("a", .set(Samples.json("1"), ttl: .seconds(10)), step: 1)
            _ = try await journal.store("b", .set(Samples.json("1"), ttl: nil), step: 2)
            _ = try await journal.store("l", .limit(count: 1, period: .seconds(10)), step: 3)
            #expect(try await journal.prune(policy, now: Samples.start + .seconds(9)) == 0)
            #expect(try await journal.prune(policy, now: Samples.start + .seconds(11)) == 2)
            #expect(try await journal.store("b", .get, step: 4).get() == "1")
        },
    ]
}
