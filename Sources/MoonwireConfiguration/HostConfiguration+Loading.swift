public import Foundation
import Moonwire
import Yams

extension HostConfiguration {
    /// Reads a configuration file.
    ///
    /// - Throws: `ConfigurationError` with every problem and its line.
    public static func load(
        path: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationError) -> HostConfiguration {
        let url = URL(fileURLWithPath: path)
        return try parse(
            try text(of: path), file: path, directory: url.deletingLastPathComponent(), environment: environment)
    }

    /// Reads from a configuration file only where its journal is: for commands that speak to a running host, and need
    /// none of its secrets.
    ///
    /// - Throws: `ConfigurationError` when the file or its section `journal` is wrong.
    public static func loadJournal(
        path: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationError) -> JournalSection {
        let root = try compose(try text(of: path), file: path)
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
        let reader = ConfigurationReader(directory: directory, environment: environment)
        var section = JournalSection()
        section.path = reader.url(section.path).path
        for (key, node) in reader.mapping(root, "the configuration", known: nil) where key == "journal" {
            readJournal(node, reader, into: &section)
        }
        try reader.finish(path)
        return section
    }

    private static func text(of path: String) throws(ConfigurationError) -> String {
        let url = URL(fileURLWithPath: path)
        do {
            return try String(contentsOf: url, encoding: .utf8)
        } catch {
            throw ConfigurationError(
                file: path,
                problems: [
                    .init(
                        line: nil,
                        message: FileManager.default.fileExists(atPath: url.path)
                            ? "the configuration cannot be read; check its permissions and that it is UTF-8 text"
                            : "there is no such file; write one, or name yours with --config")
                ])
        }
    }

    /// Reads a configuration from text; relative paths start at `directory`.
    public static func parse(
        _ text: String, file: String, directory: URL, environment: [String: String]
    ) throws(ConfigurationError) -> HostConfiguration {
        let root = try compose(text, file: file)
        let reader = ConfigurationReader(directory: directory, environment: environment)
        let configuration = read(root, reader)
        try reader.finish(file)
        return configuration
    }

