import Moonwire

/// How many unfinished runs there are on each version.
struct RunCounts: Sendable {
    private let waiting: [String: Int]
    private let inMemory: [String: Int]

    init(waiting: [String: Int] = [:], inMemory: [String: Int] = [:]) {
        self.waiting = waiting
        self.inMemory = inMemory
    }

    /// The journal has all runs that wait, memory those that execute and some that wait: the larger is the better
    /// count.
    subscript(version: String) -> Int {
        max(waiting[version] ?? 0, inMemory[version] ?? 0)
    }
}

extension ScriptReloader {
    /// - Parameter script: whose versions are asked for; all when `nil`.
    func runs(of script: String? = nil) async -> RunCounts {
        let inMemory = await engine.status().runs
        let reports = (try? await journal.versions(of: script)) ?? []
        return RunCounts(
            waiting: Dictionary(reports.map { ($0.version, $0.waiting) }, uniquingKeysWith: { first, _ in first }),
            inMemory: inMemory)
    }
}
