import Foundation
import Moonwire
import MoonwireScripts
import Testing

@testable import MoonwireCommand

/// What is on the disk becomes what runs, or says why it does not.
@Suite(.timeLimit(.minutes(1)))
struct ReloaderTests {
    /// A good script that is a version of its own for each number.
    private func script(_ number: Int) -> String {
        "bot.on('message.created', function(event, session) session:reply('\(number)') end)"
    }

    private let broken = "\nbot.on('message.created' function() end)"

    private func version(_ reloader: ScriptReloader, _ script: String) async -> String? {
        await reloader.current.first { $0.script == script }?.version
    }

    @Test func whatChangedGoesLiveTogetherAndTheRestStays() async throws {
        let harness = try ReloaderHarness(["a.lua": script(1), "b.lua": script(1), "c.lua": script(1)])
        try await harness.run(["a.lua", "b.lua", "c.lua"]) { reloader, loader in
            let before = await reloader.current.map(\.version)
            try harness.write("a.lua", script(2))
            try harness.write("c.lua", script(2))
            let results = try await reloader.reload()
            #expect(results.map(\.script) == ["a", "b", "c"])
            #expect(results.map(\.outcome) == [.live, .unchanged, .live])
            #expect(results.map(\.previous) == [before[0], nil, before[2]])
            let after = await reloader.current
            #expect(after.map(\.script) == ["a", "b", "c"])
            #expect(after[1].version == before[1] && after[0].version == results[0].version)
            #expect(loader.activities.count == 3)
        }
        #expect(harness.sentences.count == 2)
    }

    @Test func aBrokenVersionTakesNoEffectAndSaysWhere() async throws {
        let harness = try ReloaderHarness(["a.lua": script(1), "b.lua": script(1)])
        try await harness.run(["a.lua", "b.lua"]) { reloader, loader in
            let before = await version(reloader, "a")
            try harness.write("a.lua", broken)
            try harness.write("b.lua", script(2))
            let results = try await reloader.reload()
            #expect(results.map(\.outcome) == [.failed, .live])
            #expect(results[0].error?.hasPrefix("a.lua:2: ") == true)
            #expect(results[0].version == before)
            let now = await version(reloader, "a")
            #expect(now == before)
            let status = try await reloader.status()
            #expect(status[0].error == results[0].error && status[1].error == nil)
            #expect(loader.activities.count == 2)
        }
    }

    @Test func aFileReadHalfWrittenEndsWell() async throws {
        let harness = try ReloaderHarness(["a.lua": script(1)])
        try await harness.run(["a.lua"]) { reloader, _ in
            let whole = script(2)
            for length in [0, whole.count / 3, whole.count / 2, whole.count] {
                try harness.write("a.lua", String(whole.prefix(length)))
                _ = try await reloader.reload()
            }
            let now = await version(reloader, "a")
            let expected = try ScriptBundle.load(harness.folder + "/a.lua").version
            #expect(now == expected)
            let status = try await reloader.status()
            #expect(status.first?.error == nil)
        }
    }

    @Test func aFailureIsToldOnce() async throws {
        let harness = try ReloaderHarness(["a.lua": script(1)])
        try await harness.run(["a.lua"]) { reloader, _ in
            try harness.write("a.lua", broken)
            for _ in 0..<3 {
                let results = try await reloader.reload()
                #expect(results.map(\.outcome) == [.failed])
            }
            try harness.remove("a.lua")
            for _ in 0..<3 {
                let results = try await reloader.reload()
                #expect(results.first?.error?.contains("no such file") == true)
            }
            try harness.write("a.lua", script(1))
            let results = try await reloader.reload()
            #expect(results.map(\.outcome) == [.unchanged])
        }
        #expect(harness.sentences.count == 2, "\(harness.sentences)")
    }

    @Test func aModuleIsPartOfItsScript() async throws {
        let harness = try ReloaderHarness(["a.lua": "require 'lib.x'\n" + script(1), "lib/x.lua": "return 1"])
        try await harness.run(["a.lua"]) { reloader, _ in
            try harness.write("lib/x.lua", "return = 2")
            let broken = try await reloader.reload()
            #expect(broken.first?.error?.contains("lib/x.lua:1:") == true, "\(broken)")
            try harness.write("lib/x.lua", "return 2")
            let mended = try await reloader.reload()
            #expect(mended.map(\.outcome) == [.live])
        }
    }

