import Moonwire
import Testing

extension JournalContract {
    static let runChecks = [
        JournalContract("an unfinished run comes back with its trigger and its steps in order") { journal in
            let event = try await journal.admitted(1)
            let deadline = Samples.start + .seconds(60)
            try await journal.commit(
                .startRun(Samples.run(10, event: event)), .intent(Samples.step(10, 1)),
                Samples.outcome(
                    10, 1, .value(Samples.json(#"{"id":"9"}"#)), nativeID: "9", session: Samples.snapshot()),
                .intent(Samples.step(10, 2, session: nil, deadline: deadline)))
            let run = try #require(try await journal.interruptedRuns().runs.first)
            #expect(run.record.id.rawValue == 10 && run.record.event == event && run.record.handler == "greet")
            #expect(run.record.session == Samples.session() && run.record.version == "v1")
            #expect(run.record.startedAt == Samples.start && run.record.script == "shop")
            #expect(run.trigger.event == Samples.event(1))
            #expect(!run.triggerIsFinished)
            #expect(run.steps.map(\.step.number) == [1, 2])
            let step = run.steps[0].step
            #expect(step.kind == "session:reply" && step.location == "main.lua:1" && step.digest == .max - 1)
            #expect(step.arguments.text == #"{"text":"hi"}"# && step.session == Samples.session())
            let outcome = try #require(run.steps[0].outcome)
            guard case .value(let value) = outcome.result else {
                Issue.record("got \(outcome)")
                return
            }
            #expect(value.text == #"{"id":"9"}"#)
            #expect(outcome.at == Samples.start + .seconds(1))
            #expect(outcome.session == Samples.snapshot())
            #expect(run.steps[1].outcome == nil)
            #expect(run.steps[1].step.session == nil && run.steps[1].step.deadline == deadline)
        },
        JournalContract("every kind of outcome comes back") { journal in
            let (event, answer) = (try await journal.admitted(1), try await journal.admitted(2))
            let typing = Samples.ephemeral()
            let failure = EffectFailure(code: "rejected", message: "no \"such\" inbox", retryable: true, status: 404)
            let results: [StepOutcome.Result] = [
                .none(reason: "timeout"), .failure(failure),
                .event(
                    AdmittedEvent(
                        id: answer, event: Samples.event(2), body: EventBody(Samples.event(2)),
                        admittedAt: Samples.start)),
                .event(
                    AdmittedEvent(
                        id: EventID(rawValue: 0), event: typing, body: EventBody(typing),
                        admittedAt: Samples.start + .seconds(3))),
            ]
            var entries = [JournalEntry.startRun(Samples.run(10, event: event))]
            for (index, result) in results.enumerated() {
                entries += [.intent(Samples.step(10, index + 1)), Samples.outcome(10, index + 1, result)]
            }
            try await journal.commit(entries)
            try await journal.commit(.finishEvent(event, .handled), .finishEvent(answer, .handled))
            let run = try #require(try await journal.interruptedRuns().runs.first)
            #expect(run.triggerIsFinished)
            let outcomes = run.steps.compactMap(\.outcome?.result)
            guard outcomes.count == 4, case .none(let reason) = outcomes[0], case .failure(let back) = outcomes[1],
                case .event(let first) = outcomes[2], case .event(let second) = outcomes[3]
            else {
                Issue.record("got \(outcomes)")
                return
            }
            #expect(reason == "timeout" && back == failure)
            #expect(first.id == answer && first.event == Samples.event(2))
            #expect(second.id.rawValue == 0 && second.event == typing)
            #expect(second.admittedAt == Samples.start + .seconds(3))
        },
        JournalContract("the first outcome of a step stands, and so does the first end of a run") { journal in
            let event = try await journal.admitted(1)
            try await journal.commit(
                .startRun(Samples.run(10, event: event)), .intent(Samples.step(10, 1)),
                Samples.outcome(10, 1, .none(reason: "first")))
            try await journal.commit(Samples.outcome(10, 1, .none(reason: "second"), nativeID: "5"))
            let run = try #require(try await journal.interruptedRuns().runs.first)
            guard case .none(let reason)? = run.steps.first?.outcome?.result else {
                Issue.record("got \(run.steps)")
                return
            }
            #expect(reason == "first")
            #expect(try await journal.recordedNativeIDs(of: Samples.session(), since: Samples.start).isEmpty)
            try await journal.commit(Samples.finish(10, stops: true), Samples.finish(10, .failed))
            #expect(try await journal.pendingEvents(after: EventID(rawValue: 0), limit: 1).first?.isStopped == true)
        },
        JournalContract("unfinished runs come in the order in which they began and leave when they end") { journal in
            let event = try await journal.admitted(1)
            try await journal.commit([12, 10, 11].map { .startRun(Samples.run($0, event: event)) })
            try await journal.commit(Samples.finish(11))
            #expect(try await journal.interruptedRuns().runs.map(\.record.id.rawValue) == [10, 12])
        },
        JournalContract("a pending event names the handlers that are through with it") { journal in
            let (first, second) = (try await journal.admitted(1), try await journal.admitted(2))
            try await journal.commit(
                .startRun(Samples.run(10, event: first, handler: "one")), Samples.finish(10),
                .startRun(Samples.run(11, event: first, handler: "two")), Samples.finish(11, .failed),
                .startRun(Samples.run(12, event: first, handler: "three")),
                .startRun(Samples.run(13, event: second, handler: "one")))
            try await journal.commit(Samples.finish(13, stops: true))
            let pending = try await journal.pendingEvents(after: EventID(rawValue: 0), limit: 10)
            #expect(
                pending.first?.finishedHandlers
                    == [HandlerKey(script: "shop", handler: "one"), HandlerKey(script: "shop", handler: "two")])
            #expect(pending.map(\.isStopped) == [false, true])
        },
        JournalContract("native ids are those of the session's steps begun since then, whatever became of the run") {
            journal in
            let event = try await journal.admitted(1)
            let since = Samples.start + .seconds(10)
            try await journal.commit(
                .startRun(Samples.run(10, event: event)), .startRun(Samples.run(11, event: event)),
                .intent(Samples.step(10, 1, at: Samples.start)), Samples.outcome(10, 1, nativeID: "early"),
                .intent(Samples.step(10, 2, at: since)), Samples.outcome(10, 2, nativeID: "live"),
                .intent(Samples.step(11, 1, at: since)), Samples.outcome(11, 1, nativeID: "ended"),
                .intent(Samples.step(11, 2, at: since, session: "119")), Samples.outcome(11, 2, nativeID: "elsewhere"),
                .intent(Samples.step(11, 3, at: since)), Samples.outcome(11, 3),
                Samples.finish(11, at: since + .seconds(1)))
            #expect(try await journal.recordedNativeIDs(of: Samples.session(), since: since) == ["live", "ended"])
        },
        JournalContract("unknown steps and dead letters are listed newest first") { journal in
            let event = try await journal.admitted(1)
            try await journal.commit(.startRun(Samples.run(10, event: event)))
            for number in 1...3 {
                try await journal.commit(
                    .intent(Samples.step(10, number, at: Samples.start + .seconds(number))),
                    Samples.outcome(10, number, number == 2 ? .value(.null) : .failure(.unknown("no answer"))),
                    .deadLetter(
                        DeadLetter(
                            run: number == 1 ? nil : RunID(rawValue: 10), event: event, session: Samples.session(),
                            script: "shop", error: "main.lua:\(number): boom", at: Samples.start)))
            }
            try await journal.commit(Samples.finish(10))
            let unknown = try await journal.unknownSteps(limit: 10)
            #expect(unknown.map(\.step.step.number) == [3, 1])
            #expect(unknown.first?.run.handler == "greet" && unknown.first?.run.session == Samples.session())
            #expect(try await journal.unknownSteps(limit: 1).count == 1)
            let letters = try await journal.deadLetters(limit: 2)
            #expect(letters.map(\.error) == ["main.lua:3: boom", "main.lua:2: boom"])
            #expect(letters.first?.run?.rawValue == 10 && letters.first?.event == event)
        },
    ]
}
