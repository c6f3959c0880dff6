public import Logging
public import Moonwire
import Synchronization

/// A seat on TWIN24 that comes back some time after somebody else has signed in as its operator.
///
/// Two hosts with one account would throw each other out for ever, so this is for those who know that the other one is
/// a person who leaves again.
public final class TwinReturningChannel: Channel {
    public let descriptor: ChannelDescriptor
    private let wait: Duration
    private let make: @Sendable () -> TwinChannel
    private let current: Mutex<TwinChannel>
    private let logger: Logger

    /// - Parameter make: Makes the channel, anew for each time.
    public init(after wait: Duration, logger: Logger, make: @escaping @Sendable () -> TwinChannel) {
        let first = make()
        descriptor = first.descriptor
        self.wait = wait
        self.make = make
        current = Mutex(first)
        var logger = logger
        logger[metadataKey: "channel"] = "\(first.descriptor.id)"
        self.logger = logger
    }

    private var channel: TwinChannel { current.withLock { $0 } }

    public func run(_ context: ChannelContext) async throws {
        while true {
            do {
                return try await channel.run(context)
            } catch let ended as TwinSeatEnded where ended.end == .displaced {
                logger.error(
                    "Somebody else is this operator now; the seat is taken again later", metadata: ["wait": "\(wait)"])
                try await Task.sleep(for: wait)
                current.withLock { $0 = make() }
            }
        }
    }

    public func perform(_ delivery: EffectDelivery) async throws(ChannelError) -> EffectReceipt {
        try await channel.perform(delivery)
    }

    public func reconcile(_ delivery: EffectDelivery, recorded: Set<String>) async -> Reconciliation {
        await channel.reconcile(delivery, recorded: recorded)
    }

    public func drain() async { await channel.drain() }
}