    private static func compose(_ text: String, file: String) throws(ConfigurationError) -> Node {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw ConfigurationError(file: file, problems: [problem(of: error)])
        }
        guard let root else {
            throw ConfigurationError(file: file, problems: [.init(line: nil, message: "the configuration is empty")])
        }
        return root
    }

    private static func problem(of error: any Error) -> ConfigurationError.Problem {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
            .composer(_, let problem, let mark, _)?:
            return .init(line: mark.line, message: "this is not YAML: \(problem)")
        default: return .init(line: nil, message: "this is not YAML: \(error)")
        }
    }

    private static func read(_ root: Node, _ reader: ConfigurationReader) -> HostConfiguration {
        var configuration = HostConfiguration()
        configuration.journal.path = reader.url(configuration.journal.path).path
        let known: Set = [
            "journal", "channels", "dashboards", "scripts", "watch", "secrets", "http", "server", "engine", "log",
            "timezone", "broadcasts", "opt_out",
        ]
        var dashboards: [(key: String, node: Node)] = []
        for (key, node) in reader.mapping(root, "the configuration", known: known) {
            switch key {
            case "journal": readJournal(node, reader, into: &configuration.journal)
            case "channels":
                for (name, channel) in reader.mapping(node, "channels", known: nil) {
                    if name == ChannelID.host.rawValue {
                        reader.report(
                            channel, "no channel may be called '\(name)': that is what belongs to no platform")
                    }
                    if let section = ChannelSection.read(channel, name: name, reader) {
                        configuration.channels.append(section)
                    }
                }
            case "dashboards": dashboards = reader.mapping(node, "dashboards", known: nil)
            case "scripts": configuration.scripts = readScripts(node, reader)
            case "watch": configuration.watch = reader.boolean(node, key) ?? configuration.watch
            case "secrets":
                for (name, value) in reader.mapping(node, "secrets", known: nil) {
                    configuration.secrets[name] = reader.secret(value, name)
                }
            case "http": readHTTP(node, reader, into: &configuration.http)
            case "server": configuration.server = ServerSection.read(node, reader)
            case "engine": readEngine(node, reader, into: &configuration.engine)
            case "log": readLog(node, reader, into: &configuration.log)
            case "broadcasts": readBroadcasts(node, reader, into: &configuration.engine.broadcasts)
            case "opt_out": readOptOut(node, reader, into: &configuration.engine.broadcasts)
            default:
                guard let zone = reader.string(node, key) else { break }
                if TimeZone(identifier: zone) == nil {
                    reader.report(node, "'\(zone)' is no IANA time zone; write one such as Asia/Riyadh")
                }
                configuration.timezone = zone
            }
        }
        // Wherever they stand in the file, they speak of its channels.
        configuration.dashboards = dashboards.compactMap { name, node in
            DashboardSection.read(node, name: name, channels: configuration.channels, reader)
        }
        return configuration
    }

    private static func readJournal(
        _ node: Node, _ reader: ConfigurationReader, into section: inout JournalSection
    ) {
        for (key, value) in reader.mapping(node, "journal", known: ["path", "durability", "retention"]) {
            switch key {
            case "path": if let path = reader.string(value, "path") { section.path = reader.url(path).path }
            case "durability":
                if let durability = reader.choice(value, key, of: JournalSection.Durability.self) {
                    section.durability = durability
                }
            default:
                var payloads = section.retention.payloads
                var keys = section.retention.keys
                var broadcasts = section.retention.broadcasts
                for (name, value) in reader.mapping(value, "retention", known: ["payloads", "keys", "broadcasts"]) {
                    guard let duration = reader.duration(value, name) else { continue }
                    switch name {
                    case "payloads": payloads = duration
                    case "keys": keys = duration
                    default: broadcasts = duration
                    }
                }
                section.retention = RetentionPolicy(payloads: payloads, keys: keys, broadcasts: broadcasts)
            }
        }
    }

    private static func readScripts(_ node: Node, _ reader: ConfigurationReader) -> [ScriptSection] {
        guard case .sequence(let sequence) = node else {
            reader.report(node, "'scripts' must be a list of paths, or of mappings with 'path'")
            return []
        }
        return sequence.compactMap { item in
            guard case .mapping = item else {
                guard let path = reader.string(item, "scripts") else { return nil }
                return ScriptSection(path: reader.url(path).path, line: item.mark?.line)
            }
            var script = ScriptSection(path: "", line: item.mark?.line)
            for (key, value) in reader.mapping(item, "scripts", known: ["path", "settings", "memory", "cpu"]) {
                switch key {
                case "path": if let path = reader.string(value, key) { script.path = reader.url(path).path }
                case "settings": script.settings = reader.json(value, key)
                case "memory":
                    if let mebibytes = reader.integer(value, key, in: 1...4096) { script.memory = mebibytes << 20 }
                default: if let cpu = reader.duration(value, key) { script.cpu = cpu }
                }
            }
            if script.path.isEmpty {
                reader.report(item, "a script needs its 'path'")
                return nil
            }
            return script
        }
    }

    private static func readHTTP(_ node: Node, _ reader: ConfigurationReader, into section: inout HTTPSection) {
        for (key, value) in reader.mapping(node, "http", known: ["allow", "allow_private"]) {
            let hosts = reader.strings(value, key)
            if key == "allow" { section.allow = hosts } else { section.allowPrivate = hosts }
        }
    }

    private static func readEngine(_ node: Node, _ reader: ConfigurationReader, into settings: inout EngineSettings) {
        let known: Set = [
            "lanes", "loop_guard", "window", "max_steps", "outcome_size", "run_size", "passivate_after",
            "waiting_in_memory", "drain",
        ]
        for (key, value) in reader.mapping(node, "engine", known: known) {
            switch key {
            case "lanes": settings.lanes = reader.integer(value, key, in: 1...64) ?? settings.lanes
            case "loop_guard":
                settings.loopGuardLimit = reader.integer(value, key, in: 1...100_000) ?? settings.loopGuardLimit
            case "window": settings.window = reader.integer(value, key, in: 1...1_000_000) ?? settings.window
            case "max_steps": settings.maxSteps = reader.integer(value, key, in: 1...1_000_000) ?? settings.maxSteps
            case "outcome_size":
                if let mebibytes = reader.integer(value, key, in: 1...256) { settings.outcomeLimit = mebibytes << 20 }
            case "run_size":
                if let mebibytes = reader.integer(value, key, in: 1...4096) { settings.runLimit = mebibytes << 20 }
            case "passivate_after":
                settings.passivation.idle = reader.duration(value, key) ?? settings.passivation.idle
            case "waiting_in_memory":
                settings.passivation.ceiling =
                    reader.integer(value, key, in: 0...1_000_000) ?? settings.passivation.ceiling
            default: settings.drain = reader.duration(value, key) ?? settings.drain
            }
        }
    }

    private static func readLog(_ node: Node, _ reader: ConfigurationReader, into section: inout LogSection) {
        for (key, value) in reader.mapping(node, "log", known: ["level", "format"]) {
            switch key {
            case "level": section.level = reader.choice(value, key, of: LogSection.Level.self) ?? section.level
            default: section.format = reader.choice(value, key, of: LogSection.Format.self) ?? section.format
            }
        }
    }
}
