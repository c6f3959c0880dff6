import ArgumentParser
import EventJSON
import Foundation
import Logging
import Moonwire
import MoonwireConfiguration
import MoonwireScripts

/// `moonwire check`: reads everything that `run` would, and connects to nothing.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Checks the configuration and the scripts without connecting.",
        discussion: """
            Example:
              moonwire check --config moonwire.yaml && systemctl restart moonwire

            Scripts are loaded, but no handler runs. What handlers would do is read from \
            their compiled form: unknown globals, and unknown fields of bot, session, event \
            and the like, are errors; file-level variables that handlers write, which can \
            make a run impossible to replay, are warnings.

            A job's next due time is the one that the journal holds; where there is no journal, or none that knows the \
            job, it is counted from now, and the line says so.

            Every problem is printed as file:line: message. Exit code 0 when there is no error, 2 otherwise.

            With --replay every run that the journal keeps is rebuilt from its recorded outcomes and compared step by \
            step; the host may run meanwhile.
            """)

    @Option(name: .shortAndLong, help: "The configuration file.")
    var config = "moonwire.yaml"

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    @Flag(help: "Rebuild the recorded runs of the scripts, and compare, instead of checking the files.")
    var replay = false

    @Argument(help: "Scripts to check instead of the configured ones.")
    var scripts: [String] = []

    func run() async throws {
        if replay {
            try await ReplayReport(config: config, scripts: scripts, json: json).run()
            return
        }
        var findings: [Finding] = []
        var configuration = HostConfiguration()
        if scripts.isEmpty {
            do {
                configuration = try HostConfiguration.load(path: config)
            } catch {
                findings += error.problems.map { Finding(file: error.file, line: $0.line, message: $0.message) }
            }
        } else {
            configuration.scripts = scripts.map { HostConfiguration.ScriptSection(path: $0) }
        }
        var handlers: [(script: String, handler: HandlerDescriptor)] = []
        var claims = NameClaims()
        var broadcasts: [BroadcastCheck.Entry] = []
        for section in ScriptFiles(configuration.scripts).expanded {
            let (found, registered, planned) = check(section, configuration)
            findings += found
            handlers += registered
            findings += claims.claim(registered.map(\.handler), of: registered.first?.script ?? "").map { conflict in
                Finding(file: section.path, line: nil, message: "\(conflict.problem) (\(conflict.handler.location))")
            }
            broadcasts += planned
        }
        findings += Self.unreachable(handlers, configuration, file: config)
        findings += Self.unreachable(configuration).map { Finding(file: config, line: $0.line, message: $0.message) }
        findings += Self.unreachableDashboards(configuration, file: config)
        let reach = BroadcastCheck(broadcasts, channels: configuration.channels)
        findings += reach.findings
        let stored = scripts.isEmpty ? await StoredJobs(journal: configuration.journal.path) : StoredJobs()
        report(findings, handlers, reach.lines, configuration, stored)
        if findings.contains(where: \.isError) { throw Exit.wrongInput }
    }

    private func check(
        _ section: HostConfiguration.ScriptSection, _ configuration: HostConfiguration
    ) -> ([Finding], [(script: String, handler: HandlerDescriptor)], [BroadcastCheck.Entry]) {
        do {
            let sources = try ScriptBundle.load(section.path, settings: section.settings)
            let folder =
                section.path.hasSuffix(".lua")
                ? URL(fileURLWithPath: section.path).deletingLastPathComponent().relativePath : section.path
            let loader = ScriptFiles.loader(
                configuration, channels: [], logger: Logger(label: "check") { _ in SwiftLogNoOpLogHandler() })
            let report = loader.check(sources)
            let findings = report.diagnostics.map { diagnostic in
                Finding(
                    file: diagnostic.file.isEmpty ? section.path : "\(folder)/\(diagnostic.file)",
                    line: diagnostic.line, message: diagnostic.message, isError: diagnostic.severity == .error)
            }
            let broadcasts = report.broadcasts.map { BroadcastCheck.Entry(plan: $0, folder: folder) }
            return (findings, report.handlers.map { (sources.script, $0) }, broadcasts)
        } catch {
            return ([Finding(file: section.path, line: nil, message: "\(error)")], [], [])
        }
    }

    /// Channels that their platforms call, while nothing listens.
    private static func unreachable(_ configuration: HostConfiguration) -> [(line: Int?, message: String)] {
        guard configuration.server == nil else { return [] }
        return configuration.channels.compactMap { channel in
            guard case .custom = channel.seat else { return nil }
            return (
                channel.line,
                "channel '\(channel.name)' is called by its platform: the configuration needs a section 'server' with "
                    + "'listen' and 'public_url'"
            )
        }
    }

    private func report(
        _ findings: [Finding], _ handlers: [(script: String, handler: HandlerDescriptor)], _ broadcasts: [String],
        _ configuration: HostConfiguration, _ stored: StoredJobs
    ) {
        let output = Terminal(.output)
        guard !json else {
            output.line(Self.encode(findings, handlers, configuration, stored))
            return
        }
        for finding in findings {
            let colour: Terminal.Colour = finding.isError ? .red : .yellow
            output.line(output.colour(finding.isError ? "error   " : "warning ", colour) + finding.description)
        }
        for channel in configuration.channels {
            let rate = (channel.delivery.rate * 60).rounded()
            let pace = channel.delivery.rate > 0 ? "at most \(Int(rate)) requests a minute" : "no limit of requests"
            output.line(
                "channel \(output.colour(channel.name, .cyan)): \(channel.platform.rawValue), "
                    + "\(channel.role.rawValue), \(channel.origin), \(pace)")
            if let url = configuration.baseURL(of: channel) {
                output.line("  API base URL, for the platform's settings: \(output.colour(url, .cyan))")
            }
            if let route = BroadcastRoute(channel) { output.line("  broadcasts: \(route.words)") }
        }
        for line in Self.lines(of: configuration.dashboards, configuration, output.colour) { output.line(line) }
        let now = HostClock.system.now
        for case let (script, job?) in handlers.map({ ($0.script, $0.handler.job) }) {
            let next = stored.next(of: job, at: now).words(at: now)
            output.line(
                "job     \(output.colour(job.name, .cyan)): \(job.schedule.words), \(next) (\(script), \(job.location))"
            )
        }
        for case let (script, webhook?) in handlers.map({ ($0.script, $0.handler.webhook) }) {
            output.line(Self.line(webhook, script, configuration, output))
        }
        for (script, handler) in handlers where handler.job == nil && handler.webhook == nil {
            output.line("script  \(output.colour(script, .cyan)): \(handler.identity) (\(handler.location))")
        }
        for line in broadcasts { output.line(line) }
        let errors = findings.count(where: \.isError)
        let summary = errors == 0 ? output.colour("ok", .green) : output.colour("\(errors) to mend", .red)
        output.line(summary)
    }

    private static func encode(
        _ findings: [Finding], _ handlers: [(script: String, handler: HandlerDescriptor)],
        _ configuration: HostConfiguration, _ stored: StoredJobs
    ) -> String {
        let now = HostClock.system.now
        let tree: JSON = [
            "ok": .bool(!findings.contains(where: \.isError)),
            "findings": .array(
                findings.map { finding in
                    [
                        "severity": .string(finding.isError ? "error" : "warning"), "file": .string(finding.file),
                        "line": finding.line.map { .int(Int64($0)) } ?? .null, "message": .string(finding.message),
                    ]
                }),
            "channels": .array(
                configuration.channels.map { channel in
                    var object: JSONObject = [
                        "name": .string(channel.name), "platform": .string(channel.platform.rawValue),
                        "role": .string(channel.role.rawValue), "origin": .string(channel.origin),
                    ]
                    if let url = configuration.baseURL(of: channel) { object.append("base_url", .string(url)) }
                    if let route = BroadcastRoute(channel) { object.append("broadcasts", route.json) }
                    return .object(object)
                }),
            "dashboards": .array(configuration.dashboards.map { Self.encode($0, configuration) }),
            "webhooks": .array(
                handlers.compactMap { script, handler in
                    handler.webhook.map { Self.encode($0, script, configuration) }
                }),
            "jobs": .array(
                handlers.compactMap { script, handler in
                    handler.job.map { job -> JSON in
                        let next = stored.next(of: job, at: now)
                        return [
                            "script": .string(script), "name": .string(job.name), "location": .string(job.location),
                            "words": .string(job.schedule.words), "next": next.due.map { .string($0.iso8601) } ?? .null,
                            "next_is_stored": .bool(next.isStored), "is_paused": .bool(next.isPaused),
                        ]
                    }
                }),
            "handlers": .array(
                handlers.map { entry in
                    [
                        "script": .string(entry.script), "name": .string(entry.handler.identity),
                        "location": .string(entry.handler.location),
                    ]
                }),
        ]
        return String(decoding: tree.bytes, as: UTF8.self)
    }
}

extension HostConfiguration {
    /// What a custom channel's platform is to call, for its settings.
    fileprivate func baseURL(of channel: ChannelSection) -> String? {
        guard case .custom(let seat) = channel.seat else { return nil }
        return server?.address(of: seat.basePath)
    }
}

/// One thing that is wrong, or worth knowing, and where.
struct Finding: CustomStringConvertible {
    let file: String
    let line: Int?
    let message: String
    var isError = true

    var description: String { (line.map { "\(file):\($0)" } ?? file) + ": " + message }
}
