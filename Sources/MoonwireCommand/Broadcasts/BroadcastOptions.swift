import ArgumentParser
import Foundation
import Moonwire
import MoonwireConfiguration
import SQLiteJournal

/// Which broadcast a command is about.
struct BroadcastOptions: ParsableArguments {
    @Argument(help: "The broadcast's name, as the script registers it.")
    var name: String

    @Option(help: "Which time of it; without it the newest, or for new and start today's.")
    var key: String?
}

/// Reads the ledger from the journal, whether a host runs or not.
struct LedgerAccess {
    let ledger: any BroadcastLedger
    private let host: ControlClient

    init(config: String) throws {
        let journal = try Complaint.wrongInput { try HostConfiguration.loadJournal(path: config) }
        host = ControlClient(journal: journal.path, configuration: config)
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

    /// Why a broadcast sends nothing for the moment.
    func wait(of record: BroadcastRecord) async throws -> BroadcastWait? {
        guard record.state == .running || record.state == .finishing else { return nil }
        guard await host.isHostRunning() else { return .host }
        do {
            return BroadcastWait(record, nextDue: try await ledger.nextDue(of: record.id), at: Self.now)
        } catch {
            throw Complaint.failed(error)
        }
    }

    /// Shows a broadcast until it is over or paused.
    func follow(_ options: BroadcastOptions, json: Bool) async throws {
        var progress = BroadcastProgress(json: json)
        while true {
            let record = try await record(options)
            let wait = try await wait(of: record)
            progress.show(record, waitingFor: wait, at: Self.now)
            // A draft whose audience is there goes on when a person says so.
            let isDraft = record.state == .draft && record.isAudienceComplete
            if record.state.isOver || isDraft || record.state == .paused {
                progress.end()
                if record.state == .paused { throw Exit.failed }
                return
            }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    static var now: Instant { Instant(seconds: Date.now.timeIntervalSince1970) }
}
