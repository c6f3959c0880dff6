import Foundation
import GRDB
import Logging
import Moonwire
import MoonwireScripts
import SQLiteJournal

/// Makes the journal of a release: two hosts, one after the other, run the scripts of this folder against a staged
/// platform, and what they have recorded is the file.
///
/// Run by hand, once for each release, with the path of the new file:
///
///     MOONWIRE_MAKE_JOURNAL=Tests/JournalReleaseTests/Journals/release-N/journal.sqlite \
///         swift test --disable-xctest --filter JournalMaking
///
/// The file is committed and never made anew: that later releases can replay it is what the tests here check.
struct JournalMaker {
    let path: String

    /// What is written to each session, in order, by the host that runs the scripts of that version.
    private static let first: [(session: String, texts: [String])] = [
        ("1", ["replies"]), ("2", ["steering"]), ("3", ["/stores Aisha K."]), ("4", ["http"]), ("5", ["failures"]),
        ("6", ["crash"]), ("7", ["audit"]), ("8", ["waits"]), ("9", ["waits"]), ("10", ["nobody wants this"]),
        ("11", ["dialog", "Aisha", "many", "٤٢", "Green", "2", "a@b.com", "a@example.com"]),
        ("31", ["dates", "3", "Main street", "tomorrow", "0501234567", "paid"]), ("32", ["dates", "2", "back", "Yes"]),
        ("33", ["dates", "stop"]), ("34", ["dates", "5", "start over", "4"]), ("35", ["quick"]), ("36", ["race"]),
        ("12", ["dialog", "Omar", "three"]), ("13", ["dialog"]), ("14", ["hang"]), ("15", ["hang http"]),
    ]
    private static let second: [(session: String, texts: [String])] = [
        ("12", ["3"]), ("13", ["Lina"]), ("34", ["Harbour", "today"]), ("32", ["paid"]), ("21", ["dialog", "Noor"]),
        ("22", ["waits"]), ("23", ["replies"]),
        ("24", ["hang"]), ("25", ["hang http"]),
    ]

    func make() async throws {
        try FileManager.default.createDirectory(
            at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        let next = try await host(version: "1", platform: StagedPlatform(first: 1), Self.first, updates: ["8"])
        _ = try await host(version: "2", platform: StagedPlatform(first: next), Self.second, updates: [])
        try pack()
        for suffix in [".lock", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    /// Small pages: most tables hold a few rows.
    private func pack() throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
            for statement in ["PRAGMA journal_mode = DELETE", "PRAGMA page_size = 1024", "VACUUM"] {
                try db.execute(sql: statement)
            }
        }
        try queue.close()
    }

    private func host(
        version: String, platform: StagedPlatform, _ sessions: [(session: String, texts: [String])], updates: [String]
    ) async throws -> Int {
        let journal = try SQLiteJournal(path: path)
        let settings = EngineSettings(drain: .milliseconds(100))
        let environment = ScriptEnvironment(
            channels: [platform.descriptor], secrets: { ["KEY": "not-in-the-journal"][$0] },
            logger: Logger(label: "maker") { _ in SwiftLogNoOpLogHandler() })
        let policy = DeliveryPolicy(
            backOff: BackOff(first: .milliseconds(1), limit: .milliseconds(1)), attempts: 2,
            requestLimit: .milliseconds(1))
        let engine = Engine(
            channels: [Engine.ChannelBinding(platform, policy: policy)], journal: journal,
            loader: LuaScriptLoader(environment), outbound: StagedShop(), settings: settings, logger: environment.logger
        )
        let scripts = try Self.scripts(version)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run(installing: scripts) }
            for (session, texts) in sessions {
                for text in texts {
                    platform.write(text, in: session)
                    try await Self.settle()
                }
            }
            for session in updates {
                platform.update(session)
                try await Self.settle()
            }
            group.cancelAll()
            while (try? await group.next()) != nil {}
        }
        return platform.next
    }

    /// Real time, because this runs by hand: longer than every short wait in the scripts.
    private static func settle() async throws {
        try await Task.sleep(for: .milliseconds(120))
    }

    static func scripts(_ version: String) throws -> [ScriptSources] {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Scripts/\(version)").path
        return try ["shop.lua", "audit.lua", "dates.lua"].map { try ScriptBundle.load(folder + "/" + $0) }
    }
}
