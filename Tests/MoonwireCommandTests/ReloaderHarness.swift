import Foundation
import Logging
import Moonwire
import MoonwireConfiguration
import MoonwireScripts
import SQLiteJournal
import Synchronization

@testable import MoonwireCommand

/// An engine without channels, a journal and a reloader over a folder of their own.
final class ReloaderHarness: Sendable {
    let folder: String
    private let told = Mutex<[ScriptReload]>([])

    init(_ files: [String: String]) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("reload-\(UUID())")
        folder = url.resolvingSymlinksInPath().path
        for (name, text) in files { try write(name, text) }
    }

    deinit {
        for path in [folder, folder + ".journal", folder + ".journal.lock"] {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    func write(_ name: String, _ text: String) throws {
        let path = folder + "/" + name
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: folder + "/" + name) }

    /// What the reloader told so far, as sentences.
    var sentences: [String] { told.withLock { $0.map(\.sentence) } }

    func files(_ paths: [String]) -> ScriptFiles {
        ScriptFiles(paths.map { HostConfiguration.ScriptSection(path: folder + ($0.isEmpty ? "" : "/" + $0)) })
    }

    /// Runs a host's engine with these scripts while `body` goes on. May be called again, as after a restart.
    func run(
        _ paths: [String], _ body: (ScriptReloader, LuaScriptLoader) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let journal = try SQLiteJournal(path: folder + ".journal")
        let loader = LuaScriptLoader(ScriptEnvironment(logger: logger))
        let engine = Engine(channels: [], journal: journal, loader: loader, logger: logger)
        let reloader = ScriptReloader(
            files: files(paths), loader: loader, engine: engine, journal: journal,
            tell: { reload in self.told.withLock { $0.append(reload) } })
        let scripts = try await reloader.start()
        let (installed, announce) = AsyncStream.makeStream(of: Never.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await engine.run(installing: scripts) { announce.finish() } } catch is CancellationError {}
            }
            for await _ in installed {}
            defer { group.cancelAll() }
            try await body(reloader, loader)
        }
    }
}
