import Testing

@testable import Moonwire

struct RunSizeTests {
    private static func value(_ bytes: Int) -> StepOutcome.Result {
        .value(RawJSON(validated: [0x22] + Array(repeating: 0x61, count: bytes - 2) + [0x22]))
    }

    /// Says what came of its first reply, then ends.
    private let talker = FakeLoader.Handler(name: "talker") { event, outcomes in
        switch outcomes.last?.result {
        case nil: return .reply("first", to: event)
        case .failure(let failure): return .reply(failure.code, to: event)
        default: return outcomes.count < 50 ? .reply("next", to: event) : .done
        }
    }

    private func warnings(_ harness: LaneHarness) -> [String] {
        harness.outbox.with { $0.notices }.compactMap { if case .runGrows(_, let text) = $0 { text } else { nil } }
    }

    @Test func anOutcomeBeyondTheLimitIsAFailureOfItsStep() throws {
        let harness = LaneHarness([talker], settings: EngineSettings(outcomeLimit: 2048))
        harness.write("hi")
        harness.answer(Self.value(2049))
        #expect(harness.sending == ["too_large"])
        let run = try #require(harness.tables.interruptedRuns().runs.first)
        guard case .failure(let failure)? = run.steps.first?.outcome?.result else {
            Issue.record("the journal keeps the failure, not the value")
            return
        }
        #expect(failure.message.contains("session:reply brought 2 KiB, more than the 2 KiB that a step may"))
    }

    @Test func fourFifthsOfTheLimitAreWorthAWarning() {
        let harness = LaneHarness([talker], settings: EngineSettings(outcomeLimit: 2000))
        harness.write("hi")
        harness.answer(Self.value(1600))
        #expect(warnings(harness).isEmpty)
        harness.answer(Self.value(1601))
        #expect(warnings(harness).count == 1)
        #expect(warnings(harness).first?.contains("session:reply at fake.lua:1") == true)
    }

    @Test func aRunThatHoldsTooMuchIsWarnedAboutOnceAndThenEnded() {
        let harness = LaneHarness([talker], settings: EngineSettings(runLimit: 10_000))
        harness.write("hi")
        for _ in 0..<12 where !harness.sending.isEmpty { harness.answer(Self.value(1000)) }
        #expect(warnings(harness).count == 1)
        #expect(harness.tables.dead.first?.error.contains("more than the 9.8 KiB that a run may") == true)
        #expect(harness.lane.runs.isEmpty)
    }

    @Test func theSizeOfARunIsKnownAgainAfterARestart() {
        let settings = EngineSettings(runLimit: 10_000)
        let harness = LaneHarness([talker], settings: settings)
        harness.write("hi")
        for _ in 0..<9 { harness.answer(Self.value(1000)) }
        let next = harness.restart([talker], settings: settings)
        for _ in 0..<2 where !next.sending.isEmpty { next.answer(Self.value(1000)) }
        #expect(next.tables.dead.count == 1)
    }
}
