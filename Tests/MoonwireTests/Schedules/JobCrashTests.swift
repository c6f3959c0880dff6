import Testing

@testable import Moonwire

/// A job of two messages each hour, ended at every commit and continued by the next process.
struct JobCrashTests {
    private static let ticks = 4
    private static let start = Instant(seconds: 1_000_800)
    private static let declaration = JobDeclaration(
        name: "report", schedule: .every(.seconds(3600)), terms: JobTerms(misfire: .catchUp), location: "fake.lua:1")

    private static func send(_ text: String) -> RunProgress {
        .suspended(
            StepRequest(
                kind: "session:reply", action: .channel(.reply(ChannelEffect.Reply(text: text))),
                session: SessionID(channel: "desk", id: "1"),
                arguments: RawJSON(validated: Array("[\"\(text)\"]".utf8)),
                location: "fake.lua:2"))
    }

    private static var handler: FakeLoader.Handler {
        var filter = EventFilter(events: ["job:report"])
        filter.from = .any
        filter.anyOwner = true
        filter.maxAge = nil
        return FakeLoader.Handler(name: "job:report", filter: filter, job: declaration) { event, outcomes in
            let hours = (event.at.rawValue - start.rawValue) / 3_600_000
            return outcomes.count < 2 ? send("\(hours) \(outcomes.count == 0 ? "a" : "b")") : .done
        }
    }

    /// The operators and the platform: they outlive the process.
    private struct World {
        var keys: Set<String> = []
        var seen: [String] = []
    }

    /// One process: a lane and a board on one journal.
    private final class Process {
        let lane: LaneHarness
        private var board: JobBoard

        /// The first process on an empty journal.
        init() {
            lane = LaneHarness([JobCrashTests.handler])
            lane.outbox.with { $0.now = JobCrashTests.start }
            board = JobBoard()
            commit(board.declare([("fake", JobCrashTests.declaration)], at: now))
        }

        /// What comes after another one.
        init(after last: Process) {
            lane = last.lane.restart([JobCrashTests.handler])
            lane.redeliverPending()
            let tables = lane.tables
            board = JobBoard(Array(tables.jobs.records.values), open: tables.openTicks)
            let lost = JobBoard.lost(among: tables.openTicks, at: now)
            if !lost.isEmpty { commit(lost) }
            let batch = board.declare([("fake", JobCrashTests.declaration)], at: now)
            if !batch.isEmpty { commit(batch) }
        }

        private var now: Instant { lane.outbox.with { $0.now } }
        var isAlive: Bool { lane.outbox.with { $0.commits < $0.commitLimit } }

        private func commit(_ batch: JobBatch) {
            let entries = batch.events.map { JournalEntry.admit(event: $0, body: EventBody($0), at: now) }
            let journal = LaneHarness.InstantJournal(outbox: lane.outbox)
            journal.append(
                JournalBatch(entries: entries + batch.entries.map(JournalEntry.job), mayFail: false) { _ in })
            // The journal answers at once, or never.
            guard isAlive else { return }
            let keys = lane.tables.keys[.host] ?? [:]
            for event in batch.events {
                guard let id = event.key.flatMap({ keys[$0] }) else { continue }
                let admitted = AdmittedEvent(id: id, event: event, body: EventBody(event), admittedAt: now)
                lane.lane.process([.event(PendingEvent(admitted: admitted))])
            }
        }

        /// Lets the time and the platform go on until all ticks are over, or the process is dead.
        func play(_ world: inout World) {
            while isAlive {
                for tick in lane.outbox.with({ state in
                    defer { state.endedTicks = [] }
                    return state.endedTicks
                }) { board.end(tick) }
                let batches = board.advance(at: now)
                if !batches.isEmpty {
                    for batch in batches where isAlive { commit(batch) }
                } else if let delivery = lane.outbox.with({ $0.deliveries.first }) {
                    if world.keys.insert(delivery.delivery.key).inserted, let text = lane.sending.first {
                        world.seen.append(text)
                    }
                    lane.answer()
                } else if now < JobCrashTests.start + .seconds(3600 * JobCrashTests.ticks) {
                    lane.outbox.with { $0.now = $0.now + .seconds(1800) }
                } else {
                    return
                }
            }
        }

        var states: [TickRecord.State] { lane.tables.jobs.ticks(of: "report").map(\.state) }
    }

    private static let script = (1...ticks).flatMap { ["\($0) a", "\($0) b"] }

    @Test func withoutAnyCrashEachTickRunsOnce() {
        let process = Process()
        var world = World()
        process.play(&world)
        #expect(world.seen == Self.script)
        #expect(process.states == Array(repeating: .ran, count: Self.ticks))
    }

    @Test(arguments: [false, true]) func wheneverTheProcessDiesEachTickRunsOnce(beforeTheCommit: Bool) {
        let whole = Process()
        var undisturbed = World()
        whole.play(&undisturbed)
        let commits = whole.lane.outbox.with { $0.commits }
        #expect(commits > 4 * Self.ticks)
        for death in 3...commits {
            let process = Process()
            process.lane.outbox.with { state in
                state.commitLimit = death
                state.losesLastCommit = beforeTheCommit
            }
            var world = World()
            process.play(&world)
            let next = Process(after: process)
            next.play(&world)
            #expect(world.seen == Self.script, "died at commit \(death)")
            #expect(next.states == Array(repeating: .ran, count: Self.ticks), "died at commit \(death)")
        }
    }

    @Test func aHostThatDiesAtEveryCommitStillRunsEachTickOnce() {
        var world = World()
        var process = Process()
        var deaths = 0
        while world.seen.count < Self.script.count || process.states.contains(where: \.isOpen), deaths < 500 {
            process.lane.outbox.with { $0.commitLimit = $0.commits + 1 }
            process.play(&world)
            deaths += 1
            process = Process(after: process)
        }
        #expect(world.seen == Self.script)
        #expect(process.states == Array(repeating: .ran, count: Self.ticks))
        #expect(deaths > 2 * Self.ticks)
    }
}
