import ArgumentParser
import Foundation
import Moonwire

/// `moonwire broadcast preview`
struct BroadcastPreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Shows the first messages of a broadcast. Sends nothing.",
        discussion: """
            Example:
              moonwire broadcast preview autumn --count 20
              moonwire broadcast preview autumn --all      # a dry run: reads the whole audience and counts

            A dry run says who would be skipped if it began now, and what is left. It sends nothing, changes nothing, and \
            needs room for the addresses of the audience in the folder for temporary files.
            """)

    @OptionGroup var broadcast: BroadcastOptions
    @OptionGroup var control: ControlOptions

    @Option(name: [.customShort("n"), .long], help: "How many messages, 1000 at most.")
    var count = 10

    @Flag(help: "Read the whole audience and count who would be skipped, and why.")
    var all = false

    func validate() throws {
        guard (1...1000).contains(count) else {
            throw ValidationError("--count takes 1 to 1000; --all counts the rest")
        }
    }

    func run() async throws {
        let order = BroadcastOrder(
            action: .preview, name: broadcast.name, key: broadcast.key, limit: all ? 0 : count)
        try await control.order(order) { answer, output in answer.preview.map { Self.describe($0, output) } }
    }

    private static func describe(_ preview: BroadcastPreview, _ output: Terminal) -> String {
        var lines = preview.messages.map { message in
            let text = message.text.map { "\n  " + $0.replacing("\n", with: "\n  ") } ?? ""
            let problem = message.problem.map { "\n  " + output.colour($0, .red) } ?? ""
            return output.colour(message.address, .cyan) + text + problem
        }
        lines += preview.rejected.map { output.colour("line \($0.line)", .yellow) + " \($0.reason)" }
        if let outlook = preview.outlook {
            lines.append(BroadcastOutlookTable(preview, outlook).text(output))
            return lines.joined(separator: "\n")
        }
        let rows = preview.isWhole ? "\(preview.rows) rows in all" : "\(preview.rows) rows looked at"
        let duplicates =
            preview.duplicates.map { "\($0) duplicates" } ?? "duplicates are looked for with --all"
        lines.append(
            "\(rows), \(preview.rejectedCount) rejected, \(duplicates), "
                + "\(preview.unwritable) without a message, \(preview.unreachable) not reachable")
        if let reading = BroadcastFigures.reading(preview.encoding, preview.delimiter) {
            lines.append("file \(reading)")
        }
        return lines.joined(separator: "\n")
    }
}

/// `moonwire broadcast test`
struct BroadcastTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Sends a broadcast's message to one person, outside of the ledger.",
        discussion: "Example:\n  moonwire broadcast test autumn --to phone=+966500000001 --to name=Aisha")

    @Argument(help: "The broadcast's name, as the script registers it.")
    var name: String

    @Option(help: "A field of the row, such as phone=+966500000001; may be given several times.")
    var to: [String]

    @OptionGroup var control: ControlOptions

    func run() async throws {
        var row: [String: String] = [:]
        for field in to {
            guard let mark = field.firstIndex(of: "="), mark > field.startIndex else {
                throw Complaint.wrongInput(HostError("'\(field)' is no field; write it as phone=+966500000001"))
            }
            row[String(field[..<mark])] = String(field[field.index(after: mark)...])
        }
        try await control.order(BroadcastOrder(action: .test, name: name, row: row)) { answer, _ in
            answer.sent.map { $0.isEmpty ? "sent" : "sent; the platform calls it \($0)" }
        }
    }
}

/// `moonwire broadcast list`
struct BroadcastListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists broadcasts, newest first. The host may run.",
        discussion: "Example:\n  moonwire broadcast list --json")

    @Option(name: .shortAndLong, help: "The configuration file.")
    var config = "moonwire.yaml"

    @Option(help: "How many at most.")
    var limit = 50

    @Flag(help: "Print one JSON object a line instead of text.")
    var json = false

    func run() async throws {
        let access = try LedgerAccess(config: config)
        let records: [BroadcastRecord]
        do {
            records = try await access.ledger.broadcasts(named: nil, limit: limit)
        } catch {
            throw Complaint.failed(error)
        }
        let output = Terminal(.output)
        for figures in records.map({ BroadcastStatus($0) }) { output.line(json ? figures.line : figures.text(output)) }
        if records.isEmpty, !json { output.line("no broadcasts") }
    }
}

/// `moonwire broadcast status`
struct BroadcastStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tells how far a broadcast has come. The host may run.",
        discussion: "Example:\n  moonwire broadcast status autumn --follow")

    @OptionGroup var broadcast: BroadcastOptions

    @Option(name: .shortAndLong, help: "The configuration file.")
    var config = "moonwire.yaml"

    @Flag(help: "Print JSON instead of text.")
    var json = false

    @Flag(help: "Go on until it is over or paused: a bar on a terminal, JSON lines otherwise.")
    var follow = false

    func run() async throws {
        let access = try LedgerAccess(config: config)
        if follow { return try await access.follow(broadcast, json: json) }
        let record = try await access.record(broadcast)
        let wait = try await access.wait(of: record)
        let figures = BroadcastStatus(record, waitingFor: wait)
        let output = Terminal(.output)
        output.line(json ? figures.line : figures.text(output, waitingFor: wait?.text(at: LedgerAccess.now)))
    }
}

/// `moonwire broadcast report`
struct BroadcastReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Writes who got what, as CSV or as JSON lines. The host may run.",
        discussion: """
            Example:
              moonwire broadcast report autumn --state unknown --format json
              moonwire broadcast report autumn --rejected       # rows of the audience that were left out
            """)

    @OptionGroup var broadcast: BroadcastOptions

    @Option(name: .shortAndLong, help: "The configuration file.")
    var config = "moonwire.yaml"

    @Option(help: "csv or json.")
    var format = BroadcastReport.Format.csv

    @Option(help: "Only recipients in this state: pending, claimed, sent, skipped, failed or unknown.")
    var state: RecipientWord?

    @Flag(help: "The records of the audience that are nobody's row, with their lines.")
    var rejected = false

    func run() async throws {
        let access = try LedgerAccess(config: config)
        let record = try await access.record(broadcast)
        let output = Terminal(.output)
        do {
            if rejected { return try await writeRejected(of: record, access.ledger, to: output) }
            try await BroadcastReport(
                ledger: access.ledger, record: record, format: format, state: state?.state, write: output.write
            ).run()
        } catch {
            throw Complaint.failed(error)
        }
    }

    private func writeRejected(
        of record: BroadcastRecord, _ ledger: any BroadcastLedger, to output: Terminal
    ) async throws(JournalError) {
        var last: Int64 = 0
        if format == .csv { output.line("line,reason") }
        while true {
            let page = try await ledger.rejectedRecords(of: record.id, after: last, limit: 2000)
            guard let end = page.last else { return }
            last = end.line
            for rejected in page {
                output.line(
                    format == .csv
                        ? "\(rejected.line),\(BroadcastReport.quoted(rejected.reason))"
                        : String(decoding: ControlCoding.line(of: rejected), as: UTF8.self))
            }
        }
    }
}

extension BroadcastReport.Format: ExpressibleByArgument {}

/// A recipient's state as people write it.
struct RecipientWord: ExpressibleByArgument {
    let state: RecipientState

    init?(argument: String) {
        guard let state = RecipientState.allCases.first(where: { $0.word == argument }) else { return nil }
        self.state = state
    }

    static var allValueStrings: [String] { RecipientState.allCases.map(\.word) }
}
