import Foundation
import Logging
import Moonwire
import MoonwireScripts
import SQLiteJournal

/// A copy of a committed journal, in a folder of its own that goes with the test.
final class ReleasedJournal: Sendable {
    /// The names of the releases that left one.
    static let all: [String] = {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Journals")
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }()

    private let folder: URL
    var path: String { folder.appendingPathComponent("journal.sqlite").path }

    init(_ release: String) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("moonwire-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let source = Bundle.module.bundleURL.appendingPathComponent("Journals/\(release)/journal.sqlite")
        try FileManager.default.copyItem(atPath: source.path, toPath: path)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Brings the file up to this release.
    func migrate() async throws {
        await (try SQLiteJournal(path: path)).close()
    }

    var environment: ScriptEnvironment {
        ScriptEnvironment(
            channels: [StagedPlatform(first: 0).descriptor], secrets: { ["KEY": "another-value"][$0] },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}
