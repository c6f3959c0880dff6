import ArgumentParser
import Foundation

/// `moonwire scripts`: which versions there are, and who is still on them.
struct ScriptsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scripts", abstract: "Lists the scripts of a running host with their versions and runs.",
        discussion: """
            Example:
              moonwire scripts --config moonwire.yaml --json

            The current version of each script is marked with '*'. 'waiting' counts runs
            that wait for something, also those that are in the journal only; 'in memory'
            counts unfinished runs there.
            """)

    @OptionGroup var control: ControlOptions

    func run() async throws {
        try await control.ask(.scripts) { response, output in
            guard case .scripts(let host) = response else { return nil }
            guard !host.scripts.isEmpty else { return "no script is configured" }
            return host.scripts.map { Self.describe($0, output) }.joined(separator: "\n")
        }
    }

    private static func describe(_ script: ScriptStatus, _ output: Terminal) -> String {
        var lines = [
            output.colour(script.script, .cyan) + "  "
                + output.colour(script.path ?? "no longer configured", .grey)
        ]
        for version in script.versions {
            let mark = version.isCurrent ? output.colour("*", .green) : " "
            let parts = [
                version.version,
                version.since.map { (version.isCurrent ? "since " : "from ") + $0 } ?? "",
                "\(version.waiting) waiting", "\(version.inMemory) in memory", version.isRetired ? "retired" : "",
            ]
            lines.append("  \(mark) " + parts.filter { !$0.isEmpty }.joined(separator: "  "))
        }
        if script.versions.isEmpty { lines.append("    no version of it has run") }
        if let disk = script.rolledBackFrom {
            lines.append(
                output.colour(
                    "    rolled back from \(disk), which is on the disk; it counts again when the files change", .yellow
                ))
        }
        if let error = script.error {
            let since = script.errorAt.map { " (\($0))" } ?? ""
            lines.append(output.colour("    not loaded\(since): \(error)", .red))
        }
        return lines.joined(separator: "\n")
    }
}
