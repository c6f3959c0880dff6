import Moonwire
import Testing

extension JournalContract {
    static let versionChecks = [
        JournalContract("a version gives its sources back") { journal in
            let sources = ScriptSources(
                version: "v1", script: "shop", files: ["main.lua": "bot.on('x', f)\n", "lib/ä.lua": "return \"\""],
                entry: "main.lua", settings: Samples.json(#"{"greeting":"Hi"}"#), level: 2)
            try await journal.commit(.version(sources, at: Samples.start), .version(sources, at: Samples.start))
            #expect(try await journal.sources(of: "v1") == sources)
            #expect(try await journal.sources(of: "v2") == nil)
        },
        JournalContract("versions are listed newest first with what waits on them") { journal in
            let event = try await journal.admitted(1)
            try await journal.commit(
                Samples.version("v1"), Samples.version("v2", at: Samples.start + .seconds(1)),
                Samples.version("v2", at: Samples.start + .seconds(2)), Samples.version("other", script: "desk"))
            try await journal.commit(
                .startRun(Samples.run(10, event: event)), .wait(Samples.step(10, 1), in: Samples.session()),
                .retire(version: "v1", .cancels))
            let reports = try await journal.versions(of: "shop")
            #expect(reports.map(\.version) == ["v2", "v1"])
            #expect(reports.map(\.waiting) == [0, 1])
            #expect(reports.map(\.installedAt) == [Samples.start + .seconds(1), Samples.start])
            #expect(reports.map(\.retirement) == [nil, .cancels])
            #expect(try await journal.versions(of: nil).count == 3)
            #expect(try await journal.retirements() == ["v1": .cancels])
            try await journal.commit(Samples.version("v1", at: Samples.start + .seconds(3)))
            let again = try await journal.versions(of: "shop")
            #expect(again.map(\.version) == ["v1", "v2"])
            #expect(again.first?.retirement == nil, "a version that comes back is in service")
            try await journal.commit(.retire(version: "v1", .handsOver), Samples.version("v1"))
            #expect(try await journal.retirements().isEmpty, "and so is one that was the newest all the time")
        },
        JournalContract("a pin stands until it is replaced or taken back") { journal in
            try await journal.commit(
                .pin(script: "shop", disk: "v2", version: "v1"), .pin(script: "desk", disk: "d2", version: "d1"))
            try await journal.commit(
                .pin(script: "shop", disk: "v3", version: "v2"), .pin(script: "desk", disk: "d2", version: nil))
            #expect(try await journal.pins() == ["shop": VersionPin(disk: "v3", version: "v2")])
        },
    ]
}
