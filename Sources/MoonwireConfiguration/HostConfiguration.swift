public import Moonwire

/// A host's configuration file, read and checked.
///
/// Knows the file's shape and its secrets; connects to nothing.
public struct HostConfiguration: Sendable {
    public var journal = JournalSection()
    public var channels: [ChannelSection] = []
    public var dashboards: [DashboardSection] = []
    public var scripts: [ScriptSection] = []
    /// Whether a script is loaded anew when its files change.
    public var watch = true
    /// What `bot.secret` gives, by name.
    public var secrets: [String: Secret] = [:]
    public var http = HTTPSection()
    /// `nil` for a host that nobody calls.
    public var server: ServerSection?
    public var engine = EngineSettings()
    public var log = LogSection()
    /// An IANA zone name: what `os.date` uses.
    public var timezone = "UTC"

    public init() {}

    public struct JournalSection: Sendable {
        public enum Durability: String, Sendable, CaseIterable {
            /// Survives the death of the process.
            case process
            /// Survives the loss of power: each group of writes reaches the disk.
            case power
        }

        /// An absolute path.
        public var path = "moonwire.journal"
        public var durability = Durability.process
        public var retention = RetentionPolicy()

        public init() {}
    }

    public struct ScriptSection: Sendable {
        /// An absolute path of a `.lua` file, of a folder that is one script, or of a folder whose `.lua` files are
        /// scripts.
        public var path: String
        /// What `bot.config` gives, as a JSON object.
        public var settings: RawJSON
        /// In bytes.
        public var memory: Int
        /// CPU per resume.
        public var cpu: Duration
        /// Where it stands in the configuration file.
        public var line: Int?

        public init(
            path: String, settings: RawJSON = .emptyObject, memory: Int = 64 << 20, cpu: Duration = .milliseconds(200),
            line: Int? = nil
        ) {
            self.path = path
            self.settings = settings
            self.memory = memory
            self.cpu = cpu
            self.line = line
        }
    }

    /// What scripts may call with `bot.http`.
    public struct HTTPSection: Sendable {
        /// Host names; `*.example.com` allows all below.
        public var allow: [String] = []
        /// Hosts of `allow` that may resolve to private addresses.
        public var allowPrivate: [String] = []

        public init() {}
    }

    public struct LogSection: Sendable {
        public enum Level: String, Sendable, CaseIterable { case debug, info, warning, error }
        public enum Format: String, Sendable, CaseIterable {
            /// Readable on a terminal, JSON otherwise.
            case auto
            case text
            case json
        }

        public var level = Level.info
        public var format = Format.auto

        public init() {}
    }
}
