import EventJSON
import Foundation
import Logging
import Moonwire
import MoonwireScripts
import SQLiteJournal
import Synchronization
import Testing

/// Audiences that come from a script, in a whole engine on a journal: what becomes of a broadcast whose rows do not.
struct AudienceRunTests {
    /// A desk that takes every message and remembers whom it was for.
    private final class Desk: Channel {
        let descriptor = ChannelDescriptor(id: "shop", platform: .chatwoot, role: .operator, capabilities: ["open"])
        private let list = Mutex<[String]>([])

        var reached: [String] { list.withLock { $0.sorted() } }

        func run(_ context: ChannelContext) async throws {
            try await Task.sleep(for: .seconds(3600))
        }

        func perform(_ delivery: EffectDelivery) async throws(ChannelError) -> EffectReceipt {
            if case .open(let opening) = delivery.effect, case .person(_, let phone?, _, _) = opening.recipient {
                list.withLock { $0.append(phone) }
            }
            return EffectReceipt(nativeID: "1")
        }

        func reconcile(_ delivery: EffectDelivery, recorded: Set<String>) async -> Reconciliation {
            .undecided("nothing is looked for here")
        }
    }

    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("audience-\(UUID().uuidString)")
    private let desk = Desk()

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private var path: String { folder.appendingPathComponent("journal").path }

