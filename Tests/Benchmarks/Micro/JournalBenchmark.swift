import Foundation
import Moonwire
import SQLiteJournal

/// What the journal costs for an event that a script answers once: three batches, each after the commit of the one
/// before, with many events under way.
struct JournalBenchmark {
    let directory: String

    private static let inFlight = 100
    private static let events = 50_000
    private static let warmUp = 5_000

    func run(_ report: inout Report) async throws {
        let folder = "\(directory)/moonwire-bench-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let journal = try SQLiteJournal(path: folder + "/bench.journal")
        let load = JournalLoad(journal)
        try await load.run(Self.warmUp, inFlight: Self.inFlight)
        let watch = Stopwatch()
        try await load.run(Self.events, inFlight: Self.inFlight)
        let events = Double(Self.events)
        report.add("journal_in_flight", Self.inFlight)
        report.add("journal_events", Self.events)
        report.add("journal_event_bytes", JournaledEvent.bodyByteCount)
        report.add("journal_append_us_per_event", watch.wallNanoseconds / 1e3 / events, parts: 100)
        report.add("journal_cpu_us_per_event", watch.cpuNanoseconds / 1e3 / events, parts: 100)
        await journal.close()
    }
}
