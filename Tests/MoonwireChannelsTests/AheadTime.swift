import Moonwire
import Synchronization

/// The system's time, as far ahead as a test says: what takes minutes happens when the test wants it, and never before.
final class AheadTime: Sendable {
    private let ahead = Mutex(Duration.zero)

    var timing: DeliveryTiming {
        DeliveryTiming(
            clock: HostClock { HostClock.system.now + self.ahead.withLock { $0 } }, sleep: DeliveryTiming.system.sleep,
            random: DeliveryTiming.system.random)
    }

    func pass(_ time: Duration) { ahead.withLock { $0 += time } }
}
