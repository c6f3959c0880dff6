import Testing

@testable import Moonwire

/// A dialog of twenty questions, ended at every commit and continued by the next process.
struct TwentyQuestionsTests {
    private static let count = 20

    private static let quiz = FakeLoader.Handler(name: "quiz") { event, outcomes in
        let number = outcomes.count / 2 + 1
        if outcomes.count == 2 * count {
            let answers = outcomes.enumerated().filter { $0.offset % 2 == 1 }.map { PassivationTests.told($0.element) }
            return .reply("done " + answers.joined(separator: " "), to: event)
        }
        guard outcomes.count < 2 * count else { return .done }
        return outcomes.count % 2 == 0 ? .reply("question \(number)", to: event) : .suspended(.wait(nil))
    }

    /// The client and the platform: they outlive the process.
    private struct World {
        /// What the client has seen, by the key of the effect: a platform that recognises a repeat.
        var keys: Set<String> = []
        var seen: [String] = []
        /// What the client has written and the journal has admitted.
        var written = 0
        var admitted = 0

        var next: String? {
            if seen.isEmpty { return written == 0 ? "start" : nil }
            return written == seen.count && seen.count <= count ? "a\(seen.count)" : nil
        }
    }

    /// Lets the client and the platform act until nothing is left to do, or the process is dead.
    private func play(_ harness: LaneHarness, _ world: inout World) {
        func isAlive() -> Bool { harness.outbox.with { $0.commits < $0.commitLimit } }
        while isAlive() {
            if !harness.outbox.with({ $0.called }).isEmpty {
                harness.bringBack()
            } else if let delivery = harness.outbox.with({ $0.deliveries.first }) {
                if world.keys.insert(delivery.delivery.key).inserted, let text = harness.sending.first {
                    world.seen.append(text)
                }
                harness.answer()
            } else if let text = world.next {
                world.written += 1
                harness.write(text)
            } else {
                return
            }
        }
    }

    private var settings: EngineSettings {
        EngineSettings(
            loopGuardLimit: 1000, passivation: EngineSettings.Passivation(idle: .seconds(60), ceiling: 0))
    }

    private static let script =
        (1...count).map { "question \($0)" } + [
            "done " + (1...count).map { "a\($0)" }.joined(separator: " ")
        ]

    @Test func withoutAnyCrashTheDialogIsAsWritten() {
        let harness = LaneHarness([Self.quiz], settings: settings)
        var world = World()
        play(harness, &world)
        #expect(world.seen == Self.script)
    }

    @Test(arguments: [false, true]) func wheneverTheProcessDiesTheClientSeesEachQuestionOnce(beforeTheCommit: Bool) {
        let whole = LaneHarness([Self.quiz], settings: settings)
        var undisturbed = World()
        play(whole, &undisturbed)
        let commits = whole.outbox.with { $0.commits }
        #expect(commits > 2 * Self.count)
        for death in 1...commits {
            let harness = LaneHarness([Self.quiz], settings: settings)
            harness.outbox.with { state in
                state.commitLimit = death
                state.losesLastCommit = beforeTheCommit
            }
            var world = World()
            play(harness, &world)
            let next = harness.restart([Self.quiz], settings: settings)
            next.redeliverPending()
            play(next, &world)
            #expect(world.seen == Self.script, "died at commit \(death)")
            #expect(next.tables.interruptedRuns().runs.isEmpty && next.tables.waitingSessions(version: nil).isEmpty)
        }
    }

    @Test func aProcessThatDiesAtEveryCommitStillComesToTheEnd() {
        var world = World()
        var harness = LaneHarness([Self.quiz], settings: settings)
        var deaths = 0
        while world.seen.count <= Self.count || !harness.tables.interruptedRuns().runs.isEmpty, deaths < 1000 {
            // The first commit of a process is that of its versions.
            harness.outbox.with { $0.commitLimit = $0.commits + 1 }
            play(harness, &world)
            deaths += 1
            harness = harness.restart([Self.quiz], settings: settings)
            harness.redeliverPending()
        }
        #expect(world.seen == Self.script)
        #expect(deaths > 2 * Self.count)
    }
}
