import Foundation
import Logging
import Moonwire
import MoonwireScripts
import SQLiteJournal

/// A host that starts on a journal with very many waiting dialogs: how long until it serves, what it holds in memory,
/// how long a client waits whose dialog has to be brought back.
struct DialogBenchmark {
    let path: String

    private static let wakes = 500

    /// Fills a new journal. The process that measures is another one, so that this one's memory does not count.
    func make(_ dialogs: Int) async throws {
        let journal = try SQLiteJournal(path: path)
        let loader = LuaScriptLoader(ScriptEnvironment(logger: Self.silent))
        let script = try loader.instantiate(WaitingDialog.sources)
        let now = HostClock.system.now
        let requests = try WaitingDialog.requests(script, at: now)
        try await journal.append([.version(WaitingDialog.sources, at: now)])
        let batch = 2000
        for start in stride(from: 1, through: dialogs, by: batch) {
            let numbers = start..<min(start + batch, dialogs + 1)
            let group = numbers.map { WaitingDialog(number: $0, at: now) }
            let admitted = try await journal.append(group.map(\.admission))
            var entries: [JournalEntry] = []
            for (dialog, result) in zip(group, admitted) {
                guard case .admitted(let id) = result else { continue }
                entries += dialog.steps(id, asking: requests)
            }
            try await journal.append(entries)
        }
        await journal.close()
    }

    func run(_ report: inout Report) async throws {
        let watch = Stopwatch()
        let journal = try SQLiteJournal(path: path)
        let channel = AnsweringChannel()
        let engine = Engine(
            channels: [Engine.ChannelBinding(channel)], journal: journal,
            loader: LuaScriptLoader(ScriptEnvironment(channels: [channel.descriptor], logger: Self.silent)),
            logger: Self.silent)
        let host = Task { try await engine.run(installing: [WaitingDialog.sources]) }
        let context = await channel.context()
        let started = watch.wallNanoseconds
        let dialogs = await engine.status().asleep
        guard dialogs >= Self.wakes else {
            throw BenchmarkError(description: "the journal has \(dialogs) waiting dialogs; make some more first")
        }
        let memory = Self.residentBytes
        var latencies: [Double] = []
        // A journal that was measured before knows the keys of then.
        let round = HostClock.system.now.rawValue
        for wake in 0..<Self.wakes {
            let dialog = WaitingDialog(
                number: wake * (dialogs / Self.wakes) % dialogs + 1, at: HostClock.system.now)
            let watch = Stopwatch()
            _ = try await context.admit([dialog.message("Sara", key: "answer:\(round):\(wake)")], [])
            let text = await channel.sent()
            latencies.append(watch.wallNanoseconds)
            guard text == "Hello Sara" else { throw BenchmarkError(description: "the dialog said \(text)") }
        }
        latencies.sort()
        report.add("dialogs_waiting", dialogs)
        report.add("dialogs_start_ms", started / 1e6, parts: 10)
        report.add("dialogs_start_memory_mib", Double(memory) / 1_048_576, parts: 10)
        report.add("dialogs_wake_p50_us", latencies[latencies.count / 2] / 1e3)
        report.add("dialogs_wake_p99_us", latencies[latencies.count * 99 / 100] / 1e3)
        report.add("dialogs_memory_after_wakes_mib", Double(Self.residentBytes) / 1_048_576, parts: 10)
        host.cancel()
        _ = try? await host.value
    }

    private static var silent: Logger { Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() } }

    /// What the system has given to this process, as Linux tells; 0 elsewhere.
    private static var residentBytes: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let fields = text.split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
    }
}

extension Journal {
    /// Appends and waits for the commit.
    @discardableResult
    func append(_ entries: [JournalEntry]) async throws -> [JournalEntryResult] {
        try await withCheckedThrowingContinuation { continuation in
            append(
                JournalBatch(entries: entries, mayFail: true) { result in
                    continuation.resume(with: result.mapError { $0 as any Error })
                })
        }
    }
}
