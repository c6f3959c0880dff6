/// The sources of one version of a script.
public struct ScriptSources: Sendable, Hashable {
    /// The version's content hash.
    public let version: String
    public let script: String
    /// By file name relative to the script's folder.
    public let files: [String: String]
    /// The file that is loaded first.
    public let entry: String
    /// The script's settings as a JSON object.
    public let settings: RawJSON
    /// The level of the script API that the version was loaded with, from 1; its runs stay on it.
    public let level: Int

    public init(
        version: String, script: String, files: [String: String], entry: String, settings: RawJSON = .emptyObject,
        level: Int = 1
    ) {
        self.version = version
        self.script = script
        self.files = files
        self.entry = entry
        self.settings = settings
        self.level = level
    }
}

/// What the journal knows of one version of a script.
public struct VersionReport: Sendable, Hashable {
    public let version: String
    public let script: String
    /// When new runs began to begin on it; unknown for what an older release recorded.
    public let installedAt: Instant?
    /// How many runs of it wait.
    public let waiting: Int
    /// How its waits are to be ended; `nil` unless it has been retired.
    public let retirement: Retirement?

    public init(version: String, script: String, installedAt: Instant?, waiting: Int, retirement: Retirement?) {
        self.version = version
        self.script = script
        self.installedAt = installedAt
        self.waiting = waiting
        self.retirement = retirement
    }
}

/// What becomes of the runs of a version that is taken out of service.
public enum Retirement: Sendable, Hashable {
    /// Their waits end with `nil, "retired"`, and sessions that the bot owns go to humans.
    case handsOver
    /// Their waits end with `nil, "retired"`, no more.
    case cancels
}

/// A rollback that is in force.
public struct VersionPin: Sendable, Hashable {
    /// The version on disk that was rolled back.
    public let disk: String
    /// What runs in its place.
    public let version: String

    public init(disk: String, version: String) {
        self.disk = disk
        self.version = version
    }
}
