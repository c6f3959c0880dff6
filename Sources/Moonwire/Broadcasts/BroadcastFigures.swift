import EventJSON

/// Where a broadcast stands, in the words that events, metrics and commands share.
public struct BroadcastFigures: Codable, Sendable, Equatable {
    public let id: Int64
    public let name: String
    public let key: String
    public let state: String
    public let reason: String?
    public let channel: String
    public let topic: String
    /// How many recipients are in the ledger, and whether that is all of them.
    public let audience: Int64
    public let complete: Bool
    public let pending: Int64
    public let claimed: Int64
    public let sent: Int64
    public let skipped: Int64
    public let skippedBy: Skips
    public let failed: Int64
    public let unknown: Int64
    public let rejected: Int64
    public let duplicates: Int64
    /// How a file of an audience is read.
    public let encoding: String?
    public let delimiter: String?
    public let optOuts: Int64
    /// Messages sent a second: lately, where somebody watches; since it started, of one that is over.
    public let rate: Double
    /// How long it takes at this pace until everybody has had a turn, while it runs.
    public let secondsLeft: Double?

    /// Why recipients were skipped.
    public struct Skips: Codable, Sendable, Hashable {
        public var optedOut: Int64 = 0
        public var frequencyCap: Int64 = 0
        public var cancelled: Int64 = 0
        /// Such as an empty message.
        public var other: Int64 = 0

        public init() {}

        /// With the words of their own.
        public var byReason: [(reason: String, count: Int64)] {
            [("opted_out", optedOut), ("frequency_cap", frequencyCap), ("cancelled", cancelled), ("other", other)]
        }
    }

    public init(_ record: BroadcastRecord, pace: BroadcastPace, at now: Instant) {
        id = record.id.rawValue
        name = record.plan.name
        key = record.key
        state = record.state.word
        reason = record.reason
        channel = record.plan.channel.rawValue
        topic = record.plan.topic
        audience = record.counts.total
        complete = record.isAudienceComplete
        pending = record.counts.pending
        claimed = record.counts.claimed
        sent = record.counts.sent
        skipped = record.counts.skipped
        var skips = record.skips
        skips.other = max(record.counts.skipped - skips.optedOut - skips.frequencyCap - skips.cancelled, 0)
        skippedBy = skips
        failed = record.counts.failed
        unknown = record.counts.unknown
        rejected = record.rejected
        duplicates = record.duplicates
        encoding = record.mark?.encoding
        delimiter = record.mark?.delimiter
        optOuts = record.optOuts
        rate = (pace.rate(of: record, at: now) * 100).rounded() / 100
        secondsLeft = pace.secondsLeft(of: record, at: now)
    }

    /// Those who need no more work.
    public var done: Int64 { sent + skipped + failed + unknown }

    public var isOver: Bool { ["finished", "cancelled", "deleted"].contains(state) }

    /// What an event of the broadcast tells scripts.
    var details: JSON {
        var members: JSONObject = [
            "id": .int(id), "name": .string(name), "key": .string(key), "state": .string(state),
            "channel": .string(channel), "topic": .string(topic), "audience": .int(audience),
            "complete": .bool(complete), "pending": .int(pending), "claimed": .int(claimed), "sent": .int(sent),
            "skipped": .int(skipped), "failed": .int(failed), "unknown": .int(unknown), "rejected": .int(rejected),
            "duplicates": .int(duplicates), "opt_outs": .int(optOuts), "rate": .double(rate),
        ]
        var skips = JSONObject()
        for (reason, count) in skippedBy.byReason { skips[reason] = .int(count) }
        members["skipped_by"] = .object(skips)
        if let reason { members["reason"] = .string(reason) }
        if let secondsLeft { members["seconds_left"] = .double(secondsLeft) }
        return .object(members)
    }
}
