import Foundation
import Logging
import Moonwire
import MoonwireConfiguration
import MoonwireScripts

/// The configured scripts, read from disk.
enum ScriptFiles {
    static func load(_ sections: [HostConfiguration.ScriptSection]) throws -> [ScriptSources] {
        var scripts: [ScriptSources] = []
        for section in sections {
            let sources = try ScriptBundle.load(section.path, settings: section.settings)
            if scripts.contains(where: { $0.script == sources.script }) {
                throw HostError("two scripts are called '\(sources.script)'; rename one of the files")
            }
            scripts.append(sources)
        }
        return scripts
    }

    static func loader(
        _ configuration: HostConfiguration, channels: [ChannelDescriptor], logger: Logger
    ) -> LuaScriptLoader {
        let secrets = configuration.secrets
        var environment = ScriptEnvironment(
            channels: channels, secrets: { secrets[$0]?.revealed }, timeZone: configuration.timezone, logger: logger)
        for section in configuration.scripts {
            let name = ScriptFiles.name(of: section.path)
            environment.folders[name] = folder(of: section.path)
            environment.limits[name] = ScriptLimits(memory: section.memory, cpu: section.cpu)
        }
        return LuaScriptLoader(environment)
    }

    private static func name(of path: String) -> String {
        let url = URL(fileURLWithPath: path)
        return url.pathExtension == "lua" ? url.deletingPathExtension().lastPathComponent : url.lastPathComponent
    }

    private static func folder(of path: String) -> String {
        path.hasSuffix(".lua") ? URL(fileURLWithPath: path).deletingLastPathComponent().path : path
    }
}
