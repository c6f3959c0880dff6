import ArgumentParser
import Foundation
import Moonwire
import MoonwireConfiguration
import MoonwireScripts

/// `moonwire rehearse`: what would clients have got from a changed script?
struct RehearseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "Runs a changed script against recorded events, sends nothing, and prints which sessions differ.",
        discussion: """
            Example:
              moonwire rehearse drafts/orders.lua --since 24h --config moonwire.yaml

            The file's name says which configured script it stands for; the others run
            as they are on the disk. A step that is the same takes its recorded
            outcome. A step whose outcome nobody recorded, such as a new request, is
            unknown: its session is not rehearsed any further. The host may run.

            Exit codes: 0 every session gets the same, 3 some differ or are unknown,
            1 something failed, 2 the configuration or a script is wrong.
            """)

    @Argument(help: "The changed script: a .lua file or a folder.")
    var script: String

    @OptionGroup var journal: JournalOptions

    @Option(help: "Events since when: 90m, 24h, 7d, or 2026-11-21T16:00:00Z. (default: 24h)")
    var since: PastTime?

    @Option(help: "How many sessions at most.")
    var limit: Int?

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1") }
    }

    func run() async throws {
        var configuration = try Complaint.wrongInput { try HostConfiguration.load(path: journal.config) }
        let scripts = try Complaint.wrongInput { try stage(in: &configuration) }
        let reader = try journal.open()
        let bench = Workbench(configuration)
        let rehearsal = Rehearsal(
            reader, loader: bench.loader, scripts: scripts.all, candidate: scripts.candidate, channels: bench.channels,
            settings: configuration.engine, changes: StepKind.changesSomething)
        let yesterday = Instant(rawValue: HostClock.system.now.rawValue - 86_400_000)
        let progress = Progress("events rehearsed")
        let report: RehearsalReport
        do {
            report = try await rehearsal.execute(
                since: since?.instant ?? yesterday, limit: limit ?? .max,
                progress: progress.show)
            progress.end()
        } catch let failure as ScriptFailure {
            throw Complaint.wrongInput(failure)
        } catch {
            throw Complaint.failed(error)
        }
        let output = Terminal(.output)
        let text = RehearsalText(report: report)
        for line in json ? [text.json] : text.lines(output.colour) { output.line(line) }
        if report.different + report.unknown > 0 { throw Exit.different }
    }

    /// Puts the candidate in the place of the configured script of its name.
    private func stage(in configuration: inout HostConfiguration) throws -> (all: [ScriptSources], candidate: String) {
        let path = URL(fileURLWithPath: script).standardizedFileURL.path
        let name = try ScriptBundle.load(path).script
        configuration.scripts = ScriptFiles(configuration.scripts).expanded
        let configured = try ScriptFiles(configuration.scripts).load().map(\.sources)
        guard let place = configured.firstIndex(where: { $0.script == name }) else {
            let names = configured.map { "'\($0.script)'" }.joined(separator: ", ")
            throw HostError(
                "no configured script is called '\(name)'; the file's name says which of them it stands for: "
                    + (names.isEmpty ? "none is configured" : names))
        }
        configuration.scripts[place].path = path
        return (try ScriptFiles(configuration.scripts).load().map(\.sources), name)
    }
}
