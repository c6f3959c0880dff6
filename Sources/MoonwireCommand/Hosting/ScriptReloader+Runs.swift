import Moonwire

extension ScriptReloader {
    /// How many unfinished runs there are on each of these versions.
    ///
    /// The journal has all runs that wait; memory has those that execute and some that wait. The larger is the better
    /// count.
    func runs(on versions: [String]) async -> [String: Int] {
        var counts = await engine.status().runs.filter { versions.contains($0.key) }
        for version in versions {
            let waiting = (try? await journal.waitingSessions(version: version).count) ?? 0
            counts[version] = max(counts[version] ?? 0, waiting)
        }
        return counts
    }
}
