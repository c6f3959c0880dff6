import EventJSON
import Foundation
import Moonwire
import MoonwireConfiguration
import MoonwireScripts
import SQLiteJournal

/// `moonwire check --replay`: rebuilds what the journal holds and prints what differs.
struct ReplayReport {
    let config: String
    let scripts: [String]
    let json: Bool

    func run() async throws {
        let configuration = try Complaint.wrongInput { try HostConfiguration.load(path: config) }
        let names: Set<String>? = scripts.isEmpty ? nil : Set(scripts.map(Self.name))
        let report: ReplayCheck.Report
        do {
            let reader = try JournalReader(path: configuration.journal.path)
            let check = ReplayCheck(
                reader, loader: Workbench(configuration).loader, maxSteps: configuration.engine.maxSteps)
            let progress = Progress("runs rebuilt")
            report = try await check.execute(scripts: names, progress: progress.show)
            progress.end()
        } catch {
            throw Complaint.failed(error)
        }
        let output = Terminal(.output)
        output.line(json ? Self.encode(report) : Self.describe(report, output))
        if !report.findings.isEmpty { throw Exit.wrongInput }
    }

    private static func name(of path: String) -> String {
        let url = URL(fileURLWithPath: path)
        return url.pathExtension == "lua" ? url.deletingPathExtension().lastPathComponent : url.lastPathComponent
    }

    private static func describe(_ report: ReplayCheck.Report, _ output: Terminal) -> String {
        var lines: [String] = []
        for finding in report.findings {
            lines += [
                output.colour("differs ", .red)
                    + "run \(finding.run.id) of \(finding.run.script) \(finding.run.version.prefix(7)), "
                    + "\(finding.run.handler), session \(finding.run.session), step \(finding.difference.number)",
                "  - recorded  \(finding.difference.recorded)", "  + rebuilt   it \(finding.difference.now)",
            ]
        }
        let skipped = report.skipped == 0 ? "" : ", \(report.skipped) skipped, as retention has taken what they need"
        let counts =
            "\(SessionText.counted(report.runs, "run")) with \(SessionText.counted(report.steps, "step")) rebuilt, "
            + "\(report.findings.count) differ\(skipped)"
        if !report.findings.isEmpty {
            lines.append("Look for file-level variables that handlers write: 'moonwire check' names them.")
        }
        lines.append(output.colour(counts, report.findings.isEmpty ? .green : .red))
        return lines.joined(separator: "\n")
    }

    private static func encode(_ report: ReplayCheck.Report) -> String {
        let tree: JSON = [
            "runs": .int(Int64(report.runs)), "steps": .int(Int64(report.steps)),
            "skipped": .int(Int64(report.skipped)),
            "differences": .array(
                report.findings.map { finding in
                    [
                        "run": .string("\(finding.run.id)"), "script": .string(finding.run.script),
                        "version": .string(finding.run.version), "handler": .string(finding.run.handler),
                        "session": .string("\(finding.run.session)"),
                        "step": .int(Int64(finding.difference.number)),
                        "recorded": .string(finding.difference.recorded), "rebuilt": .string(finding.difference.now),
                    ]
                }),
        ]
        return String(decoding: tree.bytes, as: UTF8.self)
    }
}