    @Test func onlyTheNamedScriptsAreLookedAt() async throws {
        let harness = try ReloaderHarness(["a.lua": script(1), "b.lua": script(1)])
        try await harness.run(["a.lua", "b.lua"]) { reloader, _ in
            try harness.write("a.lua", script(2))
            try harness.write("b.lua", script(2))
            let results = try await reloader.reload(["b"])
            #expect(results.map(\.script) == ["b"])
            let rest = try await reloader.reload()
            #expect(rest.map(\.outcome) == [.live, .unchanged])
            let error = await #expect(throws: HostError.self) { try await reloader.reload(["bb"]) }
            #expect(error?.description == "no script is called 'bb'; did you mean 'b'?")
        }
    }

    @Test func eachFileOfADirectoryIsAScriptThatComesAndGoes() async throws {
        let harness = try ReloaderHarness([
            "bots/a.lua": script(1), "bots/lib/x.lua": "return 1", "bots/.#a.lua": "broken(", "bots/notes.txt": "",
        ])
        try await harness.run(["bots"]) { reloader, loader in
            try harness.write("bots/b.lua", script(1))
            try harness.write("bots/c.lua", broken)
            let came = try await reloader.reload()
            #expect(came.map(\.script) == ["a", "b", "c"])
            #expect(came.map(\.outcome) == [.unchanged, .live, .failed])
            #expect(came[2].sentence.hasSuffix("no version of it runs"))
            try harness.remove("bots/a.lua")
            try harness.remove("bots/c.lua")
            let went = try await reloader.reload()
            #expect(went.map(\.outcome) == [.unchanged, .removed, .removed])
            let names = await reloader.current.map(\.script)
            #expect(names == ["b"])
            #expect(loader.activities.count == 1)
        }
    }

    @Test func aDirectoryThatIsEmptyOrGoneForAMomentTakesNoScriptOutOfService() async throws {
        let harness = try ReloaderHarness(["bots/a.lua": script(1), "shop/main.lua": script(1), "shop/lib.lua": ""])
        try await harness.run(["bots", "shop"]) { reloader, _ in
            try harness.remove("bots/a.lua")
            let empty = await #expect(throws: HostError.self) { try await reloader.reload() }
            #expect(empty?.description.contains("cannot be read") == true)
            try harness.remove("bots")
            await #expect(throws: HostError.self) { try await reloader.reload() }
            try harness.write("bots/a.lua", script(1))
            // A folder that is one script stays one without its entry.
            try harness.remove("shop/main.lua")
            let results = try await reloader.reload()
            #expect(results.map(\.outcome) == [.unchanged, .failed])
            let names = await reloader.current.map(\.script)
            #expect(names == ["a", "shop"])
        }
    }

    @Test func aDirectoryWithoutScriptsIsAnErrorAtTheStart() throws {
        let harness = try ReloaderHarness(["bots/lib/x.lua": "return 1"])
        let error = #expect(throws: HostError.self) { try harness.files(["bots"]).load() }
        #expect(error?.description.contains("neither main.lua nor init.lua nor any other .lua file") == true)
    }

    @Test func twoScriptsWithOneNameAreRefused() async throws {
        let harness = try ReloaderHarness(["bots/a.lua": script(1), "b.lua": script(1)])
        try await harness.run(["bots", "b.lua"]) { reloader, _ in
            let before = await reloader.current
            try harness.write("bots/b.lua", script(3))
            let error = await #expect(throws: HostError.self) { try await reloader.reload() }
            #expect(error?.description.contains("two scripts are called 'b'") == true)
            let after = await reloader.current
            #expect(after == before)
        }
    }

    @Test func reloadsAndRollbacksTakeTurns() async throws {
        let harness = try ReloaderHarness(["a.lua": script(0)])
        try await harness.run(["a.lua"]) { reloader, loader in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...40 {
                    group.addTask {
                        try harness.write("a.lua", self.script(number))
                        _ = try? await reloader.reload()
                        if number % 4 == 0 { _ = try? await reloader.rollBack("a", to: nil) }
                    }
                }
                try await group.waitForAll()
            }
            try harness.write("a.lua", script(99))
            _ = try await reloader.reload()
            let now = await version(reloader, "a")
            let expected = try ScriptBundle.load(harness.folder + "/a.lua").version
            #expect(now == expected)
            #expect(loader.activities.count == 1)
        }
    }
}
