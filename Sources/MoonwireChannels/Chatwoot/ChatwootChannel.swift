public import ActionCable
public import ChatwootAPI
import EventJSON
public import Logging
public import Moonwire

/// A channel of the Chatwoot family: Chatwoot itself, Bevatel, Hoory.
///
/// Knows the stream's life: connect, read, back-fill after each gap, keep presence, look for what the stream may have
/// swallowed. What differs between the contact's and the operator's side is its seat's work. It knows nothing of
/// scripts or journals; what it reads it hands to its context, in order.
public final class ChatwootChannel: Channel {
    public let descriptor: ChannelDescriptor
    let seat: any ChatwootSeat
    let settings: ChatwootChannelSettings
    let logger: Logger

    init(
        descriptor: ChannelDescriptor, seat: any ChatwootSeat, settings: ChatwootChannelSettings, logger: Logger
    ) {
        self.descriptor = descriptor
        self.seat = seat
        self.settings = settings
        var logger = logger
        logger[metadataKey: "channel"] = "\(descriptor.id)"
        self.logger = logger
    }

    /// What a channel of the family can do, without making one.
    public static func descriptor(id: ChannelID, platform: Platform, role: Role) -> ChannelDescriptor {
        ChannelDescriptor(
            id: id, platform: platform, role: role,
            capabilities: role == .client ? ChatwootClientSeat.capabilities : ChatwootOperatorSeat.capabilities)
    }

    /// The customer's side of an API inbox.
    public static func client(
        id: ChannelID, platform: Platform, api: ChatwootClientAPI, contact: ChatwootContactSeat,
        settings: ChatwootChannelSettings, logger: Logger
    ) -> ChatwootChannel {
        let seat = ChatwootClientSeat(id: id, platform: platform, api: api, contact: contact)
        return ChatwootChannel(
            descriptor: descriptor(id: id, platform: platform, role: .client), seat: seat, settings: settings,
            logger: logger)
    }

    /// An agent's seat in one account.
    ///
    /// - Parameter inboxes: Ids or names of the inboxes to work in; all that the seat sees when empty.
    public static func `operator`(
        id: ChannelID, platform: Platform, api: ChatwootOperatorAPI, inboxes: [String],
        settings: ChatwootChannelSettings, logger: Logger
    ) -> ChatwootChannel {
        let seat = ChatwootOperatorSeat(id: id, platform: platform, api: api, inboxes: inboxes)
        return ChatwootChannel(
            descriptor: descriptor(id: id, platform: platform, role: .operator), seat: seat, settings: settings,
            logger: logger)
    }

    public var desk: (any OperatorDesk)? { seat as? ChatwootOperatorSeat }

    public func run(_ context: ChannelContext) async throws {
        let identifier = try await patiently { try await self.seat.open() }
        let client = CableClient(configuration: settings.cable, logger: logger)
        let subscription = try client.subscribe(identifier.exposed)
        let stream = ChatwootStream(channel: self, context: context, subscription: subscription)
        try await stream.restoreCursor()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await client.run() }
            group.addTask { try await stream.read() }
            group.addTask { [settings] in
                while !Task.isCancelled {
                    try await Task.sleep(for: settings.presence)
                    subscription.perform(ChatwootIdentifier.updatePresence)
                }
            }
            group.addTask { [settings] in
                while !Task.isCancelled {
                    try await Task.sleep(for: settings.poll)
                    try await stream.poll()
                }
            }
            defer { group.cancelAll() }
            // The first to end is the reader or the client: by an error, or because the stream is over for good.
            try await group.next()
        }
        try Task.checkCancellation()
        throw ChatwootStreamEnded(channel: descriptor.id)
    }

    public func perform(_ delivery: EffectDelivery) async throws(ChannelError) -> EffectReceipt {
        do {
            return try await seat.perform(delivery)
        } catch {
            throw ChannelError(error)
        }
    }

    public func reconcile(_ delivery: EffectDelivery, recorded: Set<String>) async -> Reconciliation {
        do {
            return try await seat.reconcile(delivery, recorded: recorded)
        } catch {
            return .unreachable(ChannelError(error))
        }
    }

    /// Repeats what time can heal, for ever; throws what it cannot.
    func patiently<Value>(_ call: () async throws -> Value) async throws -> Value {
        let backOff = BackOff(first: .milliseconds(500), limit: .seconds(30))
        var attempt = 0
        while true {
            do {
                return try await call()
            } catch let error as ChatwootError where error.retryable {
                attempt += 1
                logger.warning("The platform does not answer; trying again", metadata: ["error": "\(error)"])
                let wait = backOff.wait(after: attempt, random: Double.random(in: 0..<1))
                try await Task.sleep(for: max(wait, error.retryAfter ?? .zero))
            }
        }
    }
}

/// What both roles of a Chatwoot-family channel can be tuned in.
public struct ChatwootChannelSettings: Sendable {
    public var cable: CableConfiguration
    /// How often the platform is told that the seat is there.
    public var presence: Duration
    /// How often messages are looked for besides the stream: pings prove the web process, not the workers behind it.
    public var poll: Duration
    /// Whether a first start handles what is unread, instead of beginning at now.
    public var startsWithUnread: Bool

    public init(
        cable: CableConfiguration, presence: Duration = .seconds(20), poll: Duration = .seconds(90),
        startsWithUnread: Bool = false
    ) {
        self.cable = cable
        self.presence = presence
        self.poll = poll
        self.startsWithUnread = startsWithUnread
    }
}
