import Foundation
import LuaRuntime
import Moonwire
import MoonwireScripts
import SQLiteJournal
import Testing

/// What earlier releases wrote must stay what it is: their runs are rebuilt by this one.
struct JournalReleaseTests {
    private func history(_ reader: JournalReader) async throws -> [RunLife] {
        var runs: [RunLife] = []
        var next: RunPage.Next?
        repeat {
            let page = try await reader.runs(of: nil, since: Instant(rawValue: 0), page: next)
            runs += page.runs
            next = page.next
        } while next != nil
        return runs
    }

    @Test func thereIsAJournalOfEachRelease() {
        #expect(ReleasedJournal.all == ["release-0", "release-1"])
    }

    @Test(arguments: ReleasedJournal.all, [false, true])
    func everyRunIsRebuiltWithoutADifference(release: String, isMigrated: Bool) async throws {
        let journal = try ReleasedJournal(release)
        if isMigrated { try await journal.migrate() }
        let reader = try JournalReader(path: journal.path)
        let report = try await ReplayCheck(reader, loader: LuaScriptLoader(journal.environment)).execute()
        #expect(report.findings.map { "\($0.run.handler): \($0.difference)" } == [])
        #expect(report.runs >= 19)
        #expect(report.steps >= 80)
        #expect(report.skipped == 0)
    }

    @Test(arguments: ReleasedJournal.all) func aTamperedStepIsADifference(release: String) async throws {
        let journal = try ReleasedJournal(release)
        let reader = try JournalReader(path: journal.path)
        let loader = LuaScriptLoader(journal.environment)
        for run in try await history(reader) {
            let sources = try #require(try await reader.sources(of: run.record.version))
            let index = run.steps.count / 2
            var steps = run.steps
            let step = steps[index].step
            steps[index] = RecordedStep(
                step: StepRecord(
                    run: step.run, number: step.number, kind: step.kind, session: step.session,
                    digest: step.digest ^ 1, arguments: step.arguments, location: step.location, at: step.at,
                    deadline: step.deadline), outcome: steps[index].outcome)
            let tampered = RunLife(
                record: run.record, trigger: run.trigger, steps: steps, end: run.end, isWhole: true)
            // The host's own step is compared by its kind alone.
            guard step.kind != "host:handover" else { continue }
            guard case .differs(let difference) = try loader.inspect(tampered, sources: sources).end else {
                Issue.record("step \(step.number) of \(run.record.handler) was taken for the recorded one")
                continue
            }
            #expect(difference.number == step.number)
            #expect(difference.recorded.contains(step.location))
        }
    }

    @Test(arguments: ReleasedJournal.all) func waitingRunsShowWhereTheyStand(release: String) async throws {
        let journal = try ReleasedJournal(release)
        let reader = try JournalReader(path: journal.path)
        let loader = LuaScriptLoader(journal.environment)
        let life = try await reader.life(of: SessionID(channel: "desk", id: "12"), since: Instant(rawValue: 0))
        let run = try #require(life.runs.first)
        let sources = try #require(try await reader.sources(of: run.record.version))
        let inspection = try loader.inspect(run, sources: sources)
        let frame = try #require(inspection.frames.first)
        #expect(frame.file == "shop.lua")
        let locals = Dictionary(frame.locals.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        #expect(locals["name"] == "\"Omar\"")
        #expect(locals["count"] == "3")
    }

    @Test(.timeLimit(.minutes(1)), arguments: ReleasedJournal.all) func aHostGoesOnWithWhatWaits(release: String)
        async throws
    {
        let journal = try ReleasedJournal(release)
        let reader = try JournalReader(path: journal.path)
        let events = try await reader.events(
            since: Instant(rawValue: 0), after: EventID(rawValue: 0), limit: 1000)
        // Time goes on where the journal ends, or every wait would have been over for long.
        let pause = HostClock.system.now - (events.last?.admitted.admittedAt ?? Instant(rawValue: 0))
        let clock = HostClock { Instant(rawValue: HostClock.system.now.rawValue - pause.milliseconds) }
        let platform = StagedPlatform(first: 1000, clock: clock)
        let engine = Engine(
            channels: [Engine.ChannelBinding(platform, policy: DeliveryPolicy(requestLimit: .milliseconds(1)))],
            journal: try SQLiteJournal(path: journal.path), loader: LuaScriptLoader(journal.environment),
            outbound: StagedShop(), settings: EngineSettings(drain: .zero),
            timing: DeliveryTiming(clock: clock, sleep: { try await Task.sleep(for: $0) }, random: { 0 }),
            logger: journal.environment.logger)
        let scripts = try JournalMaker.scripts("2")
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await engine.run(installing: scripts) }
            // On version 1 and on version 2.
            platform.write("b", in: "12")
            platform.write("7", in: "21")
            for await text in platform.said where text == "Which colour?" || text == "part 3" {
                if platform.hasSaid("Which colour?", in: "21"), platform.hasSaid("part 3", in: "12") { break }
            }
            group.cancelAll()
            await group.waitForAll()
        }
        #expect(!platform.hasSaid("Which colour?", in: "12"), "what was said before is not said again")
    }

    @Test(arguments: ReleasedJournal.all) func rehearsingTheSecondVersionFindsWhatItChanged(release: String)
        async throws
    {
        let journal = try ReleasedJournal(release)
        let reader = try JournalReader(path: journal.path)
        let newest = try await history(reader).filter { $0.record.script == "shop" }.last {
            $0.record.session.id == "21"
        }
        let second = try #require(try await reader.sources(of: newest?.record.version ?? ""))
        let rehearsal = Rehearsal(
            reader, loader: LuaScriptLoader(journal.environment), scripts: [second], candidate: "shop",
            channels: [StagedPlatform(first: 0).descriptor], changes: StepKind.changesSomething)
        let report = try await rehearsal.execute(since: Instant(rawValue: 0))
        let different = Set(report.reports.filter(\.differs).map(\.session.id))
        #expect(different == ["8", "11", "12", "13"], "dialogs and waits that began on version 1 say it otherwise")
        let lines = report.reports.first { $0.session.id == "13" }?.lines ?? []
        guard lines.count == 3, case .recorded(let before) = lines[0], case .candidate(let after) = lines[1] else {
            Issue.record("got \(lines)")
            return
        }
        #expect(before.arguments == #"{"text":"Your name?"}"# && after.arguments == #"{"text":"What is your name?"}"#)
    }
}
