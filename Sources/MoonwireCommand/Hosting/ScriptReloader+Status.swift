import Moonwire

/// One script of a running host, for people and machines.
struct ScriptStatus: Codable, Sendable, Equatable {
    struct Version: Codable, Sendable, Equatable {
        let version: String
        let isCurrent: Bool
        /// When new runs began to begin on it.
        let since: String?
        /// Runs that wait for something, those included that are in the journal only.
        let waiting: Int
        /// Unfinished runs in memory: those that wait there, and those between two steps.
        let inMemory: Int
        /// Whether it has been retired.
        let isRetired: Bool
    }

    let script: String
    /// Its file or folder; absent for a script that is no longer configured and still has runs.
    let path: String?
    let versions: [Version]
    /// Why what is on the disk does not run.
    let error: String?
    let errorAt: String?
    /// The version on the disk, when another runs because of a rollback.
    let rolledBackFrom: String?
}

extension ScriptReloader {
    /// Versions that are neither current nor waited on are history; this many of each script are shown.
    private static let historyShown = 3

    func status() async throws(HostError) -> [ScriptStatus] {
        let reports = Dictionary(grouping: try await reports(of: nil), by: \.script)
        let runs = await engine.status().runs
        let names = order + reports.keys.filter { !order.contains($0) }.sorted()
        return names.compactMap { name in
            let script = scripts[name]
            let versions = versions(of: script, reports[name] ?? [], runs)
            guard script != nil || versions.contains(where: { $0.waiting + $0.inMemory > 0 }) else { return nil }
            return ScriptStatus(
                script: name, path: script?.path, versions: versions, error: script?.problem?.message,
                errorAt: script?.problem?.at.iso8601,
                rolledBackFrom: script?.seen == script?.current?.version ? nil : script?.pin?.disk)
        }
    }

    private func versions(
        of script: TrackedScript?, _ reports: [VersionReport], _ runs: [String: Int]
    ) -> [ScriptStatus.Version] {
        let current = script?.current?.version
        var history = 0
        let shown = reports.filter { report in
            if report.version == current || report.waiting > 0 || runs[report.version] ?? 0 > 0 { return true }
            history += 1
            return script != nil && history <= Self.historyShown
        }
        return shown.map { report in
            let isCurrent = report.version == current
            return ScriptStatus.Version(
                version: report.version, isCurrent: isCurrent,
                since: report.installedAt?.iso8601, waiting: report.waiting,
                inMemory: runs[report.version] ?? 0, isRetired: report.retirement != nil)
        }
    }
}
