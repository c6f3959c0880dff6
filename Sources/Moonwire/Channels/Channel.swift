/// One configured connection to a platform: turns its wire into events, and effects into its API's calls.
///
/// A channel knows its platform and nothing of scripts, journals or lanes. It owns reconnects, back-fill and tokens.
public protocol Channel: Sendable {
    var descriptor: ChannelDescriptor { get }

    /// Connects and streams until cancelled. Throws only when going on is pointless (wrong token, unknown inbox);
    /// what time can heal it heals itself.
    func run(_ context: ChannelContext) async throws

    /// Performs an effect once. Never repeats by itself: repeating is the delivery policy's work.
    func perform(_ delivery: EffectDelivery) async throws(ChannelError) -> EffectReceipt

    /// Looks for an effect whose fate is in doubt.
    func reconcile(_ delivery: EffectDelivery, recorded: Set<String>) async -> Reconciliation

    /// Called once when the host is to go down in order, while everything still goes on: time for what the channel has
    /// in hand. When it returns, or takes too long, `run` is cancelled.
    func drain() async

    /// Where the platform calls the host, on its public web server.
    var routes: [any InboundRoute] { get }

    /// What the channel can tell of its platform's operators; `nil` where it has no seat among them.
    var desk: (any OperatorDesk)? { get }
}

extension Channel {
    public var routes: [any InboundRoute] { [] }
    public func drain() async {}
    public var desk: (any OperatorDesk)? { nil }
}

/// What the core knows of a channel without asking it.
public struct ChannelDescriptor: Sendable {
    public let id: ChannelID
    public let platform: Platform
    public let role: Role
    /// The methods that the channel can perform; others raise `unsupported`.
    public let capabilities: Set<String>
    /// What the platform lacks and may be left out in silence (`typing`, `mark_read`).
    public let bestEffort: Set<String>
    /// How many messages a minute what comes from this channel may make the bot write to one session of it, whatever
    /// the peer writes; `nil` for the engine's own loop guard. For a platform whose automation answers every message.
    public let answersPerMinute: Int?

    public init(
        id: ChannelID, platform: Platform, role: Role, capabilities: Set<String>, bestEffort: Set<String> = [],
        answersPerMinute: Int? = nil
    ) {
        self.id = id
        self.platform = platform
        self.role = role
        self.capabilities = capabilities
        self.bestEffort = bestEffort
        self.answersPerMinute = answersPerMinute
    }
}

/// What a running channel is given.
public struct ChannelContext: Sendable {
    /// Admits events in order, together with the cursors that they move. Returns when the journal holds them.
    public let admit: @Sendable (_ events: [Event], _ cursors: [Cursor]) async throws -> AdmissionReport
    /// Hands over typing and presence, which are not admitted.
    public let announce: @Sendable (_ events: [Event]) async -> Void
    /// All cursors of this channel.
    public let cursors: @Sendable () async throws -> [String: [UInt8]]
    public let clock: HostClock
    /// How the event with a key ends, once. To be asked for before the event is admitted; ends of an earlier process
    /// never come.
    public let ends: @Sendable (_ key: String) -> AsyncStream<EventEnd>
    /// Performs store operations, all or none, and gives their values. Returns when the journal holds them.
    public let keep: @Sendable (_ operations: [HostEffect.StoreOperation]) async throws -> [RawJSON]
    /// Keeps what could not be done, and belongs to no run, for the ops team.
    public let bury: @Sendable (_ letter: DeadLetter) -> Void

    public init(
        admit: @escaping @Sendable ([Event], [Cursor]) async throws -> AdmissionReport,
        announce: @escaping @Sendable ([Event]) async -> Void,
        cursors: @escaping @Sendable () async throws -> [String: [UInt8]],
        clock: HostClock,
        ends: @escaping @Sendable (String) -> AsyncStream<EventEnd>,
        keep: @escaping @Sendable ([HostEffect.StoreOperation]) async throws -> [RawJSON],
        bury: @escaping @Sendable (DeadLetter) -> Void
    ) {
        self.admit = admit
        self.announce = announce
        self.cursors = cursors
        self.clock = clock
        self.ends = ends
        self.keep = keep
        self.bury = bury
    }
}

/// A channel's own mark of how far it has read, opaque to everyone else.
public struct Cursor: Sendable {
    /// What it belongs to within the channel: a session id, or the channel's own word.
    public let key: String
    public let value: [UInt8]

    public init(key: String, value: [UInt8]) {
        self.key = key
        self.value = value
    }
}

/// How an admission went.
public struct AdmissionReport: Sendable {
    public let admitted: Int
    /// Repeats that were dropped.
    public let duplicates: Int

    public init(admitted: Int, duplicates: Int) {
        self.admitted = admitted
        self.duplicates = duplicates
    }
}

/// An effect on its way to a platform.
public struct EffectDelivery: Sendable {
    public let effect: ChannelEffect
    public let session: SessionID
    /// Unique per effect and the same in every attempt: an echo id or idempotency key where the platform has one.
    public let key: String
    /// When the intent was journaled.
    public let intendedAt: Instant

    public init(effect: ChannelEffect, session: SessionID, key: String, intendedAt: Instant) {
        self.effect = effect
        self.session = session
        self.key = key
        self.intendedAt = intendedAt
    }
}

/// What a platform answered to an effect.
public struct EffectReceipt: Sendable {
    /// What the script gets.
    public let value: RawJSON
    /// The platform's id of what was made, such as a message id.
    public let nativeID: String?
    /// The session after the effect, when the platform told.
    public let session: Session?

    public init(value: RawJSON = .null, nativeID: String? = nil, session: Session? = nil) {
        self.value = value
        self.nativeID = nativeID
        self.session = session
    }
}

/// What a search for an effect in doubt found.
public enum Reconciliation: Sendable {
    case performed(EffectReceipt)
    /// Nothing found, or more than one thing that could be it.
    case undecided(String)
    /// The platform could not be asked; try again later.
    case unreachable(ChannelError)
}
