/// What a broadcast is to do, as it stood when it was made: later edits of the script do not change it.
public struct BroadcastPlan: Sendable, Hashable, Codable {
    /// Unique over all scripts of a host.
    public var name: String
    /// The script that registered it, and the version whose functions it uses.
    public var script: String
    public var version: String
    /// `file:line` of the registration.
    public var location: String
    public var channel: ChannelID
    /// Where conversations are opened: an inbox of Chatwoot, a chat of TWIN24. `nil` where there is only one.
    public var inbox: String?
    /// What clients opt out of, and what a frequency cap counts over.
    public var topic: String
    public var throttle: SendRate?
    /// How many messages of the topic one client may get.
    public var perClient: SendRate?
    public var quiet: QuietHours?
    public var stop: StopRules
    /// How many recipients each step takes; the rest follows behind the last one.
    public var ramp: [Int]
    /// How long a step is watched before the next one begins, in milliseconds.
    public var rampWait: Int64
    public var audience: Audience
    public var message: Message
    /// Whose hours count for a recipient without a zone.
    public var zone: String

    public enum Audience: Sendable, Hashable, Codable {
        /// An absolute path.
        case csv(path: String, options: CSVOptions)
        /// The channel's clients, all of them or those that a query finds.
        case clients(labels: [String], text: String?)
        /// Rows come from the script, in a run of its own.
        case script
    }

    public enum Message: Sendable, Hashable, Codable {
        case template(String)
        /// The script's function writes each message.
        case script
    }

    /// When a broadcast pauses by itself. Shares, from 0 to 1.
    public struct StopRules: Sendable, Hashable, Codable {
        /// Of failed and unknown ones among those tried.
        public var errors: Double?
        /// Of recipients who opted out among those reached.
        public var optOuts: Double?

        public init(errors: Double? = nil, optOuts: Double? = nil) {
            self.errors = errors
            self.optOuts = optOuts
        }
    }

    public init(
        name: String, script: String, version: String, channel: ChannelID, topic: String, audience: Audience,
        message: Message, zone: String = "UTC", location: String = ""
    ) {
        self.name = name
        self.script = script
        self.version = version
        self.location = location
        self.channel = channel
        self.topic = topic
        self.audience = audience
        self.message = message
        self.zone = zone
        stop = StopRules()
        ramp = []
        rampWait = 300_000
    }

    /// How many may be tried before the end of a ramp step; `nil` behind the last one.
    func rampLimit(step: Int) -> Int64? {
        guard step < ramp.count else { return nil }
        return ramp[...step].reduce(0) { $0 + Int64($1) }
    }
}

extension BroadcastPlan {
    var isFile: Bool {
        if case .csv = audience { true } else { false }
    }

    var callingCode: CallingCode? {
        if case .csv(_, let options) = audience { options.callingCode } else { nil }
    }
}
