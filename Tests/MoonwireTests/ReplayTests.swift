import Testing

@testable import Moonwire

struct ReplayTests {
    private let three = FakeLoader.Handler(name: "three") { event, outcomes in
        outcomes.count < 3 ? .reply("part \(outcomes.count + 1)", to: event) : .done
    }

    /// What the journal holds of a run of `three` that got as far as `outcomes`, and began one more step if asked.
    private func recorded(
        _ harness: LaneHarness, outcomes: Int, begun: Bool, texts: (Int) -> String = { "part \($0)" },
        handler: String = "three"
    ) -> RecordedRun {
        let event = harness.event("hello")
        let trigger = harness.admit(event)
        let record = RunRecord(
            id: RunID(rawValue: 7), event: trigger.id, session: event.sessionID, script: "fake", version: "v1",
            handler: handler, startedAt: event.at)
        let steps = (1...3).prefix(outcomes + (begun ? 1 : 0)).map { number in
            let request = StepRequest.reply(texts(number), to: event)
            return RecordedStep(
                step: StepRecord(
                    run: record.id, number: number, kind: request.kind, session: request.session,
                    digest: request.digest, arguments: request.arguments, location: request.location, at: event.at),
                outcome: number <= outcomes ? StepOutcome(result: .value(.null), at: event.at) : nil)
        }
        return RecordedRun(record: record, trigger: trigger, triggerIsFinished: false, steps: steps)
    }

    @Test(arguments: 0...3) func aRunGoesOnAfterItsRecordedSteps(outcomes: Int) {
        let harness = LaneHarness([three])
        harness.lane.process([
            .recover(
                LaneMessage.Recovery(
                    interrupted: RecoveredRuns(runs: [recorded(harness, outcomes: outcomes, begun: false)])))
        ])
        var sent: [String] = []
        while let text = harness.sending.first {
            sent.append(text)
            harness.answer()
        }
        #expect(sent == (0..<3).dropFirst(outcomes).map { "part \($0 + 1)" })
        #expect(harness.lane.runs.isEmpty)
        #expect(harness.finishedEvents.map(\.1) == [.handled])
    }

    @Test(arguments: 0...2) func aStepWithoutOutcomeIsSettledBeforeTheRunGoesOn(outcomes: Int) throws {
        let harness = LaneHarness([three])
        harness.lane.process([
            .recover(
                LaneMessage.Recovery(
                    interrupted: RecoveredRuns(runs: [recorded(harness, outcomes: outcomes, begun: true)])))
        ])
        let delivery = try #require(harness.outbox.with { $0.deliveries.first })
        #expect(delivery.isInDoubt)
        #expect(delivery.step == outcomes + 1)
        #expect(delivery.delivery.key == "mw-7-\(outcomes + 1)", "the same key as before the crash")
    }

    @Test func aHandlerThatNowDoesSomethingElseIsStoppedWithBothStepsShown() throws {
        let harness = LaneHarness([three])
        let run = recorded(harness, outcomes: 2, begun: false, texts: { "old \($0)" })
        harness.lane.process([.recover(LaneMessage.Recovery(interrupted: RecoveredRuns(runs: [run])))])
        harness.write("next")
        let letter = try #require(
            harness.entries.compactMap { if case .deadLetter(let letter) = $0 { letter.error } else { nil } }.first)
        #expect(letter.contains(#"["old 1"] at fake.lua:1"#))
        #expect(letter.contains(#"["part 1"] at fake.lua:1"#))
        #expect(harness.sending == ["part 1"], "the session goes on with its next event")
    }

    @Test func aHandlerThatNowEndsEarlyIsAMismatchToo() {
        let harness = LaneHarness([FakeLoader.Handler(name: "three") { _, _ in .done }])
        harness.lane.process([
            .recover(
                LaneMessage.Recovery(interrupted: RecoveredRuns(runs: [recorded(harness, outcomes: 1, begun: false)])))
        ])
        #expect(harness.entries.contains { if case .deadLetter = $0 { true } else { false } })
        #expect(harness.lane.runs.isEmpty)
    }

    @Test func aRunWhoseHandlerIsGoneIsKeptForTheOpsTeam() {
        let harness = LaneHarness([three])
        let run = recorded(harness, outcomes: 1, begun: false, handler: "gone")
        harness.lane.process([.recover(LaneMessage.Recovery(interrupted: RecoveredRuns(runs: [run])))])
        #expect(harness.entries.contains { if case .deadLetter = $0 { true } else { false } })
        #expect(harness.finishedEvents.map(\.1) == [.failed])
    }

    @Test func handlersBehindTheRecoveredOneStillGetTheEvent() {
        let after = FakeLoader.Handler(name: "after", priority: -1) { event, outcomes in
            outcomes.isEmpty ? .reply("after", to: event) : .done
        }
        let harness = LaneHarness([three, after])
        harness.lane.process([
            .recover(
                LaneMessage.Recovery(interrupted: RecoveredRuns(runs: [recorded(harness, outcomes: 3, begun: false)])))
        ])
        #expect(harness.sending == ["after"])
    }

    @Test func aRunThatWaitsLeavesTheSessionToTheOneThatWasSending() throws {
        let waiting = FakeLoader.Handler(name: "waiting") { _, outcomes in
            outcomes.isEmpty ? .suspended(.wait(nil)) : .done
        }
        let harness = LaneHarness([three, waiting])
        let sending = recorded(harness, outcomes: 0, begun: true)
        let event = harness.admit(harness.event("later"))
        let request = StepRequest.wait(nil)
        let record = RunRecord(
            id: RunID(rawValue: 8), event: event.id, session: event.event.sessionID, script: "fake", version: "v1",
            handler: "waiting", startedAt: event.event.at)
        let step = StepRecord(
            run: record.id, number: 1, kind: request.kind, session: nil, digest: request.digest,
            arguments: request.arguments, location: request.location, at: event.event.at)
        let second = RecordedRun(
            record: record, trigger: event, triggerIsFinished: true, steps: [RecordedStep(step: step, outcome: nil)])
        harness.lane.process([.recover(LaneMessage.Recovery(interrupted: RecoveredRuns(runs: [sending, second])))])
        harness.write("next")
        #expect(harness.sending == ["part 1"], "nothing else begins while the first reply is in doubt")
    }
}
