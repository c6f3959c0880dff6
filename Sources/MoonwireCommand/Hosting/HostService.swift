import Logging
import Moonwire
import ServiceLifecycle

/// The engine with its scripts and the journal's housekeeping, as one service.
struct HostService: Service {
    let host: Host
    let retention: RetentionPolicy
    let watches: Bool
    /// Where commands reach the host.
    let controlPaths: [String]
    let logger: Logger

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let control = ControlServer(
                    paths: controlPaths, logger: logger,
                    answer: ControlHandler(host: host, memory: retention.keys).answer)
                try await host.run(watches: watches) { await control.run() }
            }
            group.addTask { await prune() }
            group.addTask { await ScriptWatchdog(loader: host.loader, logger: logger).run() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func prune() async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: .seconds(600))
                let removed = try await host.journal.prune(retention, now: HostClock.system.now)
                if removed > 0 {
                    logger.info("Old journal rows removed", metadata: ["rows": "\(removed)"])
                    host.engine.broadcastsChanged()
                }
            } catch is CancellationError {
                return
            } catch {
                logger.error("The journal could not be pruned", metadata: ["error": "\(error)"])
            }
        }
    }
}
