import Moonwire

/// What a reloader knows of one script.
struct TrackedScript {
    /// Its file or folder.
    var path: String
    /// The version that was last seen on the disk, good or bad; `nil` when the files could not be read. What runs may be
    /// another: after a rollback, or while the file is broken.
    var seen: String?
    /// What new runs begin on; `nil` for a script that came with an error and never ran.
    var current: ScriptSources?
    /// What was current before in this process, the last one at the end.
    private(set) var earlier: [String] = []
    /// What was rolled back since the last new version: no step back leads there.
    private(set) var abandoned: Set<String> = []
    /// Why what is on the disk does not run.
    var problem: ScriptProblem?
    /// The rollback in force.
    var pin: VersionPin?

    /// Enough to go back step by step; the journal knows the rest.
    private static let memory = 50

    init(path: String, seen: String?, current: ScriptSources?) {
        self.path = path
        self.seen = seen
        self.current = current
    }

    /// Takes another version for the current one.
    mutating func install(_ sources: ScriptSources) {
        if let current {
            earlier.append(current.version)
            if earlier.count > Self.memory { earlier.removeFirst() }
        }
        abandoned = []
        current = sources
    }

    /// Takes an earlier version for the current one; going back twice goes two versions back.
    mutating func goBack(to sources: ScriptSources) {
        var left = abandoned
        if let current { left.insert(current.version) }
        if let position = earlier.lastIndex(of: sources.version) {
            left.formUnion(earlier[position...])
            earlier.removeSubrange(position...)
        }
        left.remove(sources.version)
        abandoned = left
        current = sources
    }
}

/// Why a script does not run as it is on the disk.
struct ScriptProblem: Codable, Sendable, Equatable {
    /// With file and line, where there is one.
    let message: String
    let at: Instant
}
