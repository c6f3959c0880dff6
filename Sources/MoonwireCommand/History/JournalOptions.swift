import ArgumentParser
import Moonwire
import MoonwireConfiguration
import SQLiteJournal

/// Which journal a command looks into.
struct JournalOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The configuration file.")
    var config = "moonwire.yaml"

    @Option(help: "The journal's file, instead of the configured one.")
    var path: String?

    /// Says what is wrong, and throws the exit code for it.
    func open() throws -> any JournalHistory { try reader() }

    func reader() throws -> JournalReader {
        let file = try path ?? Complaint.wrongInput { try HostConfiguration.load(path: config).journal.path }
        do {
            return try JournalReader(path: file)
        } catch {
            throw Complaint.failed(error)
        }
    }
}
