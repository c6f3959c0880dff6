import Foundation
import Moonwire
import Testing

@testable import MoonwireScripts

/// A real folder on a real disk. Each test waits for the tick that its change brings, and for nothing else.
@Suite(.timeLimit(.minutes(1)))
struct ScriptWatcherTests {
    /// A folder with one script, watched; what the test reads is the script's version.
    final class Place: Sendable {
        let folder: String

        init(_ files: [String: String] = ["bot.lua": "local a = 1"]) throws {
            let url = FileManager.default.temporaryDirectory.appendingPathComponent("watch-\(UUID())")
            folder = url.resolvingSymlinksInPath().path
            for (name, text) in files { try write(name, text) }
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        /// Writes in place, as `>` does in a shell.
        func write(_ name: String, _ text: String) throws {
            let path = folder + "/" + name
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }

        func move(_ from: String, _ to: String) {
            rename(folder + "/" + from, folder + "/" + to)
        }

        var version: String? { try? ScriptBundle.load(folder + "/bot.lua").version }

        func watcher(listens: Bool = true, looks: Duration = .seconds(3600)) -> ScriptWatcher {
            let path = folder + "/bot.lua"
            return ScriptWatcher(
                { ScriptBundle.footprint(of: path) },
                debounce: ChangeDebounce(quiet: .milliseconds(5), limit: .milliseconds(50)),
                pollInterval: .milliseconds(2), lookInterval: looks, listens: listens)
        }
    }

    /// Makes a change once everything is listened to, and waits for the tick after which the fact holds.
    private func expect(
        _ place: Place, watcher: ScriptWatcher? = nil, after change: () throws -> Void, _ fact: () -> Bool
    ) async throws {
        var ticks = (watcher ?? place.watcher()).changes().makeAsyncIterator()
        _ = await ticks.next()
        #expect(!fact())
        try change()
        repeat { _ = try #require(await ticks.next(isolation: #isolation)) } while !fact()
    }

    @Test func aFileWrittenInPlaceTicks() async throws {
        let place = try Place()
        let before = place.version
        try await expect(place, after: { try place.write("bot.lua", "local a = 2") }) { place.version != before }
    }

    @Test func aFileRenamedOverTheOldOneTicks() async throws {
        let place = try Place()
        let before = place.version
        try await expect(
            place,
            after: {
                try place.write(".bot.lua.swp", "local a = 2")
                place.move(".bot.lua.swp", "bot.lua")
            }, { place.version != before && place.version != nil })
    }

    @Test func anEditorsBackupDanceTicks() async throws {
        let place = try Place()
        let before = place.version
        try await expect(
            place,
            after: {
                place.move("bot.lua", "bot.lua~")
                try place.write("bot.lua", "local a = 3")
            }, { place.version != before && place.version != nil })
    }

    @Test func aFileWrittenInPartsTicksWhenItIsClosed() async throws {
        let place = try Place()
        var ticks = place.watcher().changes().makeAsyncIterator()
        _ = await ticks.next()
        let handle = try #require(FileHandle(forWritingAtPath: place.folder + "/bot.lua"))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: Data("local a = ".utf8))
        try handle.write(contentsOf: Data("4".utf8))
        try handle.close()
        let whole = ScriptBundle.sources(script: "bot", files: ["bot.lua": "local a = 4"], entry: "bot.lua").version
        repeat { _ = try #require(await ticks.next(isolation: #isolation)) } while place.version != whole
    }

    @Test func aDeletedFileTicks() async throws {
        let place = try Place()
        try await expect(
            place, after: { try FileManager.default.removeItem(atPath: place.folder + "/bot.lua") },
            { place.version == nil })
    }

    @Test func aNewModuleInANewSubfolderTicks() async throws {
        let place = try Place(["bot.lua": "require 'lib.deep.tax'"])
        let before = place.version
        try await expect(place, after: { try place.write("lib/deep/tax.lua", "return 19") }) { place.version != before }
    }

    @Test func aModuleOfASubfolderThatCameLaterTicks() async throws {
        let place = try Place(["bot.lua": "require 'lib.tax'"])
        var ticks = place.watcher().changes().makeAsyncIterator()
        _ = await ticks.next()
        for rate in 1...5 {
            let before = place.version
            try place.write("lib/tax.lua", "return \(rate)")
            repeat { _ = try #require(await ticks.next(isolation: #isolation)) } while place.version == before
        }
    }

    @Test func aFolderThatIsReplacedIsWatchedAgain() async throws {
        let place = try Place(["bot.lua": "require 'lib.tax'", "lib/tax.lua": "return 1", "new/tax.lua": "return 2"])
        var ticks = place.watcher().changes().makeAsyncIterator()
        _ = await ticks.next()
        var before = place.version
        place.move("lib", "old")
        place.move("new", "lib")
        repeat { _ = try #require(await ticks.next(isolation: #isolation)) } while place.version == before
        before = place.version
        try place.write("lib/tax.lua", "return 3")
        repeat { _ = try #require(await ticks.next(isolation: #isolation)) } while place.version == before
    }

    @Test func anyFileTicksWhereTheModulesAreNotKnown() async throws {
        let place = try Place(["bot.lua": "local n = 'deep.x' require(n)", "deep/other.lua": "return 1"])
        let before = place.version
        try await expect(place, after: { try place.write("deep/x.lua", "return 1") }) { place.version != before }
    }

    @Test func aLinkThatLeadsElsewhereIsSeenByLooking() async throws {
        let place = try Place(["one/bot.lua": "local a = 1", "two/bot.lua": "local a = 2"])
        let link = place.folder + "/live"
        symlink(place.folder + "/one", link)
        let path = link + "/bot.lua"
        let watcher = ScriptWatcher(
            { ScriptBundle.footprint(of: path) },
            debounce: ChangeDebounce(quiet: .milliseconds(5), limit: .milliseconds(50)), lookInterval: .milliseconds(2))
        let before = try ScriptBundle.load(path).version
        try await expect(
            place, watcher: watcher,
            after: {
                symlink(place.folder + "/two", link + ".new")
                rename(link + ".new", link)
            }, { (try? ScriptBundle.load(path).version) != before })
    }

    @Test func withoutNotificationsTheFilesAreLookedAt() async throws {
        let place = try Place()
        let before = place.version
        try await expect(
            place, watcher: place.watcher(listens: false), after: { try place.write("bot.lua", "local abc = 12345") }
        ) { place.version != before }
    }

    #if os(Linux)
        @Test func filesThatAreNoScriptsAreNoChange() throws {
            let place = try Place()
            let source = try #require(InotifySource())
            #expect(source.listen(to: [place.folder]))
            for number in 0..<20 { try place.write("host.journal", "\(number)") }
            #expect(source.wait(until: .now) == .nothing)
            try place.write("bot.lua", "local a = 9")
            #expect(source.wait(until: .now) == .changed)
        }

        @Test func aWatchThatEndsLeavesNothingOpen() async throws {
            let place = try Place()
            weak var source: InotifySource?
            var stream: AsyncStream<Void>?
            do {
                let made = try #require(InotifySource())
                source = made
                stream = place.watcher().changes(from: made)
            }
            for await _ in try #require(stream) { break }
            #expect(source != nil)
            stream = nil
            // Its end closes its descriptors, and comes when the thread has let go of it.
            while source != nil { await Task.yield() }
        }

        @Test func aStoppedSourceEndsEachWait() throws {
            let source = try #require(InotifySource())
            source.stop()
            #expect(source.wait(until: .now + .seconds(60)) == .stopped)
            #expect(source.wait(until: .now + .seconds(60)) == .stopped)
        }
    #endif
}
