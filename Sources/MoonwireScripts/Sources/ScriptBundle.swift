import Foundation
public import Moonwire

/// A script on disk: reads its sources into one version.
///
/// - A path to `orders.lua` is the script `orders`; its folder is the root that `require` looks below.
/// - A path to a folder is a script named by the folder, whose entry is `main.lua`, else `init.lua`.
///
/// Only the entry and the modules that it requires, directly or through one another, belong to the version: a change of
/// another file in the folder makes no new version. Modules are found by reading `require "name"` in the sources. A
/// source that requires anything but a literal name makes all `.lua` files below the folder part of the version.
public enum ScriptBundle {
    /// Limits against a path that points at something else than a script.
    private static let maxFileBytes = 4 << 20
    private static let maxFiles = 2000
    /// What the first file of a folder may be called, the first choice first.
    private static let entries = ["main.lua", "init.lua"]

    private struct Place {
        let folder: String
        let entry: String
        let script: String
    }

    /// - Parameter settings: the script's settings from the configuration, a JSON object.
    /// - Throws: `ScriptFailure` naming what cannot be read.
    public static func load(_ path: String, settings: RawJSON = .emptyObject) throws(ScriptFailure) -> ScriptSources {
        let place = try locate(path)
        let files = try collect(place) { _ in }.files
        guard files[place.entry] != nil else { throw unreadable(place.folder + "/" + place.entry, "no such file") }
        return sources(script: place.script, files: files, entry: place.entry, settings: settings)
    }

    /// The files whose change makes another version, those included that are looked for and not there. What cannot be
    /// read ends the search early, and is part of the answer.
    public static func footprint(of path: String) -> ScriptFootprint {
        var footprint = ScriptFootprint()
        let url = URL(fileURLWithPath: path).standardizedFileURL
        if url.pathExtension == "lua" {
            footprint.files.insert(url.path)
        } else {
            footprint.files.formUnion(entries.map { url.path + "/" + $0 })
        }
        guard let place = try? locate(path) else { return footprint }
        let found = try? collect(place) { footprint.files.insert(place.folder + "/" + $0) }
        if found?.takesAll == true { footprint.trees.insert(place.folder) }
        return footprint
    }

    /// Whether a folder is one script, by its entry.
    public static func isBundle(_ folder: String) -> Bool {
        entries.contains { FileManager.default.fileExists(atPath: folder + "/" + $0) }
    }

    /// Reads the entry and all that it requires, directly or through one another.
    ///
    /// - Parameter look: gets each name that is looked for, before it is read.
    private static func collect(
        _ place: Place, _ look: (String) -> Void
    ) throws(ScriptFailure) -> (files: [String: String], takesAll: Bool) {
        var files: [String: String] = [:]
        var seen: Set<String> = []
        var pending = [place.entry]
        var takesAll = false
        while let name = pending.popLast() {
            guard seen.insert(name).inserted else { continue }
            look(name)
            // A module that is not there: the script says so with its line when it runs the `require`.
            guard let source = try read(name, below: place.folder) else { continue }
            files[name] = source
            let scanner = RequireScanner(source)
            pending += scanner.modules.flatMap(ModuleName.files)
            if scanner.isOpen, !takesAll {
                takesAll = true
                pending += try allFiles(below: place.folder)
            }
        }
        return (files, takesAll)
    }

    /// Makes a version of sources that are in memory already.
    public static func sources(
        script: String, files: [String: String], entry: String, settings: RawJSON = .emptyObject
    ) -> ScriptSources {
        var hash = StableHash()
        func combine(_ text: some Collection<UInt8>) {
            hash.combine(String(text.count).utf8)
            hash.combine(separator: 0)
            hash.combine(text)
        }
        combine(String(LuaAPI.level).utf8)
        combine(script.utf8)
        combine(entry.utf8)
        combine(settings.bytes)
        for (name, source) in files.sorted(by: { $0.key < $1.key }) {
            combine(name.utf8)
            combine(source.utf8)
        }
        let digits = String(hash.value, radix: 16)
        let version = String(repeating: "0", count: 16 - digits.count) + digits
        return ScriptSources(
            version: version, script: script, files: files, entry: entry, settings: settings, level: LuaAPI.level)
    }

    private static func locate(_ path: String) throws(ScriptFailure) -> Place {
        let url = URL(fileURLWithPath: path).standardizedFileURL
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw unreadable(path, "no such file or folder")
        }
        guard isFolder.boolValue else {
            guard url.pathExtension == "lua" else { throw unreadable(path, "a script's name ends in .lua") }
            return Place(
                folder: url.deletingLastPathComponent().path, entry: url.lastPathComponent,
                script: url.deletingPathExtension().lastPathComponent)
        }
        for entry in entries where FileManager.default.fileExists(atPath: url.path + "/" + entry) {
            return Place(folder: url.path, entry: entry, script: url.lastPathComponent)
        }
        throw unreadable(path, "the folder has neither main.lua nor init.lua")
    }

    private static func read(_ name: String, below folder: String) throws(ScriptFailure) -> String? {
        let path = folder + "/" + name
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard isBelow(path, folder) else { throw unreadable(path, "it lies outside the script's folder") }
        guard let data = FileManager.default.contents(atPath: path) else { throw unreadable(path, "no permission") }
        guard data.count <= maxFileBytes else { throw unreadable(path, "it has more than \(maxFileBytes >> 20) MiB") }
        if data.first == 0x1B { throw unreadable(path, "bytecode is not accepted: scripts are source text") }
        guard let source = String(validatingUTF8: data) else { throw unreadable(path, "it is not UTF-8 text") }
        return source
    }

    /// Whether a path, links followed, stays below a folder.
    static func isBelow(_ path: String, _ folder: String) -> Bool {
        let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return real.hasPrefix(root.hasSuffix("/") ? root : root + "/")
    }

    private static func allFiles(below folder: String) throws(ScriptFailure) -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: folder) else { return [] }
        var names: [String] = []
        for case let name as String in walk where name.hasSuffix(".lua") {
            names.append(name)
            if names.count > maxFiles { throw unreadable(folder, "it has more than \(maxFiles) Lua files") }
        }
        return names
    }

    private static func unreadable(_ path: String, _ why: String) -> ScriptFailure {
        ScriptFailure(kind: .syntax, message: "\(path): cannot read the script: \(why)")
    }
}

extension String {
    fileprivate init?(validatingUTF8 data: Data) {
        guard let text = String(validating: data, as: UTF8.self) else { return nil }
        self = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }
}
