import Foundation
import Logging
import Moonwire
import MoonwireScripts
import SQLiteJournal
import Synchronization
import Testing

/// Jobs in a whole engine on a journal, with hand-driven time.
struct JobHostTests {
    private static let start = Instant(seconds: 1_800_000_000)

    /// Time that passes when a test says so.
    private final class Time: Sendable {
        private struct State {
            var now = JobHostTests.start
            var sleepers: [Int: (until: Instant, continuation: CheckedContinuation<Void, any Error>)] = [:]
            var next = 0
        }

        private let state = Mutex(State())

        var timing: DeliveryTiming {
            DeliveryTiming(
                clock: HostClock { self.state.withLock { $0.now } }, sleep: { try await self.sleep($0) },
                random: { 0 })
        }

        /// Lets time pass for a host, which must have gone to sleep: what falls asleep later sleeps its time from then.
        func pass(_ duration: Duration) async {
            while state.withLock({ $0.sleepers.isEmpty }) { await Task.yield() }
            jump(duration)
        }

        func jump(_ duration: Duration) {
            let due = state.withLock { state in
                state.now = state.now + duration
                let due = state.sleepers.filter { $0.value.until <= state.now }
                for key in due.keys { state.sleepers[key] = nil }
                return due.values.map(\.continuation)
            }
            for continuation in due { continuation.resume() }
        }

