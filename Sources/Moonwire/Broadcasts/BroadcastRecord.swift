/// The journal's number of a broadcast: of one name and one key.
public struct BroadcastID: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    public let rawValue: Int64

    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    public var description: String { String(rawValue) }
}

/// Where a broadcast stands.
public enum BroadcastState: Int64, Sendable, Hashable, Codable, CaseIterable {
    /// Made, with its audience in the ledger or on its way there. Nothing is sent.
    case draft = 0
    case running = 1
    /// Stopped by a person or by one of its own rules; what is under way still ends.
    case paused = 2
    /// Everybody has had a turn; outcomes are still to come.
    case finishing = 3
    case finished = 4
    /// Given up; those who had no turn are skipped.
    case cancelled = 5
    /// Its rows are gone. The name and key stay, so that the same key does not begin it anew.
    case deleted = 6

    public var word: String { "\(self)" }

    /// Whether it needs no more work once its rows are in order.
    public var isOver: Bool { self == .finished || self == .cancelled || self == .deleted }
}

/// What became of one recipient.
public enum RecipientState: Int64, Sendable, Hashable, Codable, CaseIterable {
    case pending = 0
    /// The intent is written down; the message may be on its way.
    case claimed = 1
    case sent = 2
    case skipped = 3
    /// The platform refused: it certainly did not arrive.
    case failed = 4
    /// Nobody can tell. Never repeated by itself.
    case unknown = 5

    public var word: String { "\(self)" }
}

/// How many recipients are in each state.
public struct BroadcastCounts: Sendable, Hashable, Codable {
    public var pending: Int64 = 0
    public var claimed: Int64 = 0
    public var sent: Int64 = 0
    public var skipped: Int64 = 0
    public var failed: Int64 = 0
    public var unknown: Int64 = 0

    public init() {}

    public var total: Int64 { pending + claimed + sent + skipped + failed + unknown }
    /// Those whose message left, or may have.
    public var tried: Int64 { claimed + sent + failed + unknown }
    /// Those who need no more work.
    public var ended: Int64 { sent + skipped + failed + unknown }

    public subscript(state: RecipientState) -> Int64 {
        get {
            switch state {
            case .pending: pending
            case .claimed: claimed
            case .sent: sent
            case .skipped: skipped
            case .failed: failed
            case .unknown: unknown
            }
        }
        set {
            switch state {
            case .pending: pending = newValue
            case .claimed: claimed = newValue
            case .sent: sent = newValue
            case .skipped: skipped = newValue
            case .failed: failed = newValue
            case .unknown: unknown = newValue
            }
        }
    }
}

/// A broadcast as the journal holds it.
public struct BroadcastRecord: Sendable, Hashable {
    public let id: BroadcastID
    public let key: String
    public let plan: BroadcastPlan
    public let state: BroadcastState
    /// Why it is paused, or why a draft has not got its audience, for a person.
    public let reason: String?
    public let counts: BroadcastCounts
    /// Why those were skipped who were; what the other reasons took is the difference.
    public let skips: BroadcastFigures.Skips
    /// Whether the audience is in the ledger as a whole.
    public let isAudienceComplete: Bool
    /// Whether its audience could not be had; nobody is asked for it until the broadcast is resumed.
    public let isAudienceBroken: Bool
    /// How often a script has been asked for the audience in vain.
    public let asked: Int64
    /// How many records of the audience have been read.
    public let position: Int64
    /// Behind the last page that was read, of an audience that the platform lists; empty when there is none behind it.
    public let cursor: String?
    /// Records that named nobody, or could not be read.
    public let rejected: Int64
    public let duplicates: Int64
    /// Recipients who opted out after their message.
    public let optOuts: Int64
    public let rampStep: Int
    /// What the rules to stop leave out: it was known when somebody resumed the broadcast.
    public let forgiven: Forgiven
    /// Since when a ramp step that is over is watched.
    public let heldSince: Instant?
    public let createdAt: Instant
    public let startedAt: Instant?
    public let endedAt: Instant?

    public struct Forgiven: Sendable, Hashable {
        public let wrong, sent, optOuts: Int64

        public init(wrong: Int64 = 0, sent: Int64 = 0, optOuts: Int64 = 0) {
            self.wrong = wrong
            self.sent = sent
            self.optOuts = optOuts
        }
    }

    public init(
        id: BroadcastID, key: String, plan: BroadcastPlan, state: BroadcastState, reason: String?,
        counts: BroadcastCounts, skips: BroadcastFigures.Skips = BroadcastFigures.Skips(), isAudienceComplete: Bool,
        isAudienceBroken: Bool = false, asked: Int64 = 0, position: Int64, cursor: String? = nil, rejected: Int64,
        duplicates: Int64, optOuts: Int64, rampStep: Int, forgiven: Forgiven = Forgiven(),
        heldSince: Instant?, createdAt: Instant, startedAt: Instant?, endedAt: Instant?
    ) {
        self.id = id
        self.key = key
        self.plan = plan
        self.state = state
        self.reason = reason
        self.counts = counts
        self.skips = skips
        self.isAudienceComplete = isAudienceComplete
        self.isAudienceBroken = isAudienceBroken
        self.asked = asked
        self.position = position
        self.cursor = cursor
        self.rejected = rejected
        self.duplicates = duplicates
        self.optOuts = optOuts
        self.rampStep = rampStep
        self.forgiven = forgiven
        self.heldSince = heldSince
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.endedAt = endedAt
    }
}

/// One row of the ledger.
public struct Recipient: Sendable, Hashable {
    /// From 1, in the order of the audience.
    public let number: Int64
    /// The address that makes the row unique in its broadcast.
    public let address: String
    public let row: RawJSON
    public let state: RecipientState
    /// Why it was skipped, failed or is unknown.
    public let reason: String?
    /// How often it has been claimed.
    public let attempts: Int
    /// The message that was, or is to be, sent: what the intent says.
    public let intent: RawJSON?
    public let claimedAt: Instant?
    public let endedAt: Instant?
    /// The platform's id of the message or of the session that was opened.
    public let nativeID: String?
    /// The last attempt at the audience that named it.
    public let attempt: Int64

    public init(
        number: Int64, address: String, row: RawJSON, state: RecipientState, reason: String?, attempts: Int,
        intent: RawJSON?, claimedAt: Instant?, endedAt: Instant?, nativeID: String?, attempt: Int64 = 0
    ) {
        self.number = number
        self.address = address
        self.row = row
        self.state = state
        self.reason = reason
        self.attempts = attempts
        self.intent = intent
        self.claimedAt = claimedAt
        self.endedAt = endedAt
        self.nativeID = nativeID
        self.attempt = attempt
    }
}

/// A record of the audience that is nobody's row.
public struct RejectedRecord: Sendable, Hashable, Codable {
    /// The line of the file, or the number of the row.
    public let line: Int64
    public let reason: String

    public init(line: Int64, reason: String) {
        self.line = line
        self.reason = reason
    }
}
