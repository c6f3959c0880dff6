import EventJSON
import Foundation
import Logging
import Moonwire
import MoonwireScripts
import SQLiteJournal
import Synchronization
import Testing

/// What scripts are told of broadcasts: in a whole engine on a journal.
struct BroadcastEventTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("news-\(UUID().uuidString)")

    /// Writes each event into the store, which the test reads off the step.
    private static let listener = """
        for _, change in ipairs { "started", "paused", "resumed", "finished", "cancelled" } do
          bot.on("broadcast." .. change, function(event, session)
            local b = event.broadcast
            bot.store:set("told", ("%s %s/%s %s %s of %d sent %d failed %d pending %d %s %s"):format(event.name, b.name, b.key,
              b.state, b.reason or "-", b.audience, b.sent, b.failed, b.pending, b.seconds_left or "-",
              session == nil and event.session == nil))
          end)
        end
        """

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func journal() throws -> SQLiteJournal {
        try SQLiteJournal(path: folder.appendingPathComponent("journal").path)
    }

    private func plan(_ name: String) -> BroadcastPlan {
        BroadcastPlan(
            name: name, script: "bot", version: "1", channel: "desk", topic: "promo", audience: .script,
            message: .template("Hi {name}"))
    }

    private final class Told: Sendable {
        private let texts = Mutex<[String]>([])
        private let unmatched = Mutex(0)

        var all: [String] { texts.withLock { $0 } }
        var unmatchedCount: Int { unmatched.withLock { $0 } }

        var observer: EngineObserver {
            EngineObserver { notice in
                switch notice {
                case .stepped(_, let request, _) where request.kind == "bot.store:set":
                    let value = (try? JSON(parsing: request.arguments.bytes))?["value"]?.string
                    self.texts.withLock { $0.append(value ?? request.arguments.text) }
                case .unmatched: self.unmatched.withLock { $0 += 1 }
                default: break
                }
            }
        }
    }

    /// Runs a host while `body` goes on. May be called again, as after a restart.
    private func host(_ script: String, _ told: Told, _ body: (Engine) async throws -> Void) async throws {
        let journal = try journal()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let engine = Engine(
            channels: [], journal: journal, loader: LuaScriptLoader(ScriptEnvironment(logger: logger)), jobs: journal,
            observer: told.observer, logger: logger)
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

    private func id(_ answer: JSON) -> BroadcastID { BroadcastID(rawValue: Int64(answer["id"]?.int ?? 0)) }

    @Test func aScriptIsToldOfEachChangeInItsOrderWithTheFigures() async throws {
        let told = Told()
        try await host(Self.listener, told) { engine in
            let autumn = id(try await engine.changeBroadcasts(.create(plan("autumn"), key: "1", starts: true)))
            for steering in [LedgerOperation.Steering.pause, .resume, .pause, .cancel] {
                _ = try await engine.changeBroadcasts(
                    .steer(.id(autumn), steering, reason: steering == .pause ? "by hand" : nil))
            }
            try await wait("five changes are told") { told.all.count == 5 }
            let winter = id(try await engine.changeBroadcasts(.create(plan("winter"), key: "2", starts: true)))
            _ = try await engine.changeBroadcasts(.closeAudience(winter, error: nil))
            try await wait("the other one is over") { told.all.count == 7 }
        }
        #expect(
            told.all == [
                "broadcast.started autumn/1 running - of 0 sent 0 failed 0 pending 0 - true",
                "broadcast.paused autumn/1 paused by hand of 0 sent 0 failed 0 pending 0 - true",
                "broadcast.resumed autumn/1 running - of 0 sent 0 failed 0 pending 0 - true",
                "broadcast.paused autumn/1 paused by hand of 0 sent 0 failed 0 pending 0 - true",
                "broadcast.cancelled autumn/1 cancelled - of 0 sent 0 failed 0 pending 0 - true",
                "broadcast.started winter/2 running - of 0 sent 0 failed 0 pending 0 - true",
                "broadcast.finished winter/2 finished - of 0 sent 0 failed 0 pending 0 - true",
            ])
    }

    @Test func whatAProcessCouldNotTellTheNextOneTellsOnce() async throws {
        let left = try journal()
        let entry = JournalEntry.broadcast(
            LedgerEntry(.create(plan("autumn"), key: "1", starts: true), at: HostClock.system.now))
        _ = try await withCheckedThrowingContinuation { continuation in
            left.append(JournalBatch(entries: [entry], mayFail: true) { continuation.resume(with: $0) })
        }
        await left.close()
        let told = Told()
        try await host(Self.listener, told) { _ in
            try await wait("it is told after the start") { !told.all.isEmpty }
        }
        try await host(Self.listener, told) { engine in
            _ = try await engine.changeBroadcasts(.steer(.named("autumn", key: nil), .pause, reason: nil))
            try await wait("the next change is told") { told.all.contains { $0.hasPrefix("broadcast.paused") } }
        }
        #expect(told.all.map { $0.prefix { $0 != " " } } == ["broadcast.started", "broadcast.paused"])
    }

    @Test func nobodyNeedListen() async throws {
        let told = Told()
        try await host("bot.on('message.created', function() end)", told) { engine in
            let autumn = id(try await engine.changeBroadcasts(.create(plan("autumn"), key: "1", starts: true)))
            _ = try await engine.changeBroadcasts(.steer(.id(autumn), .cancel, reason: nil))
            let reader = try JournalReader(path: folder.appendingPathComponent("journal").path)
            try await wait("all has been told") { try await reader.untoldChanges(limit: 9).isEmpty }
            _ = await engine.status()
        }
        #expect(told.unmatchedCount == 0)
    }
}
