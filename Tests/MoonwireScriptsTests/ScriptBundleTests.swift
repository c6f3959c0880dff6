import Foundation
import Moonwire
import Testing

@testable import MoonwireScripts

struct ScriptBundleTests {
    /// A folder of files that goes away with the test.
    private func withFolder<Result>(_ files: [String: String], _ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bundle-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in files {
            let url = URL(fileURLWithPath: folder + "/" + name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        return try body(folder)
    }

    private let shop = [
        "shop.lua": "local a = require 'lib.prices' -- require 'unused'",
        "lib/prices.lua": "local b = require([[lib.tax]]) return { price = function() return b end }",
        "lib/tax/init.lua": "return 19", "unused.lua": "error('x')", "other.lua": "",
    ]

    @Test func aFileTakesWhatItRequires() throws {
        try withFolder(shop) { folder in
            let sources = try ScriptBundle.load(folder + "/shop.lua")
            #expect(sources.script == "shop" && sources.entry == "shop.lua")
            #expect(Set(sources.files.keys) == ["shop.lua", "lib/prices.lua", "lib/tax/init.lua"])
            #expect(LuaScriptLoader(ScriptEnvironment()).check(sources).isLoadable)
        }
    }

    @Test func onlyWhatBelongsToItChangesTheVersion() throws {
        var files = shop
        let first = try withFolder(files) { try ScriptBundle.load($0 + "/shop.lua").version }
        files["other.lua"] = "local x = 1"
        #expect(try withFolder(files) { try ScriptBundle.load($0 + "/shop.lua").version } == first)
        files["lib/tax/init.lua"] = "return 7"
        #expect(try withFolder(files) { try ScriptBundle.load($0 + "/shop.lua").version } != first)
        let settings = RawJSON(validated: Array(#"{"a":1}"#.utf8))
        let configured = try withFolder(shop) { try ScriptBundle.load($0 + "/shop.lua", settings: settings).version }
        #expect(configured != first)
    }

    @Test func aFolderIsAScriptWithAnEntry() throws {
        try withFolder(["bots/main.lua": "local n = 'x' .. 1 require(n)", "bots/x1.lua": "", "bots/y/z.lua": ""]) {
            folder in
            let sources = try ScriptBundle.load(folder + "/bots")
            #expect(sources.script == "bots" && sources.entry == "main.lua")
            #expect(Set(sources.files.keys) == ["main.lua", "x1.lua", "y/z.lua"])
        }
    }

    @Test(arguments: [
        ("none.lua", "no such file or folder"), ("empty", "neither main.lua nor init.lua"),
        ("text.txt", "a script's name ends in .lua"), ("code.lua", "bytecode is not accepted"),
    ])
    func whatIsNoScriptIsRefused(_ name: String, _ reason: String) throws {
        try withFolder(["empty/x.txt": "", "text.txt": "", "code.lua": "\u{1B}Lua"]) { folder in
            let failure = #expect(throws: ScriptFailure.self) { try ScriptBundle.load(folder + "/" + name) }
            #expect(failure?.message.contains(reason) == true)
        }
    }

    @Test func aLinkOutOfTheFolderIsRefused() throws {
        try withFolder(["a/bot.lua": "require 'leak'", "b/secret.lua": "return 1"]) { folder in
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/a/leak.lua", withDestinationPath: folder + "/b/secret.lua")
            let failure = #expect(throws: ScriptFailure.self) { try ScriptBundle.load(folder + "/a/bot.lua") }
            #expect(failure?.message.contains("outside the script's folder") == true)
        }
    }

    @Test func aCheckTellsFileAndLine() {
        let loader = LuaScriptLoader(ScriptEnvironment())
        func check(_ source: String) -> ScriptReport {
            loader.check(ScriptBundle.sources(script: "bot", files: ["bot.lua": source], entry: "bot.lua"))
        }
        let broken = check("\nlocal = 1")
        #expect(
            broken.diagnostics.first?.line == 2 && broken.diagnostics.first?.file == "bot.lua" && !broken.isLoadable)
        #expect(
            check("\n\nbot.onn('x')").diagnostics.first?.description.hasPrefix("bot.lua:3: bot has no field 'onn'")
                == true)
        #expect(check("bot.on('message.created', print)").handlers.map(\.identity) == ["message.created#1"])
        #expect(check("local x = 1").diagnostics.first?.severity == .warning)
    }
}
