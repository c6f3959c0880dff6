import Synchronization

/// Notices states that do not come out of Lua. Runs on its own task, away from the threads it watches.
///
/// A script that loops in Lua is ended by its own CPU budget, so what stays in Lua far longer is stuck inside a
/// library function written in C, or in a host function that blocks. Nothing can end that but the process: the
/// watchdog reports it, once for each entry.
public final class LuaWatchdog: Sendable {
    /// A state that has been in Lua for longer than the limit.
    public struct Finding: Sendable {
        public let activity: LuaActivity
        public let timeInLua: Duration
    }

    private struct Watched {
        weak var activity: LuaActivity?
        var reportedEntry: UInt64?
    }

    private let watched = Mutex<[Watched]>([])
    private let limit: Duration
    private let interval: Duration
    private let report: @Sendable (Finding) -> Void

    /// - Parameters:
    ///   - limit: how long an entry may take; well above the CPU budget.
    ///   - interval: time between two looks.
    ///   - report: called for each stuck entry, on the task of `run`.
    public init(limit: Duration, interval: Duration, report: @escaping @Sendable (Finding) -> Void) {
        self.limit = limit
        self.interval = interval
        self.report = report
    }

    /// Adds a state. It is forgotten when the state is gone.
    public func watch(_ activity: LuaActivity) {
        watched.withLock { $0.append(Watched(activity: activity)) }
    }

    /// Looks once; `run` does this forever. An interrupt is asked for too, in case the script comes back to Lua.
    public func check() {
        let findings = watched.withLock { watched in
            watched.removeAll { $0.activity == nil }
            var findings: [Finding] = []
            for index in watched.indices {
                guard let activity = watched[index].activity else { continue }
                let entry = activity.entries
                guard let time = activity.timeInLua, time >= limit, watched[index].reportedEntry != entry else {
                    continue
                }
                watched[index].reportedEntry = entry
                findings.append(Finding(activity: activity, timeInLua: time))
            }
            return findings
        }
        for finding in findings {
            finding.activity.interrupt()
            report(finding)
        }
    }

    /// Looks again and again until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            check()
            try? await Task.sleep(for: interval)
        }
    }
}
