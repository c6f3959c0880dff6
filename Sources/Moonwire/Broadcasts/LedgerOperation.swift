/// A change of the ledger, or a question to it, that commits as a whole.
///
/// The answer is JSON, so that a script's step can keep it as its outcome. What makes no sense in the broadcast's present
/// state is refused and changes nothing.
public enum LedgerOperation: Sendable {
    /// Makes a broadcast, or finds the one that has this name and key already: `{id, created, state}`.
    case create(BroadcastPlan, key: String, starts: Bool)
    /// Rows of the audience, with how many records have been read so far. What has been read before is left out. The
    /// cursor is that of the next page, of an audience that the platform lists.
    case add(BroadcastID, [AudienceEntry], rejected: [RejectedRecord], position: Int64, cursor: String? = nil)
    /// The audience is complete, or cannot be had: then the broadcast is paused, or marked while it is a draft, until
    /// somebody resumes it.
    ///
    /// - Parameter attempt: What failed; `nil` for the one under way.
    case closeAudience(BroadcastID, error: String?, attempt: Int64? = nil)
    case steer(BroadcastTarget, Steering, reason: String?)
    /// Takes recipients on, as far as opt-outs, caps and paces allow: `{claimed: [number], wait}`, wait in milliseconds.
    case claim(BroadcastID, [Claim], paces: [NamedPace])
    case settle(BroadcastID, Settlement)
    /// The rows of a broadcast that is cancelled or deleted, some at a time: `{left}`.
    case clear(BroadcastID, limit: Int)
    /// Everybody has had a turn. Counts the rows themselves, and finishes only if they add up.
    case finish(BroadcastID)
    case hold(BroadcastID)
    case nextStep(BroadcastID)
    /// Changes up to this one have been told; they need not be kept any longer.
    case told(through: Int64)
    /// Those that failed get another turn: `{changed}`.
    case retry(BroadcastTarget)
    /// A person's decision about recipients whose fate is unknown: one by its address, or all. `{changed}`.
    case resolve(BroadcastTarget, address: String?, as: Resolution)
    /// `topic` is `*` for all of them.
    case optOut(addresses: [String], topic: String)
    /// After an opt-out of all, one topic alone: the others stay closed.
    case optIn(addresses: [String], topic: String)
    /// Whether one of the addresses has opted out of the topic, or of all: a boolean.
    case isOptedOut(addresses: [String], topic: String)
    /// Whose session it is, so that the client's choices hold for a row that names the session alone.
    case know(session: SessionID, addresses: [String])
    /// The figures of the newest broadcast of that name, or of the one with a key; null when there is none.
    case status(BroadcastTarget)

    public enum Steering: String, Sendable { case start, pause, resume, cancel, delete }
    public enum Resolution: String, Sendable, CaseIterable { case sent, failed, retry }

    /// Whether the answer follows from what is there, and nothing changes.
    var isRead: Bool {
        switch self {
        case .isOptedOut, .status: true
        default: false
        }
    }

    /// Whether a broadcast may be in another state afterwards.
    var maySteer: Bool {
        switch self {
        case .create, .closeAudience, .steer, .finish, .retry, .resolve: true
        default: false
        }
    }
}

/// Which broadcast is meant.
public enum BroadcastTarget: Sendable, Hashable {
    case id(BroadcastID)
    /// Without a key the newest of that name.
    case named(String, key: String?)
}

/// A row on its way into the ledger.
public struct AudienceEntry: Sendable {
    public let address: String
    /// What else the recipient is known by.
    public let others: [String]
    public let row: RawJSON

    public init(address: String, others: [String] = [], row: RawJSON) {
        self.address = address
        self.others = others
        self.row = row
    }
}

/// What is to become of a recipient whose turn it is.
public struct Claim: Sendable {
    public enum Verdict: Sendable {
        /// With the message, as the intent.
        case send(RawJSON)
        case wait(until: Instant)
        case skip(String)
        case fail(String)
    }

    public let number: Int64
    public let addresses: [String]
    public let verdict: Verdict

    public init(number: Int64, addresses: [String], verdict: Verdict) {
        self.number = number
        self.addresses = addresses
        self.verdict = verdict
    }
}

/// A pace that several broadcasts may share.
public struct NamedPace: Sendable {
    public let name: String
    public let rate: SendRate

    public init(_ name: String, _ rate: SendRate) {
        self.name = name
        self.rate = rate
    }
}

/// How a claimed recipient's message ended.
public struct Settlement: Sendable {
    public let number: Int64
    /// The attempt that it belongs to; an older one changes nothing.
    public let attempt: Int
    /// `sent`, `failed` or `unknown`.
    public let state: RecipientState
    public let reason: String?
    public let nativeID: String?

    public init(number: Int64, attempt: Int, state: RecipientState, reason: String? = nil, nativeID: String? = nil) {
        self.number = number
        self.attempt = attempt
        self.state = state
        self.reason = reason
        self.nativeID = nativeID
    }
}

/// What goes to the ledger, as one entry of a journal's batch.
public struct LedgerEntry: Sendable {
    /// The step of a script that asks for it; `nil` when the host does.
    public let step: StepRecord?
    public let operation: LedgerOperation
    public let at: Instant

    public init(_ operation: LedgerOperation, step: StepRecord? = nil, at: Instant) {
        self.operation = operation
        self.step = step
        self.at = at
    }
}