    /// Runs a host while `body` goes on. May be called again, as after a restart.
    private func host(
        _ script: String, settings: EngineSettings = EngineSettings(), _ body: (Engine) async throws -> Void
    ) async throws {
        let journal = try SQLiteJournal(path: path)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let environment = ScriptEnvironment(channels: [desk.descriptor], logger: logger)
        let engine = Engine(
            channels: [Engine.ChannelBinding(desk)], journal: journal, loader: LuaScriptLoader(environment),
            settings: settings, logger: logger)
        let sources = ScriptBundle.sources(script: "bot", files: ["bot.lua": script], entry: "bot.lua")
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (ready, tell) = AsyncThrowingStream.makeStream(of: Void.self)
            group.addTask {
                do {
                    try await engine.run(installing: [sources]) { tell.yield() }
                } catch {
                    tell.finish(throwing: error)
                }
            }
            for try await _ in ready { break }
            try await body(engine)
            group.cancelAll()
        }
    }

    private func script(_ audience: String, beside: String = "") -> String {
        """
        local news = bot.broadcast("news", { channel = "shop" })
        news:audience(function()
        \(audience)
        end)
        news:message("hi")
        \(beside)
        """
    }

    private static let target = BroadcastTarget.named("news", key: "1")

    private func begin(_ engine: Engine, starts: Bool = true) async throws {
        let plan = try #require(await engine.broadcastPlans().first)
        _ = try await engine.changeBroadcasts(.create(plan, key: "1", starts: starts))
    }

    /// The broadcast once it has a reason, or has come to a state.
    private func record(_ engine: Engine, _ state: BroadcastState? = nil) async throws -> BroadcastRecord {
        var record: BroadcastRecord?
        try await wait("the broadcast stands still") {
            record = try await engine.broadcastRecord(Self.target)
            return state.map { record?.state == $0 } ?? (record?.reason != nil)
        }
        return try #require(record)
    }

    private static let advice = "moonwire broadcast resume news --key 1"

    @Test func aFunctionThatRaisedIsAskedAgainByAResumeAndNobodyIsCountedOrReachedTwice() async throws {
        let audience = """
              coroutine.yield { phone = "+15550000001" }
              coroutine.yield { phone = "+15550000002" }
              coroutine.yield { name = "nobody" }
              if bot.store:incr("asked") == 1 then
                for number = 1, 200 do coroutine.yield { phone = "+1555100" .. (1000 + number) } end
                error("no list")
              end
              coroutine.yield { phone = "+15550000003" }
              coroutine.yield { phone = "+15550000003" }
            """
        try await host(script(audience)) { engine in
            try await begin(engine)
            let paused = try await record(engine)
            #expect(paused.state == .paused)
            #expect(paused.reason?.contains("bot.lua:8: no list") == true, "\(paused.reason ?? "")")
            #expect(paused.reason?.contains(Self.advice) == true, "\(paused.reason ?? "")")
            _ = try await engine.changeBroadcasts(.steer(Self.target, .resume, reason: nil))
            let finished = try await record(engine, .finished)
            #expect(finished.duplicates == 1)
            #expect(finished.rejected == 1)
            #expect(finished.counts.sent == 3)
            // Whom the function no longer names has no message.
            #expect(finished.counts.skipped == finished.counts.total - 3)
            #expect(finished.counts.skipped > 0)
            #expect(desk.reached == ["+15550000001", "+15550000002", "+15550000003"])
        }
    }

    @Test func aRowThatNoJSONCanSayPausesItAndNamesThePlace() async throws {
        let audience = "coroutine.yield { phone = '+15550000001', oops = function() end }"
        try await host(script(audience)) { engine in
            try await begin(engine)
            let paused = try await record(engine)
            #expect(paused.state == .paused)
            #expect(paused.reason?.contains("bot.lua:1") == true, "\(paused.reason ?? "")")
            #expect(paused.reason?.contains(Self.advice) == true, "\(paused.reason ?? "")")
        }
    }

    @Test func aRunThatIsKilledPausesIt() async throws {
        let audience = "for number = 1, 10 do bot.store:incr('n') end return {}"
        try await host(script(audience), settings: EngineSettings(maxSteps: 5)) { engine in
            try await begin(engine)
            let paused = try await record(engine)
            #expect(paused.state == .paused)
            #expect(paused.reason?.contains("bot.lua:3: the run has taken 5 steps") == true, "\(paused.reason ?? "")")
        }
    }

    @Test func aDraftWhoseAudienceFailsIsMarkedAndStaysADraftWhenItIsAskedAgain() async throws {
        let audience = """
              if bot.store:incr("asked") == 1 then error("no list") end
              coroutine.yield { phone = "+15550000001" }
            """
        try await host(script(audience)) { engine in
            try await begin(engine, starts: false)
            let marked = try await record(engine)
            #expect(marked.state == .draft)
            #expect(marked.reason?.contains("no list") == true)
            _ = try await engine.changeBroadcasts(.steer(Self.target, .resume, reason: nil))
            try await wait("the rows are there") {
                try await engine.broadcastRecord(Self.target)?.isAudienceComplete == true
            }
            let draft = try #require(try await engine.broadcastRecord(Self.target))
            #expect(draft.state == .draft)
            #expect(draft.reason == nil)
            #expect(draft.counts.pending == 1)
            #expect(desk.reached.isEmpty)
            await #expect(throws: EffectFailure.self) {
                _ = try await engine.changeBroadcasts(.steer(Self.target, .resume, reason: nil))
            }
        }
    }

    @Test func aBroadcastThatNoScriptRegistersAnyMoreIsPaused() async throws {
        try await create()
        try await host("bot.on('message.created', function() end)") { engine in
            let paused = try await record(engine)
            #expect(paused.state == .paused)
            #expect(paused.reason?.contains("no script registers the broadcast 'news' any more") == true)
            #expect(paused.reason?.contains("bot.lua:1") == true, "\(paused.reason ?? "")")
            #expect(paused.reason?.contains(Self.advice) == true)
            _ = try await engine.changeBroadcasts(.steer(Self.target, .resume, reason: nil))
            _ = try await record(engine, .paused)
        }
        try await host(script("coroutine.yield { phone = '+15550000001' }")) { engine in
            _ = try await engine.changeBroadcasts(.steer(Self.target, .resume, reason: nil))
            #expect(try await record(engine, .finished).counts.sent == 1)
        }
    }

    @Test func anotherHandlerThatStopsTheEventPausesIt() async throws {
        let greedy = """
            bot.on("broadcast:news", { from = "any", owner = "any" }, function() return bot.stop end, { priority = 100 })
            """
        try await host(script("coroutine.yield { phone = '+15550000001' }", beside: greedy)) { engine in
            try await begin(engine)
            let paused = try await record(engine)
            #expect(paused.state == .paused)
            #expect(paused.reason?.contains("broadcast:news") == true, "\(paused.reason ?? "")")
        }
    }

    @Test func aRunThatWaitsIsGivenItsTime() async throws {
        let audience = """
              coroutine.yield { phone = "+15550000001" }
              bot.sleep("300ms")
              coroutine.yield { phone = "+15550000002" }
            """
        try await host(script(audience)) { engine in
            try await begin(engine)
            let finished = try await record(engine, .finished)
            #expect(finished.reason == nil)
            #expect(finished.counts.sent == 2)
        }
    }

    /// The process ended between the run's bad end and the pause, as an earlier release could leave it.
    @Test func aBadEndThatNobodyDrewTheConclusionFromIsFoundAtTheNextStart() async throws {
        let id = try await create()
        let journal = try SQLiteJournal(path: path)
        let name = "broadcast:news"
        let now = HostClock.system.now
        var event = Event(
            name: name, native: name, key: "\(name):\(id):audience", id: "1", at: now, channel: .host, platform: .host,
            role: .operator)
        event.session = Session(id: SessionID(channel: .host, id: name), status: "open", owner: .bot)
        guard
            case .admitted(let admitted)? = try await append(
                [.admit(event: event, body: EventBody(event), at: now)], journal
            ).first
        else {
            Issue.record("the event was not admitted")
            return
        }
        let run = RunRecord(
            id: RunID(rawValue: 5), event: admitted, session: SessionID(channel: .host, id: name), script: "bot",
            version: "1", handler: name, startedAt: now)
        let error = "bot.lua:3: too much\nstack traceback:\n\tbot.lua:3"
        _ = try await append(
            [
                .startRun(run), .finishRun(run.id, RunEnd(state: .failed, error: error, at: now)),
                .deadLetter(
                    DeadLetter(
                        run: run.id, event: admitted, session: run.session, script: "bot", error: error, at: now)),
                .finishEvent(admitted, .failed),
            ], journal)
        await journal.close()
        try await host(script("coroutine.yield { phone = '+15550000001' }")) { engine in
            let paused = try await record(engine)
            #expect(paused.state == .paused)
            #expect(paused.reason?.contains("bot.lua:3: too much") == true, "\(paused.reason ?? "")")
            #expect(paused.reason?.contains("traceback") == false)
            _ = try await engine.changeBroadcasts(.steer(Self.target, .resume, reason: nil))
            #expect(try await record(engine, .finished).counts.sent == 1)
        }
    }

    /// A broadcast in the journal, before any host runs.
    @discardableResult
    private func create() async throws -> Int {
        let journal = try SQLiteJournal(path: path)
        let plan = BroadcastPlan(
            name: "news", script: "bot", version: "1", channel: "shop", topic: "news", audience: .script,
            message: .template("hi"), location: "bot.lua:1")
        let results = try await append(
            [.broadcast(LedgerEntry(.create(plan, key: "1", starts: true), at: HostClock.system.now))], journal)
        await journal.close()
        guard case .stored(let value)? = results.first else { return 0 }
        return try JSON(parsing: value.bytes)["id"]?.int ?? 0
    }

    private func append(_ entries: [JournalEntry], _ journal: SQLiteJournal) async throws -> [JournalEntryResult] {
        try await withCheckedThrowingContinuation { continuation in
            journal.append(
                JournalBatch(entries: entries, mayFail: true) { result in
                    continuation.resume(with: result.mapError { $0 as any Error })
                })
        }
    }
}
