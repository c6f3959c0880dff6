import ArgumentParser
import Foundation
import Moonwire
import MoonwireConfiguration
import SQLiteJournal

/// Which broadcast a command is about.
struct BroadcastOptions: ParsableArguments {
    @Argument(help: "The broadcast's name, as the script registers it.")
    var name: String

    @Option(help: "Which time of it; the newest without it.")
    var key: String?
}

/// Reads the ledger from the journal, whether a host runs or not.
struct LedgerAccess {
    let ledger: any BroadcastLedger

    init(config: String) throws {
        let journal = try Complaint.wrongInput { try HostConfiguration.loadJournal(path: config) }
        do {
            ledger = try JournalReader(path: journal.path)
        } catch {
            throw Complaint.failed(error)
        }
    }

    func record(_ options: BroadcastOptions) async throws -> BroadcastRecord {
        let record: BroadcastRecord?
        do {
            record = try await ledger.broadcast(.named(options.name, key: options.key))
        } catch {
            throw Complaint.failed(error)
        }
        if let record { return record }
        let which = options.key.map { " with the key '\($0)'" } ?? ""
        throw Complaint.wrongInput(HostError("the journal has no broadcast '\(options.name)'\(which)"))
    }

    /// Shows a broadcast until it is over or paused.
    func follow(_ options: BroadcastOptions, json: Bool) async throws {
        var progress = BroadcastProgress(json: json)
        while true {
            let figures = BroadcastFigures(try await record(options))
            progress.show(figures, at: Date.now.timeIntervalSince1970)
            if figures.isOver || figures.state == "paused" {
                progress.end()
                if figures.state == "paused" { throw Exit.failed }
                return
            }
            try await Task.sleep(for: .milliseconds(500))
        }
    }
}
