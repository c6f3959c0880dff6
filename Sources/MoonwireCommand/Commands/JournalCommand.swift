import ArgumentParser
import EventJSON
import Foundation
import Moonwire
import MoonwireConfiguration
import SQLiteJournal

/// `moonwire journal`: what an ops team must look at.
struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "Lists effects whose fate is unknown, and runs that ended badly. The host must not be running.",
        discussion: """
            Example:
              moonwire journal --config moonwire.yaml --json
            """)

    @Option(name: .shortAndLong, help: "The configuration file.")
    var config = "moonwire.yaml"

    @Option(help: "The journal's file, instead of the configured one.")
    var path: String?

    @Option(help: "How many of each at most.")
    var limit = 100

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    func run() async throws {
        let file = try path ?? Complaint.wrongInput { try HostConfiguration.load(path: config).journal.path }
        guard FileManager.default.fileExists(atPath: file) else {
            throw Complaint.failed(HostError("there is no journal at \(file)"))
        }
        let unknown: [StepReport]
        let dead: [DeadLetter]
        do {
            let journal = try SQLiteJournal(path: file, durability: .process)
            unknown = try await journal.unknownSteps(limit: limit)
            dead = try await journal.deadLetters(limit: limit)
            await journal.close()
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
        Date(timeIntervalSince1970: seconds).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
