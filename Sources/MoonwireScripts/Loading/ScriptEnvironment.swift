public import CoreMetrics
public import Logging
public import Moonwire

/// What the host lends to its scripts.
public struct ScriptEnvironment: Sendable {
    /// The configured channels: what `session:can` answers and what raises `unsupported`.
    public var channels: [ChannelID: ChannelDescriptor]
    /// Reads a secret of the configuration by name. Only its value reaches effects; scripts and journals see the name.
    public var secrets: @Sendable (String) -> String?
    /// The folder of each script by name, below which `session:attach{ file = … }` finds its files.
    public var folders: [String: String]
    /// A folder below which scripts may name files by absolute paths.
    public var attachments: String?
    /// The zone of `os.date`, an IANA name.
    public var timeZone: String
    /// The limits of scripts, by name; others get the default.
    public var limits: [String: ScriptLimits]
    public var defaultLimits: ScriptLimits
    /// Where `print` and `bot.log` go.
    public var logger: Logger
    /// Where `bot.metric` goes.
    public var metrics: any MetricsFactory

    public init(
        channels: [ChannelDescriptor] = [], secrets: @escaping @Sendable (String) -> String? = { _ in nil },
        folders: [String: String] = [:], attachments: String? = nil, timeZone: String = "UTC",
        limits: [String: ScriptLimits] = [:], defaultLimits: ScriptLimits = ScriptLimits(),
        logger: Logger = Logger(label: "moonwire.scripts"),
        metrics: any MetricsFactory = NOOPMetricsHandler.instance
    ) {
        self.channels = Dictionary(channels.map { ($0.id, $0) }) { first, _ in first }
        self.secrets = secrets
        self.folders = folders
        self.attachments = attachments
        self.timeZone = timeZone
        self.limits = limits
        self.defaultLimits = defaultLimits
        self.logger = logger
        self.metrics = metrics
    }
}
