import ArgumentParser
import EventJSON
import Foundation
import Moonwire

/// `moonwire journal`: what an ops team must look at.
struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "Lists effects whose fate is unknown, and runs that ended badly. The host may run.",
        discussion: """
            Example:
              moonwire journal --config moonwire.yaml --json
            """)

    @OptionGroup var journal: JournalOptions

    @Option(help: "How many of each at most.")
    var limit = 100

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    func run() async throws {
        let reader = try journal.open()
        let unknown: [StepReport]
        let dead: [DeadLetter]
        do {
            unknown = try await reader.unknownSteps(limit: limit)
            dead = try await reader.deadLetters(limit: limit)
        } catch {
            throw Complaint.failed(error)
        }
        let output = Terminal(.output)
        output.line(json ? Self.encode(unknown, dead) : Self.describe(unknown, dead))
    }

    private static func describe(_ unknown: [StepReport], _ dead: [DeadLetter]) -> String {
        var lines = ["\(unknown.count) effects with unknown fate"]
        for report in unknown {
            lines.append(
                "  \(report.step.step.at.iso8601)  \(report.run.session)  \(report.step.step.kind)"
                    + "\(report.step.step.arguments.text)  (\(report.run.script), run \(report.run.id), step "
                    + "\(report.step.step.number), \(report.step.step.location))")
        }
        lines.append("\(dead.count) dead letters")
        for letter in dead {
            lines.append("  \(letter.at.iso8601)  \(letter.session)  \(letter.script)")
            lines += letter.error.split(separator: "\n").map { "    " + $0 }
        }
        return lines.joined(separator: "\n")
    }

    private static func encode(_ unknown: [StepReport], _ dead: [DeadLetter]) -> String {
        let tree: JSON = [
            "unknown": .array(
                unknown.map { report in
                    [
                        "at": .string(report.step.step.at.iso8601), "session": .string("\(report.run.session)"),
                        "script": .string(report.run.script), "run": .string("\(report.run.id)"),
                        "step": .int(Int64(report.step.step.number)), "kind": .string(report.step.step.kind),
                        "arguments": .string(report.step.step.arguments.text),
                        "location": .string(report.step.step.location),
                    ]
                }),
            "dead": .array(
                dead.map { letter in
                    [
                        "at": .string(letter.at.iso8601), "session": .string("\(letter.session)"),
                        "script": .string(letter.script), "error": .string(letter.error),
                    ]
                }),
        ]
        return String(decoding: tree.bytes, as: UTF8.self)
    }
}

extension Instant {
    /// As people and machines both read it.
    var iso8601: String {
        // The formatter cuts off what a Double lacks to the full millisecond.
        Date(timeIntervalSince1970: seconds + 0.0002)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
