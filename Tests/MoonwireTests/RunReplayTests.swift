import Testing

@testable import Moonwire

struct RunReplayTests {
    private let two = FakeLoader.Handler(name: "two") { event, outcomes in
        outcomes.count < 2 ? .reply("part \(outcomes.count + 1)", to: event) : .done
    }

    private func life(
        _ texts: [String], answered: Int = .max, end: RunEnd.State? = .done, handler: String = "two",
        isWhole: Bool = true
    ) -> RunLife {
        let harness = LaneHarness([])
        let event = harness.event("hello")
        let trigger = harness.admit(event)
        let record = RunRecord(
            id: RunID(rawValue: 7), event: trigger.id, session: event.sessionID, script: "fake", version: "v1",
            handler: handler, startedAt: event.at)
        let steps = texts.enumerated().map { offset, text in
            let request = StepRequest.reply(text, to: event)
            return RecordedStep(
                step: StepRecord(
                    run: record.id, number: offset + 1, kind: request.kind, session: request.session,
                    digest: request.digest, arguments: request.arguments, location: "old.lua:\(offset + 1)",
                    at: event.at),
                outcome: offset < answered ? StepOutcome(result: .value(.null), at: event.at) : nil)
        }
        return RunLife(
            record: record, trigger: trigger, steps: steps,
            end: end.map { RunEnd(state: $0, error: $0 == .failed ? "it broke\nat home" : nil, at: event.at) },
            isWhole: isWhole)
    }

    private func replay(_ run: RunLife, _ handler: FakeLoader.Handler? = nil) throws -> RunReplay.End {
        var replay = RunReplay(run, in: try FakeLoader(handlers: [handler ?? two]).instantiate(FakeLoader.sources))
        return replay.execute()
    }

    private func difference(_ end: RunReplay.End) throws -> String {
        guard case .differs(let difference) = end else {
            Issue.record("it was taken for the same: \(end)")
            return ""
        }
        return difference.description
    }

    @Test func aRunThatDoesTheSameEndsTheSame() throws {
        guard case .ended = try replay(life(["part 1", "part 2"])) else {
            Issue.record("it was taken for another")
            return
        }
    }

    @Test(arguments: 0...1) func anUnfinishedRunStandsWhereItStood(answered: Int) throws {
        let run = life(Array(["part 1", "part 2"].prefix(answered + 1)), answered: answered, end: nil)
        guard case .suspended(let request, let number) = try replay(run) else {
            Issue.record("it does not stand anywhere")
            return
        }
        #expect(number == answered + 1)
        #expect(request.arguments.text == #"["part \#(answered + 1)"]"#)
    }

    @Test func anotherStepIsShownBesideTheRecordedOne() throws {
        let text = try difference(try replay(life(["part 1", "other"])))
        #expect(text.contains("step 2"))
        #expect(text.contains(#"["other"] at old.lua:2"#))
        #expect(text.contains(#"["part 2"] at fake.lua:1"#))
    }

    @Test func endingEarlyOrGoingOnIsADifference() throws {
        #expect(try difference(try replay(life(["part 1", "part 2", "part 3"]))).contains("now ends"))
        #expect(try difference(try replay(life(["part 1"]))).contains("recorded the run's end"))
    }

    @Test func failingWhereTheRunEndedWellIsADifferenceAndTheOtherWayRound() throws {
        let failing = FakeLoader.Handler(name: "two") { _, _ in
            .failed(ScriptFailure(kind: .runtime, message: "fake.lua:3: broken"))
        }
        #expect(try difference(try replay(life([]), failing)).contains("fake.lua:3: broken"))
        let done = FakeLoader.Handler(name: "two") { _, _ in .done }
        #expect(try difference(try replay(life([], end: .failed), done)).contains("(it broke)"))
        guard case .ended = try replay(life([], end: .failed), failing) else {
            Issue.record("a failure that was recorded is the same")
            return
        }
    }

    @Test func whatCannotBeRebuiltSaysWhy() throws {
        #expect(try difference(try replay(life(["part 1"], handler: "gone"))).contains("no such handler"))
        #expect(try difference(try replay(life(["part 1"], isWhole: false))).contains("retention"))
    }
}