        private func sleep(_ duration: Duration) async throws {
            let number = state.withLock { state in
                state.next += 1
                return state.next
            }
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    let isOver = state.withLock { state in
                        if Task.isCancelled { return true }
                        state.sleepers[number] = (state.now + duration, continuation)
                        return false
                    }
                    if isOver { continuation.resume(throwing: CancellationError()) }
                }
            } onCancel: {
                let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
                sleeper?.continuation.resume(throwing: CancellationError())
            }
        }
    }

    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("jobs-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Runs a host while `body` goes on, which is given the minutes at which ticks were due whose runs ended. May be
    /// called again, as after a restart.
    private func host(
        _ time: Time, _ script: String, _ body: (Scheduler, inout AsyncStream<Int64>.Iterator) async throws -> Void
    ) async throws {
        let journal = try SQLiteJournal(path: folder.appendingPathComponent("journal").path)
        let (ends, tell) = AsyncStream.makeStream(of: Int64.self)
        let begun = Mutex<[RunID: Int64]>([:])
        let observer = EngineObserver { notice in
            switch notice {
            case .runStarted(let run, let event):
                begun.withLock { $0[run.id] = (event.at.rawValue - Self.start.rawValue) / 60_000 }
            case .runEnded(let run, _):
                if let minutes = begun.withLock({ $0[run.id] }) { tell.yield(minutes) }
            default: break
            }
        }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let engine = Engine(
            channels: [], journal: journal, loader: LuaScriptLoader(ScriptEnvironment(logger: logger)), jobs: journal,
            timing: time.timing, observer: observer, logger: logger)
        let scheduler = try #require(engine.scheduler)
        let sources = ScriptBundle.sources(
            script: "bot", files: ["bot.lua": script], entry: "bot.lua", settings: .emptyObject)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await engine.run(installing: [sources]) } catch is CancellationError {}
            }
            var iterator = ends.makeAsyncIterator()
            while await scheduler.jobs.isEmpty { await Task.yield() }
            try await body(scheduler, &iterator)
            group.cancelAll()
        }
    }

    /// The history of the job once nothing is open any more, oldest first: minutes and states.
    private func history(_ scheduler: Scheduler) async throws -> [String] {
        while try await !scheduler.history.openTicks().isEmpty { await Task.yield() }
        let ticks = try await scheduler.history.ticks(of: "report", before: Self.start + .seconds(99_999), limit: 99)
        return ticks.reversed().map { "\(($0.id.due.rawValue - Self.start.rawValue) / 60_000) \($0.state)" }
    }

    @Test func jobsRunWhenTheyAreDue() async throws {
        let time = Time()
        let script = "bot.job('report', { every = '10m', overlap = 'queue' }, function(tick) bot.store:incr('n') end)"
        try await host(time, script) { scheduler, ends in
            for number in 1...3 {
                await time.pass(.seconds(600))
                let end = await ends.next()
                #expect(end == Int64(number * 10))
            }
            // A job that a person triggers runs once more, at a time of its own.
            let tick = try await scheduler.trigger("report")
            #expect(tick.origin == .manual)
            let end = await ends.next()
            #expect(end == 30)
            let history = try await history(scheduler)
            #expect(history == ["10 ran", "20 ran", "30 ran", "30 ran"])
            let next = await scheduler.jobs.first?.nextDue
            #expect(next == Self.start + .seconds(2400))
        }
    }

    @Test func aFailureIsInTheHistoryWithItsReason() async throws {
        let time = Time()
        try await host(time, "bot.job('report', { every = '10m' }, function(tick) error('no report today') end)") {
            scheduler, ends in
            await time.pass(.seconds(600))
            _ = await ends.next()
            let history = try await history(scheduler)
            #expect(history == ["10 failed"])
            let tick = try await scheduler.history.ticks(of: "report", before: Self.start + .seconds(9999), limit: 1)
                .first
            #expect(tick?.note == "bot.lua:1: no report today" && tick?.run != nil && tick?.startedAt != nil)
        }
    }

    @Test(arguments: [
        ("misfire = 'skip'", ["10 ran", "20 missed", "30 missed", "40 missed", "50 ran"], [Int64]()),
        ("misfire = 'run_once'", ["10 ran", "20 missed", "30 missed", "40 ran", "50 ran"], [40]),
        ("misfire = 'catch_up'", ["10 ran", "20 ran", "30 ran", "40 ran", "50 ran"], [20, 30, 40]),
        ("misfire = 'catch_up', grace = '12m'", ["10 ran", "20 missed", "30 missed", "40 ran", "50 ran"], [40]),
    ])
    func aHostThatWasDownDealsWithWhatItMissed(rule: String, expected: [String], madeUp: [Int64]) async throws {
        // A test hears of the end of a run before the scheduler does, whom the journal tells of it: the next tick waits.
        let script =
            "bot.job('report', { every = '10m', overlap = 'queue', \(rule) }, function(tick) bot.store:incr('n') end)"
        let time = Time()
        try await host(time, script) { _, ends in
            await time.pass(.seconds(600))
            _ = await ends.next()
        }
        time.jump(.seconds(2100))
        try await host(time, script) { scheduler, ends in
            for minute in madeUp {
                let end = await ends.next()
                #expect(end == minute)
            }
            await time.pass(.seconds(300))
            let end = await ends.next()
            #expect(end == 50)
            let history = try await history(scheduler)
            #expect(history == expected)
        }
    }

    /// What a journal with a damaged page does.
    private struct DamagedStore: JobStore {
        private var damage: JournalError { JournalError(.corrupt, "the page is damaged") }

        func jobs() async throws(JournalError) -> [JobRecord] { throw damage }
        func openTicks() async throws(JournalError) -> [OpenTick] { [] }
        func ticks(of job: String, before: Instant, limit: Int) async throws(JournalError) -> [TickRecord] {
            throw damage
        }
        func ticks(of job: String, from: Instant, through: Instant) async throws(JournalError) -> [TickRecord] {
            throw damage
        }
    }

    @Test(.timeLimit(.minutes(1))) func aHostThatCannotReadItsJobsEndsAndSaysWhy() async throws {
        let journal = try SQLiteJournal(path: folder.appendingPathComponent("journal").path)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let engine = Engine(
            channels: [], journal: journal, loader: LuaScriptLoader(ScriptEnvironment(logger: logger)),
            jobs: DamagedStore(), timing: Time().timing, logger: logger)
        let error = await #expect(throws: JournalError.self) { try await engine.run(installing: []) }
        #expect(error.map { "\($0)".contains("the page is damaged") } == true)
    }

    @Test func aScriptThatChangesItsJobsChangesTheHosts() async throws {
        let time = Time()
        try await host(time, "bot.job('report', { every = '10m' }, function(tick) end)") { scheduler, _ in
            let jobs = await scheduler.jobs.map(\.name)
            #expect(jobs == ["report"])
        }
        try await host(time, "bot.job('other', { cron = '@hourly' }, function(tick) end)") { scheduler, _ in
            while await scheduler.jobs.count < 2 { await Task.yield() }
            let jobs = await scheduler.jobs.map(\.isRetired)
            #expect(jobs == [false, true])
        }
    }

    @Test func aBackFillRunsWhatWasMissedOnceAndNotAgain() async throws {
        let time = Time()
        let script = "bot.job('report', { every = '10m' }, function(tick) assert(tick.manual and tick.late > 60) end)"
        try await host(time, script) { _, _ in }
        time.jump(.seconds(2000))
        try await host(time, script) { scheduler, ends in
            while try await scheduler.history.ticks(of: "report", before: Self.start + .seconds(9999), limit: 9).count
                < 3
            {
                await Task.yield()
            }
            let span = (Self.start, Self.start + .seconds(9999))
            let missing = try await scheduler.missing("report", from: span.0 + .seconds(1), through: span.1)
            #expect(missing.count == 3)
            try await scheduler.backFill("report", missing)
            for minute in [10, 20, 30] as [Int64] {
                let end = await ends.next()
                #expect(end == minute)
            }
            let history = try await history(scheduler)
            #expect(history == ["10 ran", "20 ran", "30 ran"])
            let rest = try await scheduler.missing("report", from: span.0 + .seconds(1), through: span.1)
            #expect(rest.isEmpty)
        }
    }
}
