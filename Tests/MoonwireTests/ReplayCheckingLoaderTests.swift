import Moonwire
import Synchronization
import Testing

struct ReplayCheckingLoaderTests {
    private final class Log: Sendable {
        private let stored: Mutex<[ReplayDifference]> = Mutex([])
        var all: [ReplayDifference] { stored.withLock { $0 } }
        func add(_ difference: ReplayDifference) { stored.withLock { $0.append(difference) } }
    }

    private let log = Log()
    private let run = RunID(rawValue: 1)

    /// An instance whose replays follow another program.
    private func instance(
        _ live: @escaping FakeScript.Program, rebuilt: @escaping FakeScript.Program, mostSteps: Int = 200
    ) throws -> any ScriptInstance {
        let log = log
        let loader = ReplayCheckingLoader(
            FakeLoader(handlers: [.init(name: "live", program: live)]),
            rebuilding: FakeLoader(handlers: [.init(name: "rebuilt", program: rebuilt)]), mostSteps: mostSteps,
            report: { log.add($0) })
        return try loader.instantiate(FakeLoader.sources)
    }

    private func begin(_ instance: any ScriptInstance, recordedSteps: Int = 0) {
        let event = Event(
            name: "message.created", native: "n", key: "k", id: "e", at: Instant(milliseconds: 0),
            channel: ChannelID("shop"), platform: .hoory, role: .operator, session: nil)
        let admitted = AdmittedEvent(
            id: EventID(rawValue: 1), event: event, body: EventBody(event), admittedAt: Instant(milliseconds: 0))
        _ = instance.start(
            RunStart(
                run: run, handler: 0, event: admitted, at: Instant(milliseconds: 0), recordedSteps: recordedSteps))
    }

    private func goOn(_ instance: any ScriptInstance, times: Int) {
        for _ in 0..<times {
            _ = instance.resume(run, with: StepOutcome(result: .value(.null), at: Instant(milliseconds: 1)))
        }
    }

    /// Speaks the number of each step; says something else from a step on, and ends after another.
    private static func program(otherFrom other: Int = .max, endsAfter last: Int = .max) -> FakeScript.Program {
        { event, outcomes in
            let step = outcomes.count + 1
            if step > last { return .done }
            return .reply(step >= other ? "other" : "\(step)", to: event)
        }
    }

    @Test func aDifferenceIsReportedOnceAtItsStep() throws {
        let instance = try instance(Self.program(), rebuilt: Self.program(otherFrom: 3))
        begin(instance)
        goOn(instance, times: 6)
        #expect(log.all.map(\.step) == [3])
        #expect(log.all.first?.handler == "live" && log.all.first?.location == "fake.lua:1")
    }

    @Test func anEndInsteadOfAStepIsADifference() throws {
        let instance = try instance(Self.program(endsAfter: 2), rebuilt: Self.program())
        begin(instance)
        goOn(instance, times: 2)
        #expect(log.all.map { "\($0.step) \($0.live)" } == ["3 ends"])
    }

    @Test func stepsThatTheEngineComparesItselfAreLeftToIt() throws {
        let instance = try instance(Self.program(), rebuilt: Self.program(otherFrom: 2))
        begin(instance, recordedSteps: 3)
        goOn(instance, times: 2)
        #expect(log.all.isEmpty)
        goOn(instance, times: 1)
        #expect(log.all.map(\.step) == [2])
    }

    @Test func longRunsAreFollowedToALimit() throws {
        let instance = try instance(Self.program(), rebuilt: Self.program(otherFrom: 5), mostSteps: 4)
        begin(instance)
        goOn(instance, times: 10)
        #expect(log.all.isEmpty)
    }

    @Test func whatDependsOnTheMachineIsNoDifference() throws {
        let spent: FakeScript.Program = { event, outcomes in
            outcomes.isEmpty
                ? .reply("1", to: event) : .failed(ScriptFailure(kind: .cpu, message: "fake.lua:1: too long"))
        }
        for (live, rebuilt) in [(spent, Self.program()), (Self.program(), spent)] {
            let instance = try instance(live, rebuilt: rebuilt)
            begin(instance)
            goOn(instance, times: 1)
        }
        #expect(log.all.isEmpty)
    }
}
