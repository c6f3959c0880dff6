import EventJSON
import Foundation
import Logging
import MoonwireScripts
import PrometheusMetrics
import SQLiteJournal
import Testing

@testable import Moonwire

/// What a whole engine counts.
struct EngineMetricsTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("count-\(UUID().uuidString)")
    private let registry = MetricsRegistry()

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func lines() -> Set<String> {
        Set(String(decoding: registry.text(), as: UTF8.self).split(separator: "\n").map(String.init))
    }

    private func host(_ script: String, _ body: (Engine) async throws -> Void) async throws {
        let journal = try SQLiteJournal(
            path: folder.appendingPathComponent("journal").path, metrics: CommitMetrics(registry))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let engine = Engine(
            channels: [], journal: journal, loader: LuaScriptLoader(ScriptEnvironment(logger: logger)), jobs: journal,
            metrics: registry, logger: logger)
        let sources = ScriptBundle.sources(
            script: "bot", files: ["bot.lua": script], entry: "bot.lua", settings: .emptyObject)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await engine.run(installing: [sources]) } catch is CancellationError {}
            }
            try await body(engine)
            group.cancelAll()
        }
    }

    private func event(_ name: String, _ key: String) -> Event {
        Event(
            name: name, native: name, key: key, id: key, at: HostClock.system.now, channel: .host, platform: .host,
            role: .operator)
    }

    @Test func eventsRunsAndDeadLettersAreCountedByTheirEnd() async throws {
        let script = """
            bot.on("x:good", function() bot.store:incr("n") end)
            bot.on("x:bad", function() error("no") end)
            """
        try await host(script) { engine in
            let events = [event("x:good", "1"), event("x:bad", "2"), event("x:nobody", "3"), event("x:good", "1")]
            _ = try await engine.admit(events)
            let wanted: Set = [
                #"moonwire_events_admitted_total{channel="host"} 3"#,
                #"moonwire_events_repeated_total{channel="host"} 1"#,
                #"moonwire_events_ended_total{end="handled"} 1"#, #"moonwire_events_ended_total{end="failed"} 1"#,
                #"moonwire_events_ended_total{end="unmatched"} 1"#, "moonwire_runs_started_total 2",
                #"moonwire_runs_ended_total{state="done"} 1"#, #"moonwire_runs_ended_total{state="failed"} 1"#,
                "moonwire_dead_letters_total 1",
            ]
            try await wait("all is counted: \(wanted)") { wanted.isSubset(of: lines()) }
            #expect(!lines().contains("moonwire_journal_entries_total 0"))
        }
    }

    @Test func aRunThatARestartRebuildsIsNotCountedAgain() async throws {
        let script = """
            bot.on("x:start", function(event)
              bot.store:incr("n")
              bot.sleep("1h")
            end)
            """
        try await host(script) { engine in
            _ = try await engine.admit([event("x:start", "1")])
            try await wait("the run waits") { await engine.status().waiting == 1 }
        }
        let before = lines()
        #expect(before.contains("moonwire_runs_started_total 1"))
        try await host(script) { engine in
            _ = try await engine.admit([event("x:nobody", "2")])
            // Whatever comes to the session wakes its run.
            try await wait("the run is back") {
                lines().contains(#"moonwire_events_ended_total{end="unmatched"} 1"#)
            }
        }
        #expect(lines().contains("moonwire_runs_started_total 1"))
        #expect(lines().contains(#"moonwire_events_admitted_total{channel="host"} 2"#))
    }

    @Test func ticksAreCountedByWhatBecameOfThem() async throws {
        let script = """
            bot.job("good", { every = "100h" }, function() end)
            bot.job("bad", { every = "100h" }, function() error("no") end)
            """
        try await host(script) { engine in
            let scheduler = try #require(engine.scheduler)
            try await wait("the jobs are known") { await scheduler.jobs.count == 2 }
            _ = try await scheduler.trigger("good")
            _ = try await scheduler.trigger("bad")
            let wanted: Set = [
                #"moonwire_job_ticks_total{job="good",outcome="ran"} 1"#,
                #"moonwire_job_ticks_total{job="good",outcome="failed"} 0"#,
                #"moonwire_job_ticks_total{job="bad",outcome="failed"} 1"#,
            ]
            try await wait("the ticks are counted") { wanted.isSubset(of: lines()) }
        }
    }

    @Test func whatWasMissedAndHowLateTheLastTickBeganAreTold() {
        let metrics = EngineMetrics(registry)
        let due = Instant(seconds: 1_000_000)
        func tick(_ state: TickRecord.State, _ origin: TickRecord.Origin = .schedule, count: Int = 1) -> JobEntry {
            .tick(TickRecord(id: TickID(job: "report", due: due), origin: origin, state: state, count: count))
        }
        metrics.note([tick(.missed, count: 7), tick(.overlapped), tick(.running)], at: due + .milliseconds(2500))
        // Of a tick that a person asked for nothing can be said.
        metrics.note([tick(.running, .backFill)], at: due + .seconds(9000))
        let lines = lines()
        #expect(lines.contains(#"moonwire_job_ticks_total{job="report",outcome="missed"} 7"#))
        #expect(lines.contains(#"moonwire_job_ticks_total{job="report",outcome="overlapped"} 1"#))
        #expect(lines.contains(#"moonwire_job_last_lateness_seconds{job="report"} 2.5"#))
    }

    @Test func effectsAreCountedByOutcomeAndMeasured() {
        let effects = ChannelMetrics("desk", registry).effects
        for _ in 1...3 { effects.ended(nil, after: .milliseconds(250)) }
        effects.ended(EffectFailure(code: "invalid", message: "no"), after: .milliseconds(500))
        for _ in 1...2 { effects.ended(.unknown("nobody knows"), after: nil) }
        let lines = lines()
        for (outcome, count) in [("done", 3), ("failed", 1), ("unknown", 2)] {
            #expect(lines.contains(#"moonwire_effects_total{channel="desk",outcome="\#(outcome)"} \#(count)"#))
        }
        #expect(lines.contains(#"moonwire_effect_duration_seconds_sum{channel="desk"} 1.25"#))
        #expect(lines.contains(#"moonwire_effect_duration_seconds_count{channel="desk"} 4"#))
    }

    @Test func everythingThatIsCountedHasItsHelp() {
        _ = EngineMetrics(registry, channels: ["desk"])
        EngineMetrics(registry).note(
            [.tick(TickRecord(id: TickID(job: "j", due: Instant(seconds: 1)), state: .missed))], at: Instant(seconds: 1)
        )
        _ = CommitMetrics(registry)
        let counted = lines().filter { $0.hasPrefix("# TYPE moonwire_") }.map { String($0.split(separator: " ")[2]) }
        let known = MetricTexts.engine.map(\.name) + CommitMetrics.texts.map(\.name)
        #expect(Set(counted) == Set(known))
    }
}
