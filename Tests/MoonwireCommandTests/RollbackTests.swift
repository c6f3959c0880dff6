import Foundation
import Moonwire
import MoonwireScripts
import Testing

@testable import MoonwireCommand

/// An earlier version takes the place of the one that runs, for as long as its files stay as they are.
@Suite(.timeLimit(.minutes(1)))
struct RollbackTests {
    private func script(_ number: Int) -> String {
        "bot.on('message.created', function(event, session) session:reply('\(number)') end)"
    }

    private func version(_ reloader: ScriptReloader) async -> String? { await reloader.current.first?.version }

    /// Three versions, the last of which is current; gives their names.
    private func threeVersions(_ harness: ReloaderHarness, _ reloader: ScriptReloader) async throws -> [String] {
        var versions = [try #require(await version(reloader))]
        for number in 2...3 {
            try harness.write("a.lua", script(number))
            _ = try await reloader.reload()
            versions.append(try #require(await version(reloader)))
        }
        return versions
    }

    @Test func goingBackTwiceGoesTwoVersionsBack() async throws {
        let harness = try ReloaderHarness(["a.lua": script(1)])
        try await harness.run(["a.lua"]) { reloader, _ in
            let versions = try await threeVersions(harness, reloader)
            let first = try await reloader.rollBack("a", to: nil)
            #expect(first.version == versions[1] && first.rolledBackFrom == versions[2])
            let second = try await reloader.rollBack("a", to: nil)
            #expect(second.version == versions[0])
            let error = await #expect(throws: HostError.self) { try await reloader.rollBack("a", to: nil) }
            #expect(error?.description.contains("no earlier version") == true && error?.isWrongInput == true)
        }
    }

    @Test func theSameFileDoesNotComeBackByItself() async throws {
        let harness = try ReloaderHarness(["a.lua": script(1)])
        try await harness.run(["a.lua"]) { reloader, _ in
            let versions = try await threeVersions(harness, reloader)
            _ = try await reloader.rollBack("a", to: nil)
            let again = try await reloader.reload(retries: true)
            #expect(again.map(\.outcome) == [.unchanged] && again.first?.rolledBackFrom == versions[2])
            let status = try await reloader.status()
            #expect(status.first?.rolledBackFrom == versions[2])
            #expect(status.first?.versions.filter(\.isCurrent).map(\.version) == [versions[1]])
        }
    }

    @Test func aRollbackOutlivesARestartUntilTheFileChanges() async throws {
        let harness = try ReloaderHarness(["a.lua": script(1)])
        var versions: [String] = []
        try await harness.run(["a.lua"]) { reloader, _ in
            versions = try await threeVersions(harness, reloader)
            _ = try await reloader.rollBack("a", to: String(versions[0].prefix(6)))
        }
        try await harness.run(["a.lua"]) { reloader, _ in
            let now = await version(reloader)
            #expect(now == versions[0])
        }
        try harness.write("a.lua", script(4))
        for _ in 0..<2 {
            try await harness.run(["a.lua"]) { reloader, _ in
                let now = await version(reloader)
                let expected = try ScriptBundle.load(harness.folder + "/a.lua").version
                #expect(now == expected)
            }
        }
        // The pin is gone with the change, also for the file as it was before.
        try harness.write("a.lua", script(3))
        try await harness.run(["a.lua"]) { reloader, _ in
            let now = await version(reloader)
            #expect(now == versions[2])
        }
    }

    @Test func aChangeWhileItRunsEndsTheRollback() async throws {
        let harness = try ReloaderHarness(["a.lua": script(1)])
        var versions: [String] = []
        try await harness.run(["a.lua"]) { reloader, _ in
            versions = try await threeVersions(harness, reloader)
            _ = try await reloader.rollBack("a", to: versions[0])
            try harness.write("a.lua", script(5))
            let results = try await reloader.reload()
            #expect(results.map(\.outcome) == [.live] && results.first?.previous == versions[0])
            try harness.write("a.lua", script(3))
        }
        try await harness.run(["a.lua"]) { reloader, _ in
            let now = await version(reloader)
            #expect(now == versions[2])
        }
    }

    @Test func goingToTheVersionOnTheDiskEndsTheRollback() async throws {
        let harness = try ReloaderHarness(["a.lua": script(1)])
        var versions: [String] = []
        try await harness.run(["a.lua"]) { reloader, _ in
            versions = try await threeVersions(harness, reloader)
            _ = try await reloader.rollBack("a", to: versions[0])
            let back = try await reloader.rollBack("a", to: versions[2])
            #expect(back.rolledBackFrom == nil)
        }
        try await harness.run(["a.lua"]) { reloader, _ in
            let now = await version(reloader)
            #expect(now == versions[2])
        }
    }

    @Test func aHostWhoseFileIsBrokenStartsOnTheRollback() async throws {
        let harness = try ReloaderHarness(["a.lua": script(1)])
        var versions: [String] = []
        try await harness.run(["a.lua"]) { reloader, _ in
            versions = try await threeVersions(harness, reloader)
            try harness.write("a.lua", "broken(")
            _ = try await reloader.reload()
            _ = try await reloader.rollBack("a", to: nil)
        }
        try await harness.run(["a.lua"]) { reloader, _ in
            let now = await version(reloader)
            #expect(now == versions[1])
        }
    }

    @Test func aVersionMustBeKnownAndClear() async throws {
        let harness = try ReloaderHarness(["a.lua": script(1)])
        try await harness.run(["a.lua"]) { reloader, _ in
            let versions = try await threeVersions(harness, reloader)
            for (name, reason) in [
                ("abc", "too short"), ("zzzzzz", "knows no version"), (versions[2], "is the current one"),
            ] {
                let error = await #expect(throws: HostError.self) { try await reloader.rollBack("a", to: name) }
                #expect(error?.description.contains(reason) == true && error?.isWrongInput == true)
            }
            let error = await #expect(throws: HostError.self) { try await reloader.rollBack("b", to: nil) }
            #expect(error?.description.hasPrefix("no script is called 'b'") == true)
        }
        let ambiguous = #expect(throws: HostError.self) {
            try VersionName("abcd").match(in: ["abcd1", "abcd2", "ffff"])
        }
        #expect(ambiguous?.description.contains("could be abcd1, abcd2") == true)
        let short = try VersionName("ffff…").match(in: ["abcd1", "ffff0"])
        #expect(short == "ffff0")
    }

    @Test func theCurrentVersionIsRetiredOnlyByForce() async throws {
        let harness = try ReloaderHarness(["a.lua": script(1)])
        try await harness.run(["a.lua"]) { reloader, _ in
            let versions = try await threeVersions(harness, reloader)
            let error = await #expect(throws: HostError.self) {
                try await reloader.retire(versions[2], as: .cancels, isForced: false)
            }
            #expect(error?.description.contains("is the current one") == true)
            let forced = try await reloader.retire(versions[2], as: .cancels, isForced: true)
            #expect(forced.version == versions[2] && forced.runs == 0)
            let old = try await reloader.retire(versions[0], as: .handsOver, isForced: false)
            #expect(old.script == "a" && old.handsOver)
            let status = try await reloader.status()
            #expect(status.first?.versions.filter(\.isRetired).count == 2)
        }
    }
}
