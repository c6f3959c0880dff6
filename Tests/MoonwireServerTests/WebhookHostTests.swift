import Foundation
import GRDB
import Logging
import Moonwire
import MoonwireScripts
import ServiceLifecycle
import Synchronization
import Testing

@testable import MoonwireServer
@testable import SQLiteJournal

/// A script's route before a whole engine, on a journal.
struct WebhookHostTests {
    private static let script = """
        bot.webhook("orders", { auth = bot.secret("TOKEN"), id = { header = "X-Id" } }, function(request)
          bot.store:set(request.id, { request.json.n, request.method, request.headers["x-more"] })
        end)
        """

    private let path = NSTemporaryDirectory() + "moonwire-webhook-\(UUID().uuidString)"

    private func journal() throws -> SQLiteJournal { try SQLiteJournal(path: path) }

    /// Runs an engine with the script, and the server before it, on a journal that may be filled.
    private func host(
        on journal: SQLiteJournal,
        _ use: @escaping @Sendable (RunningServer, AsyncStream<String>) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let secret: @Sendable (String) -> String? = { $0 == "TOKEN" ? "s3cret" : nil }
        let (ends, end) = AsyncStream.makeStream(of: String.self)
        let engine = Engine(
            channels: [], journal: journal, loader: LuaScriptLoader(ScriptEnvironment(secrets: secret, logger: logger)),
            observer: EngineObserver { notice in
                if case .runEnded(let run, let ended) = notice { end.yield("\(run.handler) \(ended)") }
            }, logger: logger)
        let sources = ScriptSources(
            version: "v1", script: "orders", files: ["bot.lua": Self.script], entry: "bot.lua", settings: .emptyObject)
        let (installed, announce) = AsyncStream.makeStream(of: Never.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await engine.run(installing: [sources]) { announce.finish() } } catch is CancellationError {}
            }
            for await _ in installed {}
            let routes = await engine.handlers().compactMap(\.handler.webhook).map { webhook in
                WebhookRoute(webhook, secret: secret) { try await engine.admit($0) }
            }
            #expect(routes.map(\.path) == ["/hooks/orders"])
            try await withServer(routes + [ReadinessRoute { await engine.health() }]) { try await use($0, ends) }
            group.cancelAll()
        }
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func post(_ id: String, _ n: Int, padding: Int = 0, to server: RunningServer) async throws -> Int {
        try await Wire.open(port: server.port) { wire in
            let body = #"{"n":\#(n),"p":"\#(String(repeating: "x", count: padding))"}"#
            try await wire.send(
                "POST /hooks/orders HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer s3cret\r\nX-Id: \(id)\r\n"
                    + "X-More: yes\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                    + body)
            return try await wire.answer().status
        }
    }

    @Test func aRequestBecomesADurableRun() async throws {
        let journal = try journal()
        try await host(on: journal) { server, ends in
            let first = try await Self.post("a", 1, to: server)
            let repeated = try await Self.post("a", 1, to: server)
            let second = try await Self.post("b", 2, to: server)
            let statuses: [Int] = [first, repeated, second]
            #expect(statuses == [200, 200, 200])
            var iterator = ends.makeAsyncIterator()
            let runs = [await iterator.next(), await iterator.next()]
            #expect(runs.allSatisfy { $0?.hasPrefix("webhook:orders") == true })
            let kept = try await journal.between { db in
                try String.fetchAll(db, sql: "SELECT CAST(value AS TEXT) FROM kv ORDER BY key")
            }
            #expect(kept == [#"[1,"POST","yes"]"#, #"[2,"POST","yes"]"#])
        }
    }

    @Test func whileTheDiskIsFullNothingIsAcknowledgedAndAfterwardsNothingIsLost() async throws {
        let journal = try journal()
        try await host(on: journal) { server, ends in
            var iterator = ends.makeAsyncIterator()
            let before = try await Self.post("before", 1, to: server)
            #expect(before == 200)
            _ = await iterator.next()
            try await journal.between { db in
                let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                try db.execute(sql: "PRAGMA max_page_count = \(pages + 8)")
            }
            // Whoever gets a 503 sends again, as providers do.
            var refused: [String] = []
            for number in 0..<6 {
                let status = try await Self.post("full-\(number)", number, padding: 200_000, to: server)
                #expect(status == 503)
                if status == 503 { refused.append("full-\(number)") }
            }
            let admittedWhileFull = try await journal.between { db in
                try Int.fetchOne(db, sql: "SELECT count(*) FROM events") ?? 0
            }
            #expect(admittedWhileFull == 1)
            try await journal.between { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
            for (number, id) in refused.enumerated() {
                let status = try await Self.post(id, number, padding: 200_000, to: server)
                #expect(status == 200)
            }
            for _ in refused { _ = await iterator.next() }
            let kept = try await journal.between { try String.fetchAll($0, sql: "SELECT key FROM kv ORDER BY key") }
            #expect(kept.count == 7)
        }
    }

    @Test func aHostThatIsOnlyCalledShutsDownWithoutAnError() async throws {
        struct Host: Service {
            let engine: Engine
            let installed: @Sendable () -> Void

            func run() async throws { try await engine.run(installing: [], installed: installed) }
        }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let engine = Engine(
            channels: [], journal: try journal(), loader: LuaScriptLoader(ScriptEnvironment(logger: logger)),
            logger: logger)
        let (installed, announce) = AsyncStream.makeStream(of: Never.self)
        let host = Host(engine: engine) { announce.finish() }
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: host, successTerminationBehavior: .gracefullyShutdownGroup)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await _ in installed {}
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        try? FileManager.default.removeItem(atPath: path)
    }

    @Test func readinessNamesTheParts() async throws {
        try await host(on: try journal()) { server, _ in
            let answer = try await Wire.open(port: server.port) { wire in
                try await wire.send("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n")
                return try await wire.answer()
            }
            #expect(answer.status == 200)
            #expect(answer.body == #"{"status":"ready","journal":"open","lanes":"alive","channels":{}}"#)
        }
    }
}
