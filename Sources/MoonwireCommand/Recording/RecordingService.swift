import Moonwire
import MoonwireConfiguration
import ServiceLifecycle

/// One channel that is connected and listened to, with nobody who answers.
struct RecordingService: Service {
    private let host: Host
    private let recorder: Recorder
    private let limit: Duration?
    private let failures: AsyncStream<any Error>

    /// - Parameters:
    ///   - configuration: A host's; of it the one channel is taken, and no script.
    ///   - limit: How long to record; until told to stop when nil.
    init(
        _ configuration: HostConfiguration, _ section: ChannelSection, recorder: Recorder, limit: Duration?,
        logs: LogSetup
    ) throws {
        var configuration = configuration
        configuration.channels = [section]
        configuration.scripts = []
        let (failures, report) = AsyncStream.makeStream(of: (any Error).self)
        let observer = EngineObserver { notice in
            if case .channelFailed(_, let error) = notice { report.yield(error) }
        }
        host = try Host(configuration, logs: logs, observer: observer, journal: MemoryJournal(), recorder: recorder)
        self.recorder = recorder
        self.limit = limit
        self.failures = failures
    }

    /// - Throws: What ended the channel for good, or a `HostError` when the recording cannot be written.
    func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await host.run(watches: false) }
                group.addTask { for await failure in failures { throw failure } }
                group.addTask { try await watch() }
                defer { group.cancelAll() }
                do {
                    try await group.next()
                } catch is CancellationError {
                    // Told to stop.
                }
            }
        }
    }

    private func watch() async throws {
        let progress = Progress("requests and frames; Ctrl-C ends it")
        defer { progress.end() }
        let end = limit.map { ContinuousClock.now + $0 }
        while end.map({ $0 > .now }) ?? true {
            if let failure = recorder.failure { throw HostError("the recording cannot be written: \(failure)") }
            progress.show(recorder.counts.requests + recorder.counts.frames)
            let rest = end.map { ContinuousClock.now.duration(to: $0) } ?? .milliseconds(500)
            try await Task.sleep(for: min(rest, .milliseconds(500)))
        }
    }
}
