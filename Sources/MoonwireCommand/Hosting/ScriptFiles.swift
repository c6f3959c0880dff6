import CoreMetrics
import Foundation
import Logging
import Moonwire
import MoonwireConfiguration
import MoonwireScripts

/// The configured scripts on the disk.
struct ScriptFiles: Sendable {
    let sections: [HostConfiguration.ScriptSection]
    /// Folders whose files are scripts of their own. Decided once, so that a script folder whose entry is missing for a
    /// moment, in the middle of a deployment, does not become one.
    private let directories: Set<String>

    init(_ sections: [HostConfiguration.ScriptSection]) {
        self.sections = sections
        directories = Set(sections.map(\.path).filter(Self.isDirectory))
    }

    /// One script, as it is on the disk now.
    struct Entry: Sendable {
        let script: String
        /// With the path of the script itself, also where the configuration names a directory of scripts.
        let section: HostConfiguration.ScriptSection
        let reading: Result<ScriptSources, ScriptFailure>

        /// The folder below which the script finds its modules and attachments.
        var folder: String { ScriptFiles.folder(of: section.path) }
        var limits: ScriptLimits { ScriptLimits(memory: section.memory, cpu: section.cpu) }
    }

    /// Reads all scripts.
    ///
    /// - Throws: `HostError` when two scripts have the same name, or when a directory of scripts has none: as likely as
    ///   that all were taken away is that the directory cannot be read now, and then they must stay.
    func read() throws(HostError) -> [Entry] {
        var entries: [Entry] = []
        for section in expanded {
            guard !directories.contains(section.path) else {
                throw HostError(
                    "\(section.path) holds no script: the folder cannot be read, or has neither main.lua nor init.lua nor "
                        + "any other .lua file")
            }
            let name = Self.name(of: section.path)
            if let other = entries.first(where: { $0.script == name }) {
                throw HostError(
                    "two scripts are called '\(name)': \(other.section.path) and \(section.path); rename one of them")
            }
            entries.append(Entry(script: name, section: section, reading: Self.read(section)))
        }
        return entries
    }

    /// Reads all scripts for a start.
    ///
    /// - Throws: `HostError`, or the `ScriptFailure` of a script that cannot be read.
    func load() throws -> [(entry: Entry, sources: ScriptSources)] {
        try read().map { ($0, try $0.reading.get()) }
    }

    /// The sections with each directory of scripts replaced by its scripts. One without any stands for itself.
    var expanded: [HostConfiguration.ScriptSection] {
        sections.flatMap { section in
            guard directories.contains(section.path) else { return [section] }
            let scripts = Self.scripts(in: section.path).map { path in
                var script = section
                script.path = path
                return script
            }
            return scripts.isEmpty ? [section] : scripts
        }
    }

    /// What a watcher must look at.
    var footprint: ScriptFootprint {
        var footprint = ScriptFootprint()
        for section in sections where directories.contains(section.path) { footprint.folders.insert(section.path) }
        for section in expanded { footprint.formUnion(ScriptBundle.footprint(of: section.path)) }
        return footprint
    }

    /// A loader that knows where the scripts live and what they may use.
    static func loader(
        _ configuration: HostConfiguration, channels: [ChannelDescriptor], logger: Logger,
        metrics: (any MetricsFactory)? = nil
    ) -> LuaScriptLoader {
        let secrets = configuration.secrets
        let loader = LuaScriptLoader(
            ScriptEnvironment(
                channels: channels, secrets: { secrets[$0]?.revealed }, timeZone: configuration.timezone,
                logger: logger, metrics: metrics ?? NOOPMetricsHandler.instance))
        for section in ScriptFiles(configuration.scripts).expanded {
            loader.place(
                name(of: section.path), folder: folder(of: section.path),
                limits: ScriptLimits(memory: section.memory, cpu: section.cpu))
        }
        return loader
    }

    private static func read(_ section: HostConfiguration.ScriptSection) -> Result<ScriptSources, ScriptFailure> {
        do {
            return .success(try ScriptBundle.load(section.path, settings: section.settings))
        } catch {
            return .failure(error)
        }
    }

    /// Whether a path is a folder whose files are scripts of their own.
    private static func isDirectory(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
            && !ScriptBundle.isBundle(path)
    }

    /// Hidden files are the lock files and backups of editors.
    private static func scripts(in directory: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasSuffix(".lua") && !$0.hasPrefix(".") }.sorted().map { directory + "/" + $0 }
    }

    private static func name(of path: String) -> String {
        let url = URL(fileURLWithPath: path)
        return url.pathExtension == "lua" ? url.deletingPathExtension().lastPathComponent : url.lastPathComponent
    }

    private static func folder(of path: String) -> String {
        path.hasSuffix(".lua") ? URL(fileURLWithPath: path).deletingLastPathComponent().path : path
    }
}
